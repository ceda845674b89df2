"""What several tests of applications need."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import Client

from core.links.actions import url_of
from core.links.models import ActionLink
from mentees.application_data import ApplicationData
from mentees.models import Application
from outbox.models import OutgoingMail
from tests import factories


def vocabulary() -> None:
    """A programme with something to choose from."""
    factories.cohort()
    factories.subject()
    factories.degree()
    factories.career_field("orchestra")
    factories.topic("auditions")
    factories.topic("fees")
    factories.language("german")
    factories.notice()


def application_data(email: str = "leyla@example.org", **changes: Any) -> ApplicationData:
    """Complete answers."""
    given: dict[str, Any] = {
        "email": email,
        "name": "Leyla Arslan",
        "subject": factories.subject(),
        "degree": factories.degree(),
        "semester": 1,
        "semesters_left": 3,
        "german": "native",
        "motivation": "Ich möchte ins Orchester.",
        "goals": "Mein erstes Probespiel bestehen.",
        "expectations": "Ehrliche Rückmeldungen.",
        "notice": factories.notice(),
    }
    return ApplicationData(**{**given, **changes})


def posted(email: str = "leyla@example.org", **changes: Any) -> dict[str, Any]:
    """The fields of a form that was filled in completely."""
    cohort, notice = factories.cohort(), factories.notice()
    given: dict[str, Any] = {
        "form_id": str(uuid.uuid4()),
        "cohort": str(cohort.pk),
        "notice": str(notice.pk),
        "subject": str(factories.subject().pk),
        "degree": str(factories.degree().pk),
        "semester": "1",
        "semesters_left": "3",
        "german": "native",
        "name": "Leyla Arslan",
        "email": email,
        "salutation": "Frau Arslan",
        "career_fields": [str(factories.career_field("orchestra").pk)],
        "topic_1": str(factories.topic("auditions").pk),
        "motivation": "Ich möchte ins Orchester.",
        "goals": "Mein erstes Probespiel bestehen.",
        "expectations": "Ehrliche Rückmeldungen.",
        "wish_1": "Henrike Osterloh",
        "agree": "on",
    }
    return {**given, **changes}


def link_of(application: Application) -> ActionLink:
    """The live link that confirms the address."""
    return ActionLink.objects.about("confirm-application", application).live().get()


def path_of(link: ActionLink) -> str:
    """The path of a link's page."""
    return "/" + url_of(link).split("/", 3)[3]


def kinds(**filters: Any) -> list[str]:
    """The kinds of all mails that were queued, sorted."""
    return sorted(OutgoingMail.objects.filter(**filters).values_list("kind", flat=True))


def answer(client: Client, application: Application, choice: str) -> Any:
    """Posts an answer by the link."""
    return client.post(path_of(link_of(application)), {"answer": choice})
