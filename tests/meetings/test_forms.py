"""Dates as people type them: understood, or kept with a sentence beside the field (promise S12)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from core.forms.days import ClockField, DayField
from core.times import wall_time
from meetings.forms import CancelForm, ProposeForm
from meetings.rules import answer_deadline, clock_note, outcome
from tests import corpus
from tests.factories import NOW

COHORT: Any = SimpleNamespace(starts_on=date(2026, 10, 1), ends_on=date(2027, 11, 30))
GOOD = {"day_1": "2027-01-20", "time_1": "17:30", "place_1": "online", "length": "60"}


@pytest.fixture(autouse=True)
def _german() -> Any:
    with translation.override("de"):
        yield


def form(**values: str) -> ProposeForm:
    return ProposeForm({**GOOD, **values}, cohort=COHORT, now=NOW)


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2027-01-20", "17:30"),
        ("20.1.2027", "17.30"),
        ("20.01.2027", "17.30 Uhr"),
        ("20. 1. 2027", "17:30 uhr"),
        (" 2027-01-20 ", " 17:30:00 "),
    ],
)
def test_native_and_german_spellings_are_the_same_moment(day: str, clock: str) -> None:
    typed = form(day_1=day, time_1=clock)
    assert typed.is_valid(), typed.errors
    (offered,) = typed.offered
    assert offered.starts_at == wall_time(date(2027, 1, 20), time(17, 30))
    assert offered.ends_at - offered.starts_at == timedelta(hours=1)
    assert typed.notes == []


def test_midnight_and_full_hours() -> None:
    assert ClockField().clean("0:00") == time(0, 0)
    assert ClockField().clean("17 Uhr") == time(17, 0)
    assert form(time_1="0:00").is_valid()
    late = form(time_1="23:30", length="120")
    assert late.is_valid()
    assert late.offered[0].ends_at == wall_time(date(2027, 1, 21), time(1, 30))


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("day_1", "31.02.", "so: 20.1.2027"),
        ("day_1", "31.02.2027", "Diesen Tag gibt es nicht"),
        ("day_1", "2027-02-31", "Diesen Tag gibt es nicht"),
        ("day_1", "29.2.2027", "Diesen Tag gibt es nicht"),
        ("day_1", "01/20/2027", "so: 20.1.2027"),
        ("day_1", "2027-W53", "so: 20.1.2027"),
        ("day_1", "٢٠.١.٢٠٢٧", "so: 20.1.2027"),
        ("day_1", "0001-01-01", "prüfen Sie das Jahr"),
        ("day_1", "9999-12-31", "prüfen Sie das Jahr"),
        ("day_1", "2020-01-20", "schon vorbei"),
        (
            "day_1",
            "2028-01-20",
            "Der Durchgang läuft vom 1. Oktober 2026 bis zum 30. November 2027",
        ),
        ("day_1", "", "An welchem Tag?"),
        ("time_1", "24:00", "Mitternacht ist 0:00"),
        ("time_1", "25:00", "Diese Uhrzeit gibt es nicht"),
        ("time_1", "17:75", "Diese Uhrzeit gibt es nicht"),
        ("time_1", "halb sechs", "so: 17:30"),
        ("time_1", "", "Um welche Zeit?"),
        ("place_1", "\u200b", "„online“ genügt"),
        ("length", "1e9", ""),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_is_shown_again(
    field: str, typed: str, sentence: str
) -> None:
    sent = form(**{field: typed})
    assert not sent.is_valid()
    assert sentence in str(sent.errors[field])
    if field != "length":
        shown = str(sent[field])
        assert typed.strip() in shown or "31.02.2027" in shown


def test_what_the_browsers_own_control_could_not_show_becomes_plain_text() -> None:
    for typed in ("31.02.", "2027-02-31", "morgen"):
        assert 'type="text"' in str(form(day_1=typed)["day_1"])
    for typed in ("24:00", "17.30 Uhr"):
        assert 'type="text"' in str(form(time_1=typed)["time_1"])
    assert 'type="date"' in str(form()["day_1"])
    assert 'type="time"' in str(form()["time_1"])
    empty = ProposeForm(cohort=COHORT, now=NOW)
    assert 'type="date"' in str(empty["day_1"])
    assert 'min="2026-10-01"' in str(empty["day_1"])


@pytest.mark.parametrize("typed", corpus.DATES + corpus.NAMES + corpus.UNICODE + corpus.IDS)
def test_no_day_breaks_the_form(typed: str) -> None:
    sent = form(day_1=typed)
    assert not sent.is_valid()
    assert sent.errors["day_1"]
    assert sent.render()


@pytest.mark.parametrize("typed", ["24:00", "noon", *corpus.NAMES, *corpus.UNICODE, *corpus.IDS])
def test_no_time_breaks_the_form(typed: str) -> None:
    sent = form(time_1=typed)
    sent.is_valid()
    assert sent.render()


@pytest.mark.parametrize("typed", corpus.NAMES + corpus.UNICODE + corpus.HEADERS)
def test_places_and_agendas_are_one_tidy_text(typed: str) -> None:
    sent = form(place_1=typed, agenda=typed)
    if sent.is_valid():
        assert "\n" not in sent.offered[0].place
        assert not set(sent.offered[0].place + sent.cleaned_data["agenda"]) & set(
            "\u202e\x00\u2028"
        )
    assert sent.render()


@pytest.mark.parametrize("typed", corpus.SIZES)
def test_too_much_text_is_refused_with_a_sentence(typed: str) -> None:
    assert form(agenda=typed).errors["agenda"]
    assert form(place_1=typed).errors["place_1"]
    assert CancelForm({"reason": typed}).errors["reason"]


@pytest.mark.parametrize(
    ("day", "clock", "meant", "words"),
    [
        (
            "2027-03-28",
            "02:30",
            "2027-03-28 01:30",
            "wir haben stattdessen 3.30\N{NO-BREAK SPACE}Uhr",
        ),
        ("2027-03-28", "03:30", "2027-03-28 01:30", ""),
        ("2027-10-31", "02:30", "2027-10-31 00:30", "gemeint ist das erste Mal"),
        ("2027-10-31", "03:00", "2027-10-31 02:00", ""),
        ("2027-03-28", "01:59", "2027-03-28 00:59", ""),
    ],
)
def test_s12_a_time_that_is_left_out_or_comes_twice_is_taken_and_told(
    day: str, clock: str, meant: str, words: str
) -> None:
    typed = form(day_1=day, time_1=clock)
    assert typed.is_valid(), typed.errors
    assert f"{typed.offered[0].starts_at:%Y-%m-%d %H:%M}" == meant
    assert bool(typed.notes) == bool(words)
    assert words in "".join(typed.notes)


def test_s12_two_clock_times_that_are_one_moment_are_one_date() -> None:
    twice = form(
        day_1="2027-03-28",
        time_1="02:30",
        day_2="2027-03-28",
        time_2="03:30",
        place_2="online",
    )
    assert "steht oben schon" in str(twice.errors["day_2"])


def test_half_filled_rows_are_asked_for_and_empty_ones_left_alone() -> None:
    sent = form(day_2="2027-01-21", place_3="online")
    assert set(sent.errors) == {"time_2", "place_2", "day_3", "time_3"}
    summary = render_to_string("ui/errors.html", {"form": sent})
    assert re.findall(r'<a href="#id_(\w+)">([^<]+)</a>', summary) == [
        ("time_2", "Zweiter Termin: Beginn"),
        ("place_2", "Zweiter Termin: Wo"),
        ("day_3", "Dritter Termin: Tag"),
        ("time_3", "Dritter Termin: Beginn"),
    ]


def test_dates_come_out_in_the_order_of_time() -> None:
    sent = form(day_3="2027-01-10", time_3="09:00", place_3="Foyer", length="90")
    assert sent.is_valid()
    assert [one.place for one in sent.offered] == ["Foyer", "online"]
    assert {one.ends_at - one.starts_at for one in sent.offered} == {timedelta(minutes=90)}


def test_an_optional_day_may_be_empty() -> None:
    assert DayField(required=False).clean("") == ""
    assert DayField(required=False).clean(None) == ""


# ── rules ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("mentee", "mentor", "expected"),
    [
        ("held", "", ("held", False)),
        ("", "held", ("held", False)),
        ("missed", "", ("missed", False)),
        ("missed", "missed", ("missed", False)),
        ("held", "held", ("held", False)),
        ("held", "missed", ("held", True)),
        ("missed", "held", ("held", True)),
    ],
)
def test_what_two_reports_come_to(mentee: str, mentor: str, expected: tuple[str, bool]) -> None:
    assert outcome(mentee, mentor) == expected


def test_the_answer_is_asked_for_before_the_first_date() -> None:
    for hours in range(1, 400):
        first = NOW + timedelta(hours=hours)
        deadline = answer_deadline(NOW, first, 5)
        assert NOW < deadline < first
        assert deadline <= wall_time(date(2026, 9, 20), time(23, 59))


def test_s12_every_quarter_of_an_hour_of_the_days_of_change_is_told_or_literal() -> None:
    for day in (date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26), date(2028, 10, 29)):
        told = [
            clock
            for quarter in range(96)
            if clock_note(
                day, clock := (datetime(2000, 1, 1) + quarter * timedelta(minutes=15)).time()
            )
        ]
        assert told == [time(2, 0), time(2, 15), time(2, 30), time(2, 45)]
    assert clock_note(date(2027, 1, 20), time(2, 30)) == ""
