"""Fills in a form of the site as it stands on its page, sends it, and looks at what came of it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from tests.access import world
from tests.corpus.form_list import Line, Scene
from tests.corpus.pages import Control, Form, Page

CALM = {200, 302, 400, 404, 413, 429}
URLENCODED = "application/x-www-form-urlencoded"
_WRITES = re.compile(r'^(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "(\w+)"')
_KEY = re.compile(r"[0-9a-f-]{36}|\d+|workshop-\d+|[\w-]{43}", re.ASCII)
_FIGURES = re.compile(r"\d+")
_UNSEEN = {"django_session"}
# Words that stand in no German sentence of ours.
_ENGLISH = re.compile(
    r"\b(the|this|please|is|not|of|field|value|enter|valid|ensure|select|required|characters|"
    r"must|should|cannot|choice|correct)\b",
    re.IGNORECASE,
)


@dataclass
class Answer:
    """What came of one sending: the response, the tables that were written to with their rows, and the
    page that follows where it was asked for."""

    response: Any
    tables: set[str]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    after: Any = None

    @property
    def status(self) -> int:
        return int(self.response.status_code)


class Desk:
    """A form of the site with everything it needs, as it stands before each sending."""

    def __init__(self, line: Line, client: Client, full_world: world.World) -> None:
        self.line = line
        self.scene = Scene(full_world, client)
        world.enter(client, full_world, line.role)
        self.client = client
        self.path = line.at(self.scene)
        self.page = page = line.page(self.scene) if line.page else self.path
        client.handler.enforce_csrf_checks = True
        shown = client.get(page)
        assert shown.status_code == 200, f"{page}: {shown.status_code} {shown.get('Location', '')}"
        self.form: Form = Page(shown.content.decode()).form_to(page, self.path, line.button)
        self.good: dict[str, list[str]] = {**self.form.data()}
        if line.button:
            self.good[line.button] = [dict(self.form.buttons).get(line.button, "1")]
        for name, value in line.data(self.scene).items():
            assert name in self.form.controls, f"no field {name}"
            self.good[name] = [str(value)]
        self.before = world.everything()

    @property
    def texts(self) -> list[str]:
        """The fields to write into."""
        return self.form.texts()

    @property
    def keys(self) -> list[str]:
        """What in the address is a key: of an object, a slug of a workshop, a token, a verb."""
        return [part for part in self.path.split("/") if _KEY.fullmatch(part)]

    def everywhere(self, value: str) -> dict[str, str]:
        """``value`` in every text; those that may not say the same as another get a number."""
        apart = self.line.apart
        return {
            name: f"{value} {apart.index(name) + 2}" if name in apart else value
            for name in self.texts
        }

    def of_kind(self, *kinds: str) -> list[str]:
        """The fields of these kinds."""
        return [
            name
            for name, one in self.form.controls.items()
            if one.kind in kinds and not one.read_only
        ]

    def body(self, changes: Mapping[str, str | list[str]] | None = None) -> bytes:
        """The form with ``changes`` as a browser would send it."""
        data = {**self.good}
        data.update(
            {
                name: value if isinstance(value, list) else [value]
                for name, value in (changes or {}).items()
            }
        )
        return urlencode(data, doseq=True, errors="surrogatepass").encode()

    def send(self, changes: Mapping[str, str | list[str]], **extra: Any) -> Answer:
        """Sends the form with ``changes``; whatever is written is undone afterwards, so that every
        sending meets the same world."""
        return self.send_raw(self.body(changes), **extra)

    def send_raw(self, body: bytes, content_type: str = URLENCODED, **extra: Any) -> Answer:
        """Sends bytes. ``path``: elsewhere; ``times``: as often; ``look``: whether the page that follows
        is opened (``Answer.after``)."""
        cache.clear()
        method, path = extra.pop("method", "POST"), extra.pop("path", self.path)
        times, look = extra.pop("times", 1), extra.pop("look", False)
        cookies = self.client.cookies.copy()
        with transaction.atomic(), _writes() as tables:
            for _time in range(times):
                response = self.client.generic(
                    method, path, body, content_type=content_type, **extra
                )
            answer = Answer(response, set(tables) - _UNSEEN)
            if look and answer.status == 302:
                answer.after = self.client.get(response["Location"], follow=True)
            for model in apps.get_models():
                if model._meta.db_table in answer.tables:
                    answer.rows[model._meta.label] = list(
                        model._base_manager.order_by("pk").values()
                    )
            transaction.set_rollback(True)
        # signing in and out would go on in the next sending
        self.client.cookies = cookies
        return answer

    # ── what came of it ──────────────────────────────────────────────────────
    def wrote(self, answer: Answer) -> str:
        """The rows that are new or changed, as a text; empty when nothing was written."""
        before = {label: self.before.get(label, []) for label in answer.rows}
        return world.changed(before, answer.rows)

    def words(self, answer: Answer) -> set[str]:
        """Every string that stands in the tables now and did not before."""
        known = {text for label in answer.rows for text in _strings(self.before.get(label, []))}
        return {text for text in _strings(answer.rows) if text not in known}

    def refused(self, answer: Answer) -> Page | None:
        """The page that came back, where the form was refused; else None."""
        if answer.status not in (200, 400, 429) or not _is_page(answer.response):
            return None
        page = Page(answer.response.content.decode())
        if answer.status == 200 and not any(page.wrong()) and not any(page.alerts):
            return None
        return page

    def complaints(self, sent: Mapping[str, str], answer: Answer, page: Page) -> list[str]:
        """What is wrong with a refusal: what was typed is kept, a German sentence stands beside the
        field, nothing was written."""
        found = []
        if answer.response.get("Content-Language") != "de" or page.language != "de":
            found.append("the page is not German")
        form = page.form_with(set(sent))
        if form is None:
            return [*found, "the form did not come back"]
        for name, value in sent.items():
            control = form.controls.get(name)
            if control is None:
                found.append(f"{name} is gone")
            elif name not in self.line.silent and not self._kept(control, value):
                found.append(f"{name} is not kept: {ascii(control.sends)[:80]}")
        sentences = []
        for control in page.wrong():
            said = " ".join(page.text_of(key) for key in control.described_by if "error" in key)
            if not said:
                found.append(f"no sentence beside {control.name}")
            sentences.append(said)
        if not sentences:
            sentences = page.alerts
        if not any(sentences):
            found.append("no sentence at all")
        found += [f"English: {said}" for said in sentences if _ENGLISH.search(said)]
        if wrote := self.wrote(answer):
            found.append(f"refused, yet written: {wrote}")
        return found

    def _kept(self, control: Control, value: str) -> bool:
        """Whether the field holds what was typed; a day or a time may be shown in another order."""
        shown = "".join(control.sends)
        if self.form.controls[control.name].kind in ("date", "time"):
            return sorted(map(int, _FIGURES.findall(shown))) == sorted(
                map(int, _FIGURES.findall(value))
            )
        return _typed([shown]) == _typed([value])

    def untidy(self, answer: Answer) -> list[str]:
        """The written strings that hide, turn or break text."""
        return [ascii(text)[:120] for text in self.words(answer) if not is_tidy(text)]


def is_tidy(text: str) -> bool:
    """NFC, no control characters but line breaks, no hidden or turning ones but joiners, no line and
    paragraph separators, and not made of invisible characters alone."""
    if text != unicodedata.normalize("NFC", text):
        return False
    bad = any(
        char not in "\n\u200c\u200d"
        and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        for char in text
    )
    seen = text.strip().strip("\u200c\u200d")
    return not bad and (not text or bool(seen))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)


def _typed(values: list[str]) -> str:
    """As a browser keeps it: one kind of line break, what is no character replaced."""
    text = "".join(values).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_page(response: Any) -> bool:
    return bool(response.get("Content-Type", "").startswith("text/html"))


@contextmanager
def _writes() -> Iterator[list[str]]:
    """The names of the tables that statements inside write to."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if match := _WRITES.match(sql):
            found.append(match[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def short(value: Any) -> str:
    """A value for a message."""
    return ascii(value)[:60] if isinstance(value, str) else json.dumps(value, default=str)[:60]
