"""The bad-input corpus over every form of the house (promises.md §6, issue item 25)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import corpus
from tests.access import world
from tests.corpus.house import LINES, Line
from tests.corpus.sending import CALM, Desk, short
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ids = [line.name for line in LINES]
VALUES = [*corpus.NAMES, *corpus.UNICODE, *corpus.INVISIBLE, *corpus.HEADERS, *corpus.TEMPLATES]


@pytest.fixture
def desk(request: Any, client: Client) -> Iterator[Desk]:
    """The form of the line a test is parametrised with, in a fresh house at NOW."""
    with time_machine.travel(NOW, tick=False):
        yield Desk(request.param, client, world.build())


def every_form(*lines: Line) -> Any:
    chosen = lines or LINES
    return pytest.mark.parametrize(
        "desk", chosen, indirect=True, ids=[line.name for line in chosen]
    )


@every_form()
def test_what_a_sensible_person_sends_is_taken(desk: Desk) -> None:
    """Each text is stored, so that the tests below test what they say."""
    marks = {
        name: f"Prüfwort{number}"
        for number, name in enumerate(desk.texts)
        if name not in (*desk.line.silent, *desk.line.strict)
        and desk.form.controls[name].kind != "email"
    }
    answer = desk.send({})
    page = desk.refused(answer)
    assert answer.status in (200, 302), answer.status
    assert page is None, page and (page.alerts, [c.name for c in page.wrong()])
    if marks:
        answer = desk.send(marks)
        page = desk.refused(answer)
        assert page is None, page and (page.alerts, [c.name for c in page.wrong()])
        stored = "\x00".join(desk.words(answer))
        lost = [n for n, mark in marks.items() if mark not in stored and n not in desk.line.dropped]
        assert not lost, f"taken and not stored: {lost}"


@every_form()
def test_the_corpus_in_every_text(desk: Desk) -> None:
    wrong: list[str] = []
    for value in VALUES if desk.texts else []:
        sent = dict.fromkeys(desk.texts, value)
        for _attempt in range(2):
            answer = desk.send(sent)
            assert answer.status in CALM, f"{short(value)}: {answer.status}"
            page = desk.refused(answer)
            if page is None:
                wrong += [f"{short(value)} stored as {text}" for text in desk.untidy(answer)]
                break
            wrong += [f"{short(value)}: {one}" for one in desk.complaints(sent, answer, page)]
            bad = {control.name for control in page.wrong()} & set(sent)
            if value in corpus.NAMES[:11]:
                strict = {*desk.line.strict, *desk.line.silent, *_addresses(desk)}
                wrong += [f"{short(value)} refused in {name}" for name in bad - strict]
            sent = {name: text for name, text in sent.items() if name not in bad}
            if not bad or not sent:
                break
    assert not wrong, "\n".join(wrong)


def _addresses(desk: Desk) -> set[str]:
    return {name for name, one in desk.form.controls.items() if one.kind in ("email", "url")}
