"""Whose words stand on which public page: mentors of the directory, each for a career field of their own."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, OuterRef, Subquery, When
from django.db.models.functions import JSONObject

from core.page_cache import kept
from mentors.models import Mentor
from programme.models import CareerField, Cohort

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
START = 3  # people on the start page
PAGES = ("about-mentees", "about-mentors", "about-matching")  # one person each
ALL = START + len(PAGES)


@dataclass(frozen=True)
class Quotation:
    """What a mentor who agreed to be listed says, and who it is."""

    name: str
    profession: str
    about: str


def on_start(cohort: Cohort | None) -> list[Quotation]:
    """Up to three people for the start page, of different career fields."""
    return _chosen(cohort)[:START]


def on_page(page: str, cohort: Cohort | None) -> Quotation | None:
    """The person on a page about the programme: another one than on the start page where there are enough.
    None while nobody is listed who says something."""
    chosen = _chosen(cohort)
    others = chosen[START:] or chosen
    return others[PAGES.index(page) % len(others)] if others else None


def _chosen(cohort: Cohort | None) -> list[Quotation]:
    """At most ``ALL`` different people, the same in all languages until the network or the cohort changes."""
    year = cohort.starts_on.year if cohort else 0
    return kept(f"{__name__}.{year}", lambda: _spread(_one_for_each_field(year), year))


def _one_for_each_field(year: int) -> list[Quotation]:
    """The first of each career field, in their order; who is the first of several counts once. One query.

    Within a field names are asked from another letter of the alphabet on each year, so that not the same few
    people always speak.
    """
    turned = Case(When(name__gte=LETTERS[year * 7 % len(LETTERS)], then=0), default=1)
    theirs = Mentor.objects.listed().exclude(about="").filter(career_fields=OuterRef("pk"))
    first = theirs.order_by(turned, "name", "pk").values(
        found=JSONObject(id="pk", name="name", profession="profession", about="about")
    )[:1]
    people = CareerField.objects.values_list(Subquery(first), flat=True)
    by_id = {one.pop("id"): one for one in people if one}
    return [Quotation(**one) for one in by_id.values()]


def _spread(people: list[Quotation], year: int) -> list[Quotation]:
    """At most ``ALL`` of them, evenly spread: career fields that are akin stand beside each other, and each
    corner of them is to speak. The first three are far from each other too."""
    if len(people) <= ALL:
        return people
    begin = 3 * year  # each year three fields on
    evenly = [people[(begin + step * len(people) // ALL) % len(people)] for step in range(ALL)]
    return evenly[::2] + evenly[1::2]
