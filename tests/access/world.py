"""Two cohorts with people in every role, and what belongs to whom."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.test import Client

from accounts.models import User
from core import audit
from core.audit.models import AuditEvent
from core.links import actions as links
from outbox import mailbox
from outbox.models import OutgoingMail, Sweep
from tests import factories
from tests.factories import NOW

ROLES = (
    "anonymous",
    "applicant",
    "mentee",
    "mentor",
    "factorless",
    "coordinator",
    "stranger",
    "admin",
)
LATER = NOW + timedelta(days=60)
# who is in the tandem, who has a proposal, who applies: by cohort, for looking who is named where
PEOPLE = {
    "2026/27": ("Leyla Arslan", "Nils Ebersbach", "Ida Sommerfeld"),
    "2027/28": ("Tarek Haddad", "Mila Novak", "Jonte Petersen"),
}
MAIL = "20260915-100000-6f9619ff-8b86-4011-b42d-00cf4fc964ff"


@dataclass
class World:
    """``people`` by role (no anonymous); ``own`` and ``foreign``: an object of each model by its label,
    in the first and the second cohort; what belongs to no cohort is the same in both. ``token``: an open
    personal link; ``mail``: the key of a mail in the embedded mailbox."""

    people: dict[str, User] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    foreign: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    mail: str = ""


def build() -> World:
    """Makes the world: everything of the first cohort is the people's own, the second is foreign."""
    world = World()
    first, second = factories.cohort("2026/27"), factories.cohort("2027/28")
    world.people = {
        "coordinator": factories.coordinator(first),
        "stranger": factories.coordinator(second, "Jonas Thiel"),
        "factorless": factories.coordinator(first, "Mira Falk"),
        "admin": factories.person("Technik", is_staff=True, is_superuser=True),
    }
    world.people["factorless"].set_password("drei Takte Pause bitte")
    world.people["factorless"].save()
    shared = _shared()
    for objects, cohort in ((world.own, first), (world.foreign, second)):
        objects.update(shared)
        _fill(objects, cohort)
    world.people["applicant"] = world.own["mentees.Application"].applicant
    world.people["mentee"] = world.own["mentees.Mentee"].user
    world.people["mentor"] = world.own["mentors.Mentor"].user
    staff = world.people["coordinator"]
    world.token = links.token_of(
        links.issue("staff-invitation", staff, staff, now=NOW, expires_at=LATER)
    )
    _sweep()
    world.mail = _mail()
    return world


def _fill(objects: dict[str, Any], cohort: Any) -> None:
    """One of everything that belongs to a cohort: a draft tandem to answer, a confirmed one that meets."""
    from matching.models import MatchingRun, PairRule
    from meetings.models import Meeting
    from workshops.models import Registration

    in_tandem, proposed, applies = (factories.person(name) for name in PEOPLE[cohort.name])
    application = factories.application("submitted", cohort, applicant=applies)
    tandem = factories.tandem(
        "confirmed",
        mentee=factories.mentee(of=cohort, applicant=in_tandem),
        answered_at=NOW,
        confirmed_at=NOW,
    )
    undecided = factories.tandem("draft", mentee=factories.mentee(of=cohort, applicant=proposed))
    meeting = factories.at(
        Meeting(
            tandem=tandem,
            number=1,
            starts_at=LATER,
            ends_at=LATER + timedelta(hours=1),
            place="Foyer",
            created_at=NOW,
            changed_at=NOW,
        ),
        "scheduled",
    )
    workshop = factories.workshop("published", cohort, starts_at=LATER, published_at=NOW)
    registration = factories.at(
        Registration(workshop=workshop, person=tandem.mentee.user, joined_at=NOW, place_in_line=1),
        "confirmed",
    )
    workshop.taken = workshop.line_length = 1
    workshop.save()
    run = MatchingRun.objects.create(cohort=cohort, number=1, fingerprint="-", created_at=NOW)
    rule = PairRule.objects.create(
        cohort=cohort,
        mentee=undecided.mentee,
        mentor=tandem.mentor,
        kind="forbid",
        made_at=NOW,
    )
    for one in (
        cohort, application, tandem, tandem.mentee, tandem.mentor, meeting, workshop, registration,
        tandem.mentee.user, run, rule,
    ):  # fmt: skip
        objects[one._meta.label] = one
    objects["undecided"] = undecided
    objects["outbox.OutgoingMail"] = OutgoingMail.objects.create(
        dedupe_key=f"{cohort.pk}",
        kind="dates-offered",
        recipient=tandem.mentee.user,
        object_type=meeting._meta.label,
        object_id=meeting.pk,
        cohort_id=cohort.pk,
        facts={},
        created_at=NOW,
        due_at=NOW,
        status="failed",
    )
    objects[AuditEvent._meta.label] = audit.record(
        tandem, "confirm", by=audit.Actor.system(), now=NOW, cohort_id=cohort.pk
    )


def _shared() -> dict[str, Any]:
    """What belongs to no cohort: the organisation, the words."""
    from programme.models import Instrument, PageText

    made = [
        factories.organisation(),
        factories.subject(),
        factories.subject().group,
        factories.degree(),
        factories.topic("auditions"),
        factories.career_field("orchestra"),
        factories.language("german"),
        factories.word(Instrument, "horn"),
        factories.notice(),
        PageText.objects.create(
            page="contact",
            title_de="Kontakt",
            title_en="Contact",
            body_de="Schreiben Sie uns.",
            body_en="Write to us.",
            changed_at=NOW,
        ),
    ]
    factories.notice("mentor")
    return {one._meta.label: one for one in made}


def _sweep() -> None:
    """The worker has just looked, so that the site is ready."""
    Sweep.objects.create(started_at=NOW, completed_at=NOW)


def _mail() -> str:
    """A mail in the folder of the embedded default."""
    folder = mailbox.folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{MAIL}.eml").write_bytes(
        b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Platz\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain\r\n\r\nGuten Tag\r\n"
        b"--x\r\nContent-Type: text/html\r\n\r\n<html><head></head>Guten Tag</html>\r\n"
        b"--x\r\nContent-Type: text/calendar\r\nContent-Disposition: attachment; filename=t.ics\r\n"
        b"\r\nBEGIN:VCALENDAR\r\n--x--\r\n"
    )
    return MAIL


def enter(client: Client, world: World, role: str) -> Client:
    """``client`` signed in as ``role``: participants by code, staff by password and second factor, who is
    factorless by the password alone."""
    if role == "anonymous":
        return client
    user = world.people[role]
    client.force_login(user)
    methods = [{"method": "code", "at": time.time(), "email": user.email}]
    if user.is_staff:
        methods = [{"method": "password", "at": time.time(), "email": user.email}]
    if user.is_staff and role != "factorless":
        Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "unused"}}
        )
        RecoveryCodes.activate(user)
        methods.append({"method": "mfa", "at": time.time(), "type": "totp"})
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = methods
    session.save()
    return client


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but the sessions, to see whether anything was written."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.label != "sessions.Session"
    }


def changed(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The tables that differ with their new rows, as a text; empty when nothing was written."""
    return "\n".join(
        f"{label}: {json.dumps(row, default=str)[:400]}"
        for label in before
        if before[label] != after[label]
        for row in [*after[label], {"rows": len(after[label])}]
        if row not in before[label]
    )
