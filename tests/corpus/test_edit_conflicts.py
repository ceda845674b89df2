"""Two tabs over every form that changes a stored row: nobody's save undoes another's (C10)."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from threading import Barrier
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from core.forms.edits import EditForm
from mentoring import PACKAGES
from tests import factories as make
from tests.corpus.pages import Page
from tests.corpus.tabs import OBJECTS, PLACES, Place, Tab, tab_of
from tests.factories import NOW
from tests.locks import Watch
from tests.structure.test_lock_order import ORDER
from tests.workshops.helpers import join, mentee
from workshops.models import Attendance, Session, Workshop

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Opens = Callable[[str], tuple[Client, Place]]


def _is_saved(answer: Any) -> bool:
    return bool(answer.status_code == 302)


@pytest.fixture
def opened_by(staff_client: Callable[[Any], Client], monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Makes a place of the table and signs in who opens it."""

    def sign_in(name: str) -> tuple[Client, Place]:
        place = PLACES[name]()
        monkeypatch.setattr(timezone, "now", lambda: place.at)
        if place.person is None:
            office = make.coordinator(name="Katrin Behrend")
            office.is_superuser = True
            office.save()
            return staff_client(office), place
        client = Client()
        client.force_login(place.person)
        return client, place

    return sign_in


@pytest.mark.parametrize("name", PLACES)
def test_c10_two_tabs_that_change_different_fields_both_stand(opened_by: Opens, name: str) -> None:
    client, place = opened_by(name)
    for turn in (0, 1):
        first, second = tab_of(client, place), tab_of(client, place)
        hers = {one: first.other(one, 1) for one in first.names()[turn::2]}
        his = {one: second.other(one, 1) for one in second.names()[1 - turn :: 2]}
        for tab, changes in ((first, hers), (second, his)):
            wanted = {one: values for one, values in changes.items() if values is not None}
            if wanted:
                answer = tab.send(wanted)
                assert _is_saved(answer), Page(answer.content.decode()).alerts
        now = tab_of(client, place).form.controls
        for one, values in (hers | his).items():
            assert values is None or sorted(now[one].sends) == sorted(values), one


@pytest.mark.parametrize("name", PLACES)
def test_c10_who_changes_the_same_second_sees_both_and_chooses(opened_by: Opens, name: str) -> None:
    client, place = opened_by(name)
    first, second = tab_of(client, place), tab_of(client, place)
    hers = {one: values for one in first.names() if (values := first.other(one, 1)) is not None}
    his = {one: values for one in hers if (values := second.other(one, 2)) is not None}
    answer = first.send(hers)
    assert _is_saved(answer), Page(answer.content.decode()).alerts
    refused = second.send(his)
    assert not _is_saved(refused)
    assert refused.content.decode().count("inzwischen") >= len(his)
    now = tab_of(client, place).form.controls
    again = tab_of(client, place, refused)
    for one in his:
        assert sorted(now[one].sends) == sorted(hers[one]), one  # nothing is written
        assert sorted(again.form.controls[one].sends) == sorted(his[one]), one  # nothing is lost
    answer = again.send({})
    assert _is_saved(answer), Page(answer.content.decode()).alerts
    now = tab_of(client, place).form.controls
    for one, values in (hers | his).items():
        assert sorted(now[one].sends) == sorted(values), one


def test_c10_without_the_comparison_an_old_tab_puts_back_what_was_saved(
    opened_by: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EditForm, "_compare", lambda form: {})
    with pytest.raises(AssertionError, match="name"):
        test_c10_two_tabs_that_change_different_fields_both_stand(opened_by, "mentors.Mentor")


# ── what was not opened, or is not what it was ───────────────────────────────
@pytest.mark.parametrize("name", PLACES)
def test_c10_opened_values_that_are_missing_or_wrong_are_refused_with_a_sentence(
    opened_by: Opens, name: str
) -> None:
    client, place = opened_by(name)
    tab = tab_of(client, place)
    changes = {one: values for one in tab.names() if (values := tab.other(one, 1)) is not None}
    opened = [one for one in tab.form.controls if one.startswith("initial-")]
    for garbage in ([], ["\x00 9" * 30]):
        sent = {**changes, **dict.fromkeys(opened, garbage)}
        answer = tab.send(sent)
        again = tab_of(client, place, answer)
        assert answer.status_code in (200, 400)
        assert ("Wir wissen nicht" in answer.content.decode()) == (not garbage)
        for one, values in changes.items():
            assert sorted(again.form.controls[one].sends) == sorted(values), one
    now = tab_of(client, place).form
    assert now.data().keys() == tab.form.data().keys()
    assert {one: now.controls[one].sends for one in changes} == {
        one: tab.form.controls[one].sends for one in changes
    }


def test_c10_a_switched_language_hands_the_opened_values_on(
    opened_by: Opens,
) -> None:
    client, place = opened_by("RevisionForm")
    first, second = tab_of(client, place), tab_of(client, place)
    first.send({"goals": ["Ein Appointment."]})
    second.place = replace(place, target="/language/")
    second.send({"motivation": ["Neu."], "lang": ["en"]})
    switched = tab_of(client, place)
    assert _is_saved(switched.send({}))
    now = tab_of(client, place).form.controls
    assert (now["goals"].sends, now["motivation"].sends) == (["Ein Appointment."], ["Neu."])


def test_c10_boxes_that_are_all_unticked_are_saved_so() -> None:
    """A browser sends nothing of them."""

    class Boxes(EditForm, forms.Form):
        offered = forms.BooleanField(required=False)
        days = forms.MultipleChoiceField(
            choices=[("mo", "Monday")], widget=forms.CheckboxSelectMultiple, required=False
        )

    stored = {"offered": True, "days": ["mo"]}
    opened = "initial-seen=1&initial-offered=on&initial-days=mo"
    form = Boxes(QueryDict(opened), MultiValueDict(), initial=stored)
    assert form.is_valid()
    assert form.cleaned_data == {"offered": False, "days": []}


def test_c10_a_share_is_told_in_per_cent_as_it_is_asked(opened_by: Opens) -> None:
    client, place = opened_by("programme.Cohort")
    first, second = tab_of(client, place), tab_of(client, place)
    assert _is_saved(first.send({"credit_share": ["60"]}))
    page = second.send({"credit_share": ["70"]}).content.decode()
    assert "„60“" in page
    assert "„70“" in page


# ── rows ─────────────────────────────────────────────────────────────────────
@pytest.fixture
def sessions(
    opened_by: Opens,
) -> tuple[Callable[[], Tab], Callable[[], list[str]]]:
    """Opens the page of a workshop with two dates; tells the days of its dates."""
    client, place = opened_by("workshops.Workshop")

    def days() -> list[str]:
        return [f"{timezone.localtime(one.starts_at):%d.%m.}" for one in Session.objects.all()]

    return lambda: tab_of(client, place), days


ADDED = {
    "sessions-2-starts_at_0": ["2026-10-20"],
    "sessions-2-starts_at_1": ["10:00"],
    "sessions-2-ends_at_0": ["2026-10-20"],
    "sessions-2-ends_at_1": ["12:00"],
}
TAKEN_OUT = {"sessions-0-DELETE": ["on"]}
MOVED = {"sessions-0-starts_at_0": ["2026-10-12"], "sessions-0-ends_at_0": ["2026-10-12"]}


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (ADDED, ["13.10.", "14.10.", "20.10."]),
        (TAKEN_OUT, ["14.10."]),
        (MOVED, ["12.10.", "14.10."]),
    ],
)
def test_c10_correcting_a_typo_leaves_the_dates_as_somebody_else_has_set_them(
    sessions: Any, change: dict[str, list[str]], after: list[str]
) -> None:
    tab, days = sessions
    first, second = tab(), tab()
    assert _is_saved(first.send(change))
    assert _is_saved(second.send({"title": ["Ohne Tippfehler"]}))
    assert (days(), Workshop.objects.get().title) == (after, "Ohne Tippfehler")


@pytest.mark.parametrize(
    ("hers", "his", "said", "meanwhile", "after"),
    [
        (TAKEN_OUT, MOVED, "inzwischen entfernt", ["14.10."], ["12.10.", "14.10."]),
        (MOVED, TAKEN_OUT, "inzwischen geändert", ["12.10.", "14.10."], ["14.10."]),
    ],
)
def test_c10_a_date_moved_here_and_taken_out_there_is_asked_about(
    sessions: Any,
    hers: dict[str, list[str]],
    his: dict[str, list[str]],
    said: str,
    meanwhile: list[str],
    after: list[str],
) -> None:
    tab, days = sessions
    first, second = tab(), tab()
    assert _is_saved(first.send(hers))
    refused = second.send(his)
    assert (refused.status_code, said in refused.content.decode()) == (200, True)
    assert days() == meanwhile
    again = tab_of(first.client, first.place, refused)
    assert _is_saved(again.send({}))
    assert days() == after


def test_c10_two_coordinators_fill_in_one_attendance_sheet(
    opened_by: Opens,
) -> None:
    client, place = opened_by("AttendanceForm")
    Attendance.objects.all().delete()
    first, second = tab_of(client, place), tab_of(client, place)
    one, other, third = first.names()
    late = join(Workshop.objects.get(), mentee("Nora Spät"), NOW - 9 * DAY)
    assert _is_saved(first.send({one: ["absent"], other: ["excused"]}))
    assert _is_saved(second.send({third: ["absent"], "rest-present": ["on"]}))
    marked = {f"{key}-presence": said for key, said in _marked()}
    assert marked == {one: "absent", other: "excused", third: "absent"}
    assert not Attendance.objects.filter(registration=late).exists()  # was not on that sheet yet
    page = second.send({one: ["present"]}).content.decode()
    assert "Katrin Behrend hat hier inzwischen „abwesend“ gespeichert" in page
    (described,) = re.findall(r'<fieldset aria-describedby="([^"]+)"', page)
    assert f'id="{described}"' in page
    assert dict(_marked())[one.removesuffix("-presence")] == "absent"


def _marked() -> list[tuple[str, str]]:
    found = Attendance.objects.values_list("registration", "presence")
    return [(str(key), said) for key, said in found]


@pytest.mark.parametrize("name", PLACES)
def test_c4_a_save_locks_in_the_order_of_the_programme(
    opened_by: Opens, name: str, watch: Watch
) -> None:
    client, place = opened_by(name)
    tab = tab_of(client, place)
    changes = {one: values for one in tab.names() if (values := tab.other(one, 1)) is not None}
    watch.asked.clear()
    assert _is_saved(tab.send(changes))
    asked = [one for one in dict.fromkeys(watch.asked) if one in ORDER]
    assert asked == sorted(asked, key=ORDER.index)


# ── in the same moment ───────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_c10_two_saves_in_the_same_moment_both_stand_or_one_is_asked(
    opened_by: Opens,
) -> None:
    client, place = opened_by("mentors.Mentor")
    barrier = Barrier(2)

    def send(tab: Tab, changes: dict[str, list[str]]) -> bool:
        try:
            own = Client()
            own.cookies = client.cookies
            barrier.wait(timeout=20)
            return _is_saved(Tab(own, place, tab.form).send(changes))
        finally:
            connection.close()

    for names in (("region", "profession"), ("region", "region")):
        tabs = [tab_of(client, place), tab_of(client, place)]
        changes = [{name: [f"{names[1]} {step}"]} for step, name in enumerate(names)]
        with ThreadPoolExecutor(2) as pool:
            saved = list(pool.map(send, tabs, changes))
        assert sum(saved) == len(set(names))
        now = tab_of(client, place).form.controls
        for went, change in zip(saved, changes, strict=True):
            for name, values in change.items():
                assert (now[name].sends == values) == went, name


# ── nothing is left out ──────────────────────────────────────────────────────
# Forms that ask anew and show nothing that is stored: what they say is entered, decided or sent.
ASKS_ANEW = {
    "AcceptForm",
    "AddressForm",
    "AnswerForm",
    "ApplicationForm",
    "CancelForm",
    "CancelWorkshopForm",
    "CodeForm",
    "ConfirmForm",
    "ConsentForm",
    "ContactForm",
    "DatesForm",
    "DissolveForm",
    "ExtraPlaceForm",
    "FactorAgainForm",
    "FactorForm",
    "FactorSetUpForm",
    "JoinForm",
    "LeaveForm",
    "NewAddressForm",
    "PairForm",
    "PauseForm",
    "PickForm",
    "PlanForm",
    "ProposalForm",
    "ProposeForm",
    "QuestionAnsweredForm",
    "RecordConsentForm",
    "RejectForm",
    "SearchForm",
    "SetPasswordForm",
    "TalkForm",
    "TandemAnswerForm",
    "UndoForm",
    "RestForm",
    "WaitForm",
    "WishesForm",
    "_Counted",
}


def _forms(base: type[Any]) -> set[type[Any]]:
    return {base}.union(*(_forms(one) for one in base.__subclasses__()))


def test_c10_every_form_compares_or_asks_anew() -> None:
    # With these two every module that has a form is loaded.
    for name in ("accounts.forms", settings.ROOT_URLCONF):
        import_module(name)
    pages = list(admin.site._registry.values())
    inlines = [one(page.model, admin.site) for page in pages for one in page.inlines]
    on_the_desk = {base for page in [*pages, *inlines] for base in page.form.__mro__}
    written = {
        one
        for one in _forms(forms.BaseForm)
        if one.__module__.split(".")[0] in PACKAGES
        and getattr(sys.modules[one.__module__], one.__name__, None) is one
    }
    compared = {one for one in written if issubclass(one, EditForm)} - {EditForm}
    rest = written - compared - on_the_desk - {EditForm}
    assert {one.__name__ for one in rest} == ASKS_ANEW
    assert {one.__name__ for one in compared - on_the_desk} == set(PLACES) - set(OBJECTS)


def test_c10_every_change_page_of_the_desk_is_in_the_table() -> None:
    changed = {
        model._meta.label
        for model, page in admin.site._registry.items()
        if getattr(page, "may_change", True)
    }
    assert changed == set(OBJECTS)
