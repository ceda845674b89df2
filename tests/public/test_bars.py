"""Bars of the piece on the public pages."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from core.voices.piece import Piece, invention
from mentoring.public import bars
from mentoring.public.templatetags import voices
from programme.models import Drawn
from tests import factories as make
from tests.mentees import helpers

pytestmark = pytest.mark.django_db
CAPTION = re.compile(
    r"<figcaption>.*?Bars (\d+)–(\d+):</span> Johann Sebastian Bach, <span class=.whole.>Invention",
    re.DOTALL,
)


@pytest.fixture(autouse=True)
def _today(now: datetime) -> object:
    with time_machine.travel(now, tick=False):
        yield


def _page(client: Client, name: str) -> str:
    workshop = {"slug": make.workshop(published_at=make.NOW).slug} if name == "workshop" else {}
    return client.get(
        reverse(name, kwargs=workshop), headers={"Accept-Language": "en"}
    ).content.decode()


def test_each_public_page_shows_the_bars_after_those_of_the_page_before(client: Client) -> None:
    shown = []
    for name in bars.PAGES:
        found = CAPTION.search(_page(client, name))
        assert found, name
        shown.append((int(found[1]), int(found[2])))
    assert shown[0][0] == 1
    for (_first, last), (following, _last) in pairwise(shown):
        assert following == last % invention().bars + 1


@pytest.mark.parametrize("page", sorted(bars.ENDINGS))
def test_page_after_something_was_sent_ends_the_piece(page: str, client: Client) -> None:
    text = _page(client, page)
    found = CAPTION.search(text)
    assert found
    assert int(found[2]) == invention().bars
    assert 'class="line end"' in text


@pytest.mark.parametrize("count", [1, 3, 5, 22])
def test_bars_of_any_piece_are_bars_that_it_has(count: int) -> None:
    piece = Piece(count, ((), ()))
    for page in (*bars.PAGES, *bars.ENDINGS):
        first, last = bars.span_of(page, piece) or (0, 0)
        assert 1 <= first <= last <= count
    assert all(1 <= bar <= count for bar in bars.bars_of_parts(6, piece))


def test_organisation_without_a_piece_has_pages_without_drawings(
    client: Client, monkeypatch: Any
) -> None:
    helpers.vocabulary()
    drawn = _page(client, "apply")
    assert drawn.count("<svg") == 7  # the mark and a bar for each part
    monkeypatch.setattr(voices, "piece_of", lambda organisation: None)
    for name in (*bars.PAGES, *bars.ENDINGS, "apply"):
        text = _page(client, name)
        assert text.count("<h1") == 1
        assert "<figure" not in text
        assert text.count('class="voices') == 0


def test_own_piece_is_drawn_until_it_is_changed() -> None:
    organisation = make.organisation()
    organisation.drawn = Drawn.OWN
    organisation.piece = {"bars": 1, "voices": [[[0, 4, 60]], []], "title": "Eins"}
    first = bars.piece_of(organisation)
    assert first is bars.piece_of(organisation)
    organisation.piece["title"] = "Zwei"
    second = bars.piece_of(organisation)
    assert first
    assert second
    assert [first.title("de"), second.title("de")] == ["Eins", "Zwei"]


def test_error_page_is_a_rest(client: Client) -> None:
    assert 'class="voices-silence"' in client.get("/nowhere/").content.decode()
