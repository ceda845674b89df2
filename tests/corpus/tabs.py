"""Every form that changes a stored row, by the page it stands on, and a tab in which it was opened."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.forms.edits import MARK
from programme.models import ConsentNotice, Instrument, PageText
from tests import factories as make
from tests.corpus.pages import Control, Form, Page
from tests.factories import NOW
from tests.meetings.helpers import THREE, pair, scheduled
from tests.mentees.helpers import vocabulary
from tests.workshops.helpers import add_session, join, mentee, workshop
from workshops.actions import record_sheet

DAY = timedelta(days=1)
WORDS = ("orchestra", "chamber", "teaching", "radio", "stage", "studio", "church", "opera")


# ── the pages ────────────────────────────────────────────────────────────────
@dataclass
class Place:
    """A form: who opens it, on which page, where it is sent, what is sent beside it each time, and which
    of its controls are changed here."""

    path: str
    person: User | None = None  # None for the desk
    target: str = ""
    beside: dict[str, str] = field(default_factory=dict)
    only: str = "."
    at: datetime = NOW


def _words() -> None:
    vocabulary()
    for code in WORDS:
        make.topic(code)
        make.career_field(code)
        make.language(code)
        make.word(Instrument, code)


def _application(state: str = "submitted", **values: Any) -> Any:
    _words()
    found = make.application(state, confirmed_at=NOW, decide_by=NOW + 20 * DAY, **values)
    for number, code in enumerate(WORDS[:3], 1):
        found.topics.create(topic=make.topic(code), priority=number)
        found.wishes.create(name=f"Henrike {code}", rank=number)
    found.career_fields.add(make.career_field("orchestra"))
    found.languages.add(make.language("german"))
    return found


def _mentor(state: str = "contacted") -> Any:
    """With an address that nobody has confirmed yet: the desk may still correct it."""
    _words()
    found = make.mentor(
        state, capacity=2, meetings_a_month=2, confirmed_at=None, email="h@example.org"
    )
    found.topics.add(make.topic("fees"), make.topic("stage"))
    return found


def _with_sessions() -> Any:
    found = workshop(registration_closes_at=NOW + 5 * DAY)
    add_session(found, days=1)
    return found


def _with_piece() -> Any:
    found = make.organisation()
    found.piece = {"title": "Kanon", "bars": 1, "voices": [[[0, 4, 60]], []]}
    found.save()
    return found


OBJECTS: dict[str, Callable[[], Any]] = {
    "accounts.User": lambda: make.mentee().user,
    "mentees.Application": _application,
    "mentors.Mentor": _mentor,
    "programme.Instrument": lambda: make.word(Instrument, "violin"),
    "programme.CareerField": lambda: make.career_field("orchestra"),
    "programme.Cohort": make.cohort,
    "programme.ConsentNotice": lambda: ConsentNotice.objects.create(
        purpose="mentor", version="2027-1", valid_from=NOW + 30 * DAY, text_de="Ja.", text_en="Yes."
    ),
    "programme.Degree": make.degree,
    "programme.Organisation": _with_piece,
    "programme.PageText": lambda: PageText.objects.create(
        page="imprint", title_de="A", title_en="B", body_de="C", body_en="D", changed_at=NOW
    ),
    "programme.StudySubject": make.subject,
    "programme.SubjectGroup": lambda: make.subject().group,
    "programme.Topic": lambda: make.topic("fees"),
    "programme.WorkingLanguage": lambda: make.language("german"),
    "workshops.Workshop": _with_sessions,
}


def _change_page(obj: Any) -> Place:
    name = f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change"
    return Place(reverse(name, args=[obj.pk]), only="^(?!criterion-)")


def _criteria() -> Place:
    return Place(_change_page(_mentor("under_review")).path, only="^criterion-")


def _attendance() -> Place:
    where = workshop(starts_at=NOW - DAY)
    for name in ("Leyla Arslan", "Hana Sato", "Emil Hartmann"):
        join(where, mentee(name), NOW - 9 * DAY)
    session = where.sessions.get()
    lines = {one.pk: ("present", None) for one in where.registrations.all()}
    record_sheet(session, by=make.SYSTEM, now=NOW, lines=lines)
    path = reverse("admin:workshops_attendance", args=[where.pk, session.pk])
    return Place(path, only="-presence$")  # minutes count for who was present alone


def _talk() -> Place:
    found = _application("invited", talk_at=NOW + 5 * DAY, talk_place="Raum 214")
    return Place(reverse("admin:mentees_application_verb", args=[found.pk, "move_talk"]))


def _revision() -> Place:
    found = _application()
    return Place(reverse("revise_application", args=[found.pk]), found.applicant)


def _meeting(name: str, **rest: Any) -> Place:
    two = pair()
    found = scheduled(two)
    return Place(reverse(f"meetings:{name}", args=[found.pk]), two.mentee, **rest)


ROW = {"day_1": "2026-10-21", "time_1": "18:30", "place_1": "online", "length": "60"}
PLACES: dict[str, Callable[[], Place]] = {
    **{label: lambda one=one: _change_page(one()) for label, one in OBJECTS.items()},
    "CriterionForm": _criteria,
    "AttendanceForm": _attendance,
    "MoveTalkForm": _talk,
    "RevisionForm": _revision,
    "AgendaForm": lambda: _meeting("agenda"),
    "OfferAgainForm": lambda: _meeting("offer", beside=ROW, only="agenda"),
    "ReportForm": lambda: _meeting("report", at=THREE[0].ends_at + DAY),
    "MoveForm": lambda: _meeting("move", beside={"agreed": "on"}, only="^(?!agreed)"),
}


# ── the two tabs ─────────────────────────────────────────────────────────────
@dataclass
class Tab:
    """A page that was opened: its form as it stands there."""

    client: Client
    place: Place
    form: Form

    def names(self) -> list[str]:
        """The controls one can write into, of rows that are stored."""
        controls = self.form.controls
        found = []
        for name, one in controls.items():
            mark = "-".join(["initial", *name.split("-")[:-1], MARK])
            visible = one.kind != "hidden" and not name.endswith("-DELETE")
            day = name.endswith("_0") and f"{name[:-1]}1" in controls
            if visible and mark in controls and not day and re.search(self.place.only, name):
                found.append(name)
        return found

    def send(self, changes: dict[str, list[str]]) -> Any:
        """What the browser sends of this page with these changes."""
        sent = {**self.form.data(), **changes, **self.place.beside}
        return self.client.post(self.place.target or self.place.path, sent)

    def other(self, name: str, step: int) -> list[str] | None:
        """Another valid entry of the control, a different one for each step; None where there is none."""
        control, place = self.form.controls[name], self.names().index(name)
        before = control.sends[0] if control.sends else ""
        if control.kind == "date":
            return [(date.fromisoformat(before or "2026-12-01") + step * DAY).isoformat()]
        if control.kind == "time":
            return [f"{before[:3]}{(int(before[3:5]) + step) % 60:02}"] if before else None
        if control.kind == "number":
            return [
                str(
                    Decimal(before or "0") + (step if "." not in before else Decimal("0.01") * step)
                )
            ]
        if control.kind in ("select", "radio", "checkbox"):
            stem = name.rstrip("0123456789")
            like = [one for key, one in self.form.controls.items() if key.startswith(stem)]
            taken = [value for one in like for value in one.sends]
            return _another_choice(control, taken, place, step)
        if control.kind in ("email", "url"):
            return [
                f"https://example.org/{step}" if control.kind == "url" else f"neu{step}@example.org"
            ]
        if name in ("ink", "second_ink", "highlight"):
            return [f"{before[:6]}{(int(before[6], 16) + step) % 16:x}"]  # almost the same colour
        if name == "piece":
            return [f'{{"bars": 1, "title": "Kanon {step}", "voices": [[[0, 4, 60]], []]}}']
        return [
            f"{before}-{step}"
            if name == "slug"
            else f"{before} Neu {chr(65 + place)}{step}".strip()
        ]


def _another_choice(control: Control, taken: list[str], place: int, step: int) -> list[str] | None:
    if control.kind == "checkbox" and len(control.offers) == 1:
        toggled: list[str] = [] if control.sends else control.offers
        return toggled if step == 1 else None
    others = [one for one in control.offers if one and one not in taken]
    if step > len(others):
        return None
    return [others[(3 * place + step - 1) % len(others)]]


def tab_of(client: Client, place: Place, answer: Any = None) -> Tab:
    page = Page((answer or client.get(place.path)).content.decode())
    return next(
        Tab(client, place, one)
        for one in page.forms
        if Tab(client, place, one).names() and one.action == place.target
    )
