"""One entry describes a question: everything else follows from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.audit.models import AuditEvent
from core.forms import LineField
from core.privacy import DataClass, FieldPolicy
from matching.links import about
from mentees import actions, questions
from mentees.application_data import ApplicationData
from mentees.models import Application
from mentees.questions import Question
from mentees.questions.shown import Shown
from tests import factories
from tests.conftest import NOW
from tests.mentees.helpers import application_data, posted, vocabulary
from tests.opened import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
# A column of the application that no question fills and no page shows in the states below.
INSTRUMENT = Question(
    name="talk_place",
    field=LineField(label="Which instrument do you play?", max_length=200),
    policy=FieldPolicy(DataClass.PART, "a question of this test"),
    shown=Shown(heading="Instrument", text=lambda one: one.talk_place),
    for_mentor=Shown(heading="Plays", text=lambda one: one.talk_place),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Question:
    """The question, asked in the second step: one entry, and nothing else."""
    first, person, *others = questions.STEPS
    more = replace(person, questions=(*person.questions, INSTRUMENT))
    monkeypatch.setattr(questions, "STEPS", (first, more, *others))
    vocabulary()
    return INSTRUMENT


def test_a_question_is_asked_in_its_step_stored_shown_and_revised_by_its_entry_alone(
    client: Client, staff_client: Any, asked: Question
) -> None:
    page = client.get("/apply/").content.decode()
    step = page.split('id="person"')[1].split("</section>")[0]
    assert "Which instrument do you play?" in step
    refused = client.post("/apply/", posted())
    assert 'id="id_talk_place_error"' in refused.content.decode()
    assert client.post("/apply/", posted(talk_place="Theorbe")).status_code == 302
    application = Application.objects.get()
    assert application.talk_place == "Theorbe"

    actions.confirm(application, by=factories.SYSTEM, now=NOW)
    client.force_login(application.applicant)
    revise = reverse("revise_application", args=[application.pk])
    assert 'value="Theorbe"' in client.get(revise).content.decode()
    given = posted(talk_place="Gambe")
    for name in ("form_id", "cohort", "notice", "email", "agree"):
        del given[name]
    assert client.post(revise, opened(client, revise) | given).status_code == 302
    application.refresh_from_db()
    assert application.talk_place == "Gambe"
    assert "talk_place" in AuditEvent.objects.get(verb="revise").fields

    mine = client.get(reverse("my_application_detail", args=[application.pk]))
    desk = staff_client(factories.coordinator())
    read = desk.get(reverse("admin:mentees_application_change", args=[application.pk]))
    for page in (mine, read):
        assert "<dt>Instrument</dt><dd>Gambe</dd>" in page.content.decode()


def test_a_mentor_reads_it_where_the_entry_says_so(asked: Question) -> None:
    tandem = factories.tandem("mentor_asked")
    Application.objects.update(talk_place="Theorbe")
    rows = {row.heading: row.lines[0].text for row in about(tandem, NOW)["rows"]}
    assert rows["Plays"] == "Theorbe"
    assert "Instrument" not in rows


def test_its_policy_is_in_the_register_of_personal_data(asked: Question) -> None:
    assert questions.policies("mentees.Application")["talk_place"] is INSTRUMENT.policy


def test_without_the_entry_nobody_asks_for_it(client: Client) -> None:
    vocabulary()
    assert "talk_place" not in client.get("/apply/").content.decode()
    assert client.post("/apply/", posted(talk_place="Theorbe")).status_code == 302
    assert Application.objects.get().talk_place == ""


def test_data_names_every_question_that_needs_an_answer_and_no_other() -> None:
    data = application_data()
    assert (data["situation"], data["meetings_a_month"], data["wishes"]) == ("", None, ())
    with pytest.raises(TypeError, match="motivation"):
        ApplicationData(**{name: one for name, one in data.items() if name != "motivation"})
    with pytest.raises(TypeError, match="birthday"):
        ApplicationData(**data, birthday="1999-01-01")


def test_no_mentor_reads_what_is_sensitive() -> None:
    for one in questions.every():
        sensitive = one.policy is not None and one.policy.data_class is DataClass.SENSITIVE
        assert not (sensitive and one.for_mentor), one.name
