"""The look of an organisation: what is refused, and what is derived from three colours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audit.models import AuditEvent
from core.colours import Wanted, contrast, nearest, oklch, to_hex
from core.errors import RuleViolation
from mentoring.devtools.demo.look import second
from programme import actions
from programme.letterhead import letterhead
from programme.look import BUILT_IN, PAIRS, Inks, look_of, palette, suggestions, tokens
from programme.models import Drawn, Organisation
from tests import factories as make
from tests.conftest import NOW
from tests.opened import opened

URL = "/admin/programme/organisation/1/change/"
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def lacking(sheet: Any) -> list[str]:
    """The pairs of a sheet of colours that can't be told apart."""
    return [
        f"{front} on {behind}"
        for fronts, behinds, ratio in PAIRS
        for front in fronts.split()
        for behind in behinds.split()
        if contrast(sheet[front], sheet[behind]) < ratio
    ]


def test_contrast_and_lightness_are_those_of_the_standards():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)  # WebAIM's example
    assert oklch("#ff0000")[:2] == pytest.approx((0.62796, 0.25768), abs=1e-4)  # CSS Color 4


@given(colours, colours)
def test_the_nearest_colour_passes_and_keeps_one_that_does(colour, behind):
    assert to_hex(oklch(colour)) == colour
    found = nearest(colour, [Wanted(behind, 3.0)])
    assert contrast(found, behind) >= 3.0
    assert (found == colour) == (contrast(colour, behind) >= 3.0)


def test_the_built_in_colours_have_all_the_contrast_that_is_asked_of_others():
    assert not suggestions(BUILT_IN)
    assert [lacking(sheet) for sheet in tokens()] == [[], []]
    light, dark = palette(BUILT_IN)
    assert (light["cover"], light["voice-2"], light["next-action"]) == BUILT_IN
    assert light["paper"] != dark["paper"]


@settings(max_examples=60, deadline=None)
@given(colours, colours, colours)
def test_with_the_suggestions_taken_every_pair_of_every_page_can_be_read(
    ink, second_ink, highlight
):
    inks = Inks(ink, second_ink, highlight)
    taken = inks._replace(**suggestions(inks))
    assert not suggestions(taken)
    light, dark = palette(taken)
    assert (light["cover"], light["voice-2"], light["next-action"]) == taken
    assert [lacking(light), lacking(dark)] == [[], []]


@pytest.fixture
def desk(staff_client: Callable[[Any], Client], db: None) -> Client:
    make.organisation()
    return staff_client(make.person(is_staff=True, is_superuser=True))


def asked(desk: Client) -> dict[str, Any]:
    """What the page sends when nothing is changed."""
    usual = {"name_de": "Hochschule", "office_email": "office@example.org", "drawn": Drawn.BUILT_IN}
    return opened(desk, URL) | usual | BUILT_IN._asdict()


def test_a_colour_without_contrast_is_told_beside_it_with_one_that_works(desk: Client):
    wrong = {"ink": "#DDA0DD", "second_ink": "dda0dd", "highlight": "#102030"}
    form = asked(desk) | wrong
    page = desk.post(URL, form)
    assert page.status_code == 200
    errors = page.context["adminform"].form.errors
    assert set(errors) == set(wrong)
    better = suggestions(Inks("#dda0dd", "#dda0dd", "#102030"))
    assert all(better[name] in errors[name][0] for name in better)
    assert Organisation.objects.get().inks == BUILT_IN
    assert desk.post(URL, form | better).status_code == 302
    kept = {name: better.get(name, "#dda0dd") for name in wrong}
    assert Organisation.objects.get().inks == Inks(**kept)
    event = AuditEvent.objects.latest("pk")
    assert event.verb == "change"
    assert set(wrong) <= set(event.fields)


@pytest.mark.parametrize("colour", ["red", "#12", "#12345g", "#123456;}"])
def test_what_is_no_colour_is_told(desk: Client, colour: str):
    page = desk.post(URL, asked(desk) | {"ink": colour})
    assert set(page.context["adminform"].form.errors) == {"ink"}


def test_a_colour_left_empty_is_the_built_in_one(desk: Client):
    Organisation.objects.update(ink="#003366")
    assert desk.post(URL, asked(desk) | {"ink": ""}).status_code == 302
    assert Organisation.objects.get().ink == BUILT_IN.ink


@pytest.mark.parametrize(
    "piece",
    ["", "[1]", '{"bars": 2, "voices": [[]]}', "no JSON", "[" * 100_000, f'["{"x" * 200_000}"]'],
    ids=["none", "list", "one voice", "no JSON", "deep", "long"],
)
def test_a_piece_that_can_t_be_drawn_is_told(desk: Client, piece: str):
    page = desk.post(URL, asked(desk) | {"drawn": Drawn.OWN, "piece": piece})
    assert set(page.context["adminform"].form.errors) == {"piece"}


def test_a_piece_that_no_database_stores_is_told_though_another_is_drawn(desk: Client):
    piece = r'{"bars": 1, "voices": [[], []], "title": "\u0000"}'
    page = desk.post(URL, asked(desk) | {"drawn": Drawn.BUILT_IN, "piece": piece})
    assert set(page.context["adminform"].form.errors) == {"piece"}
    assert Organisation.objects.get().piece is None


def test_no_verb_takes_a_look_that_can_t_be_used(db: None):
    organisation = make.organisation()
    organisation.ink = "#ffffff"
    with pytest.raises(RuleViolation) as refused:
        actions.save_organisation(
            organisation, office_email="a@b.example", by=make.SYSTEM, now=NOW, fields=["ink"]
        )
    assert refused.value.field == "ink"


def test_whatever_changes_what_is_drawn_changes_the_version(db: None):
    organisation = make.organisation()
    versions = {look_of(None).version, look_of(organisation).version}
    for name, value in second().items():
        setattr(organisation, name, value)
        versions.add(look_of(organisation).version)
    assert len(versions) == 2 + len(second())
    organisation.office_phone = "another"
    assert look_of(organisation).version in versions


def test_mails_have_the_organisation_s_colours(db: None):
    organisation = make.organisation()
    Organisation.objects.filter(pk=organisation.pk).update(**second())
    facts = letterhead("de")
    light, dark = palette(Inks("#0b3d4a", "#7fb8ad", "#ff9f5a"))
    assert facts["programme"] == "Zweiklang"
    assert (facts["colour_next_action"], facts["colour_plum"]) == ("#ff9f5a", light["plum"])
    assert facts["colour_dark_paper"] == dark["paper"]


def test_the_second_university_of_the_demo_passes(db: None):
    make.organisation()
    organisation = Organisation(**second())
    assert not list(actions.refused_look(organisation))
    assert json.loads(json.dumps(second()["piece"])) == second()["piece"]
