"""The bad-input corpus over every form of the site."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests import corpus
from tests.corpus.form_list import LINES, ONE_OF_EACH, PUBLIC, every_form
from tests.corpus.pages import Page
from tests.corpus.sending import CALM, Desk, short
from tests.races.harness import PROVE

pytestmark = pytest.mark.django_db
TEXTS = [
    *corpus.NAMES,
    *corpus.UNICODE,
    *corpus.INVISIBLE,
    *corpus.HEADERS,
    *corpus.TEMPLATES,
]


def texts(desk: Desk) -> list[str]:
    """What is written into the texts of a form; nothing where it has none."""
    return corpus_for(desk, TEXTS, corpus.ESSENCE, corpus.FEW) if desk.texts else []


def corpus_for(desk: Desk, everything: list[str], some: list[str], few: list[str]) -> list[str]:
    """The forms that are open to all get everything; the others are made of the same few fields, so that one
    of each kind tells of all, and a few values that each uses them (``make prove`` sends everything there
    too)."""
    if PROVE or desk.line in PUBLIC:
        return everything
    return some if desk.line in ONE_OF_EACH else few


@every_form()
def test_what_a_sensible_person_sends_is_taken(desk: Desk) -> None:
    """Each text is stored, so that the tests below test what they say."""
    marks = {
        name: f"Prüfwort{number}"
        for number, name in enumerate(desk.texts)
        if name not in (*desk.line.silent, *desk.line.strict)
        and desk.form.controls[name].kind != "email"
    }
    answer = desk.send({}, look=True)
    page = desk.refused(answer)
    assert answer.status in (200, 302), answer.status
    assert page is None, page and (page.alerts, [c.name for c in page.wrong()])
    if answer.after is not None:
        assert answer.after.status_code in (200, 410)
    if marks:
        answer = desk.send(marks)
        page = desk.refused(answer)
        assert page is None, page and (page.alerts, [c.name for c in page.wrong()])
        stored = "\x00".join(desk.words(answer))
        lost = [n for n, mark in marks.items() if mark not in stored and n not in desk.line.dropped]
        assert not lost, f"taken and not stored: {lost}"


@every_form()
def test_the_corpus_in_every_text(desk: Desk) -> None:
    """Groups 1, 2, 4 and 8: taken and tidied, or refused beside the field with what was typed."""
    wrong: list[str] = []
    for value in texts(desk):
        sent = desk.everywhere(value)
        bad = _send(desk, sent, wrong)
        if value in corpus.NAMES:
            strict = {*desk.line.strict, *desk.line.silent, *desk.of_kind("email", "url")}
            wrong += [
                f"{short(value)} refused in {name}"
                for name in bad - strict
                if len(value) <= (desk.form.controls[name].longest or len(value))
            ]
        rest = {name: text for name, text in sent.items() if name not in bad}
        if bad and rest:
            _send(desk, rest, wrong)
    assert not wrong, "\n".join(wrong)


def _send(desk: Desk, sent: dict[str, str], wrong: list[str]) -> set[str]:
    """Sends it and looks at what came; the names of what was refused."""
    value = short(next(iter(sent.values())))
    answer = desk.send(sent)
    if answer.status not in CALM:
        wrong.append(f"{value}: {answer.status}")
    page = desk.refused(answer)
    if page is None:
        wrong += [f"{value} stored as {text}" for text in desk.untidy(answer)]
        return set()
    wrong += [f"{value}: {one}" for one in desk.complaints(sent, answer, page)]
    return {control.name for control in page.wrong()} & set(sent)


@every_form()
def test_what_looks_like_a_template_stays_text(desk: Desk) -> None:
    """Group 8 on the page that follows: nothing is computed, nothing becomes a link."""
    sent = {
        name: text
        for name, text in desk.everywhere(corpus.ALIVE).items()
        if name not in desk.line.strict
        and desk.form.controls[name].is_words
        and len(text) <= (desk.form.controls[name].longest or len(text))
    }
    if not sent:
        return
    answer = desk.send(sent, look=True)
    assert answer.status in CALM
    shown = answer.after or answer.response
    text = shown.content.decode()
    for link in Page(text).links:
        assert "boese" not in link, link
        assert not link.lower().startswith("javascript:"), link
    assert "class &#x27;str" not in text
    assert "class 'str" not in text


@every_form()
def test_addresses_are_normalised_or_refused(desk: Desk) -> None:
    """Group 5 in every field for an e-mail address."""
    fields = [name for name in desk.of_kind("email") if name not in desk.line.silent]
    for address in corpus.BAD_ADDRESSES if fields else []:
        answer = desk.send(sent := dict.fromkeys(fields, address))
        page = desk.refused(answer)
        assert answer.status in CALM
        if page is None:
            assert not address, f"{address!r} is taken"
            continue
        if not set(fields) & set(desk.line.strict):  # signing in tells nothing of an address (P3)
            assert {one.name for one in page.wrong()} >= set(fields), address
        assert desk.complaints(sent, answer, page) == [], address
    stores = fields and desk.line.url != "account_login"
    for typed, stored in corpus.GOOD_ADDRESSES.items() if stores else []:
        answer = desk.send(dict.fromkeys(fields, typed))
        assert desk.refused(answer) is None, f"{typed!r} is refused"
        assert stored in desk.words(answer), f"{typed!r} is not stored as {stored}"


@every_form()
def test_days_and_times_that_are_none(desk: Desk) -> None:
    """Group 6: refused beside the field, or taken as what they say; never half."""
    wrong: list[str] = []
    for kind, values in (("date", corpus.DATES), ("time", corpus.TIMES)):
        fields = [name for name in desk.of_kind(kind) if name not in desk.line.dropped]
        for value in values if fields else []:
            answer = desk.send(sent := dict.fromkeys(fields, value), look=True)
            if answer.status not in CALM:
                wrong.append(f"{value}: {answer.status}")
            if page := desk.refused(answer):
                wrong += [f"{value}: {one}" for one in desk.complaints(sent, answer, page)]
            elif value in corpus.NO_DAYS:
                wrong.append(f"{value} is taken for a day")
            elif answer.after is not None and answer.after.status_code >= 500:
                wrong.append(f"{value}: the page that follows fails")
    assert not wrong, "\n".join(wrong)


@every_form()
def test_the_hours_the_clocks_change(desk: Desk) -> None:
    """Group 6: an hour that is missing or there twice is refused in words or moved, never a fault."""
    days, times = desk.of_kind("date"), desk.of_kind("time")
    for day, hour in corpus.MOMENTS if days and times else []:
        sent = {**dict.fromkeys(days, day), **dict.fromkeys(times, hour)}
        answer = desk.send(sent, look=True)
        assert answer.status in CALM, day
        page = desk.refused(answer)
        assert page is None or desk.complaints(sent, answer, page) == [], day


@every_form()
def test_keys_nobody_offered(desk: Desk) -> None:
    """Group 7 in everything that is chosen or hidden: calm, and nothing written where it is refused."""
    fields = [
        name
        for name in desk.of_kind("select", "radio", "checkbox", "hidden", "number")
        if name != "csrfmiddlewaretoken"
    ]
    wrong: list[str] = []
    values = corpus_for(desk, corpus.IDS, corpus.FEW_IDS, [corpus.TOO_LONG])
    for value in values if fields else []:
        alone = _apart(fields) if value == corpus.TOO_LONG else []
        for sent in (dict.fromkeys(names, value) for names in (fields, *alone)):
            answer = desk.send(sent)
            if answer.status not in CALM:
                wrong.append(f"{short(sent)}: {answer.status}")
            refused = answer.status >= 400 or desk.refused(answer) is not None
            if refused and (written := desk.wrote(answer)):
                wrong.append(f"{short(sent)} refused, yet written: {written}")
    assert not wrong, "\n".join(wrong)


def _apart(fields: list[str]) -> list[list[str]]:
    """Each field by itself; the values a form was opened with, which are read by one rule, together."""
    opened = [name for name in fields if "initial-" in name]
    return [opened] * bool(opened) + [[name] for name in fields if name not in opened]


@every_form(*{line.url: line for line in LINES}.values())
def test_keys_in_the_address(desk: Desk) -> None:
    """Group 7 in the address itself: not found, nothing written."""
    for key in desk.keys:
        for value in corpus.IDS:
            path = desk.path.replace(key, quote(value, safe=""))
            answer = desk.send({}, path=path)
            assert answer.status in (302, 404, 405), f"{path}: {answer.status}"
            if answer.status == 302:
                assert answer.response["Location"].startswith("/"), path
            assert desk.wrote(answer) == "", path
