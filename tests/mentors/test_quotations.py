"""The mentors whose words stand on public pages."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client

from core.audit import Actor
from mentors import actions, quotations
from mentors.models import Mentor
from programme.models import CareerField
from tests import factories as make

pytestmark = pytest.mark.django_db
QUOTING = ("/", "/about/mentees/", "/about/mentors/", "/about/matching/")


def test_only_who_agreed_to_be_listed_is_quoted_and_only_while_that_holds(
    client: Client, now: datetime
) -> None:
    field = make.career_field("opera")

    def speaks(name: str, state: str = "active", **values: bool) -> Mentor:
        mentor = make.mentor(state, name=name, about=f"{name} spricht.", **values)
        mentor.career_fields.add(field)
        return mentor

    listed = speaks("Zeigt Sich", public=True)
    speaks("Bleibt Still")
    speaks("Macht Pause", "paused", public=True)
    speaks("Ohne Ja", public=True).user.consents.all().delete()
    for path in QUOTING:
        text = client.get(path).content.decode()
        assert "Zeigt Sich spricht." in text, path
        for hidden in ("Bleibt Still", "Macht Pause", "Ohne Ja"):
            assert hidden not in text, path
    actions.withdraw_consent(listed, by=Actor(None, "mentor"), now=now)
    for path in QUOTING:
        assert "Zeigt Sich" not in client.get(path).content.decode(), path


def test_people_of_different_fields_speak_each_on_one_page_and_others_next_year() -> None:
    fields = [
        CareerField.objects.create(
            code=f"field-{number}", name_de=f"Feld {number}", position=number
        )
        for number in range(9)
    ]
    for letter in "BEHKNQTW":
        for field in fields:
            mentor = make.mentor(name=f"{letter} {field.code}", public=True, about="Wort")
            mentor.career_fields.add(field)
    this = make.cohort(starts_on=date(2026, 10, 1), ends_on=date(2027, 7, 31))
    start = quotations.on_start(this)
    beside = [quotations.on_page(page, this) for page in quotations.PAGES]
    chosen = [one.name for one in (*start, *beside) if one]
    assert len(chosen) == len({name.split()[1] for name in chosen}) == 6
    places = sorted(int(one.name[-1]) for one in start)
    assert min(places[1] - places[0], places[2] - places[1]) >= 2  # far from each other
    assert quotations.on_start(this) == start
    this.starts_on = date(2027, 10, 1)
    assert not {one.name for one in quotations.on_start(this)} & set(chosen)


def test_a_page_stands_without_anybody_listed(client: Client) -> None:
    make.mentor(public=True, about="")
    for path in QUOTING:
        text = client.get(path).content.decode()
        assert "quotation" not in text
        assert "cast" not in text
