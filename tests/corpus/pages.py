"""Reads a page as a browser and a screen reader do: its forms, their controls, and what is said beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

# void elements never close
VOID = {"input", "br", "img", "link", "meta", "hr", "source", "wbr", "col", "area", "base", "embed"}
LINES = {"text", "search", "tel", "url", "email", "password", ""}


@dataclass
class Control:
    """Everything of one name: the kind of its input, the values it sends as the page stands, the values it
    offers, whether it is marked wrong, and the ids of what describes it."""

    name: str
    kind: str
    sends: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    wrong: bool = False
    described_by: list[str] = field(default_factory=list)
    many: bool = False
    read_only: bool = False
    longest: int | None = None

    @property
    def is_words(self) -> bool:
        """Something to write words into, without a grammar of its own."""
        return self.kind in ("text", "textarea", "")

    @property
    def is_text(self) -> bool:
        """Something to write into."""
        return self.kind in LINES or self.kind == "textarea"


@dataclass
class Form:
    """A form of the page: where it is sent, and its controls by name."""

    action: str
    method: str
    key: str = ""
    controls: dict[str, Control] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def data(self) -> dict[str, list[str]]:
        """What the browser would send if nothing was typed, without a button."""
        return {name: one.sends for name, one in self.controls.items() if one.sends}

    def texts(self) -> list[str]:
        """The names of the controls to write into."""
        return [name for name, one in self.controls.items() if one.is_text and not one.read_only]


class Page(HTMLParser):
    """A parsed page: ``forms``, where its ``links`` lead, and ``text_of`` an element by its id."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.alerts: list[str] = []
        self.buttons: list[dict[str, str]] = []
        self.language = ""
        self.links: list[str] = []
        self._form: Form | None = None
        self._open: list[tuple[str, str, bool]] = []  # tag, id, is an alert
        self._texts: dict[str, list[str]] = {}
        self._fieldsets: list[list[str]] = []  # what describes each open one
        self._area: Control | None = None
        self._select: Control | None = None
        self._option: list[Any] | None = None
        self.feed(html)
        self.close()

    def text_of(self, key: str) -> str:
        """The words inside the element with this id; empty where there is none."""
        return " ".join("".join(self._texts.get(key, [])).split())

    # ── the parser's calls ───────────────────────────────────────────────────
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "button":
            self.buttons.append(values)
        if tag == "html":
            self.language = values.get("lang", "")
        if tag == "form":
            self._form = Form(
                values.get("action", ""), values.get("method", "get").lower(), values.get("id", "")
            )
            self.forms.append(self._form)
        if tag == "fieldset":
            self._fieldsets.append(values.get("aria-describedby", "").split())
        if self._form is not None:
            self._control(tag, values)
        if tag not in VOID:
            key = values.get("id", "")
            is_alert = values.get("role") == "alert" or bool(
                {"errornote", "errorlist", "messagelist"} & set(values.get("class", "").split())
            )
            self._open.append((tag, key, is_alert))
            if key:
                self._texts.setdefault(key, [])
            if is_alert:
                self.alerts.append("")

    def _control(self, tag: str, values: dict[str, str]) -> None:
        assert self._form is not None
        name = values.get("name", "")
        if tag == "option" and self._select is not None:
            self._option = [values.get("value"), "selected" in values]
        if "disabled" in values or not name or "__prefix__" in name:  # a row for scripts to copy
            return
        if tag == "button" or (tag == "input" and values.get("type") in ("submit", "image")):
            self._form.buttons.append((name, values.get("value", "")))
            return
        if tag not in ("input", "textarea", "select"):
            return
        kind = {"input": values.get("type", "text"), "textarea": "textarea"}.get(tag, "select")
        classes = values.get("class", "").split()
        if "vDateField" in classes or "vTimeField" in classes:
            kind = "date" if "vDateField" in classes else "time"
        one = self._form.controls.setdefault(name, Control(name, kind))
        one.wrong = one.wrong or values.get("aria-invalid") == "true"
        one.described_by += values.get("aria-describedby", "").split()
        one.described_by += self._fieldsets[-1] if self._fieldsets else []
        one.read_only = "readonly" in values
        if values.get("maxlength", "").isdigit():
            one.longest = int(values["maxlength"])
        if tag == "textarea":
            one.sends, self._area = [""], one
        elif tag == "select":
            one.many, self._select = "multiple" in values, one
        elif kind in ("radio", "checkbox"):
            one.many = kind == "checkbox"
            one.offers.append(values.get("value", "on"))
            if "checked" in values:
                one.sends.append(values.get("value", "on"))
        elif kind != "file":
            several = one.many or kind == "hidden"
            one.sends = [*(one.sends if several else []), values.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            # the first line break belongs to the tag
            self._area.sends = [self._area.sends[0].removeprefix("\n")]
            self._area = None
        if tag == "option" and self._select is not None and self._option is not None:
            value, chosen = self._option
            self._select.offers.append(value)
            if chosen or (not self._select.sends and not self._select.many):
                self._select.sends = [*self._select.sends, value] if self._select.many else [value]
            self._option = None
        if tag == "select":
            self._select = None
        if tag == "form":
            self._form = None
        if tag == "fieldset" and self._fieldsets:
            self._fieldsets.pop()
        while self._open:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.sends = [self._area.sends[0] + data]
            return
        if self._option is not None and self._option[0] is None:
            self._option[0] = data
        for _tag, key, is_alert in self._open:
            if key:
                self._texts[key].append(data)
            if is_alert and self.alerts:
                self.alerts[-1] += data

    # ── finding ──────────────────────────────────────────────────────────────
    def form_to(self, page: str, target: str, button: str = "") -> Form:
        """The form of the page at ``page`` that is posted to ``target`` (and has the button)."""
        found = [
            form
            for form in self.forms
            if form.method == "post"
            and (urlsplit(form.action).path or urlsplit(page).path) == target
            and (not button or button in dict(form.buttons) or button in form.controls)
        ]
        if not found:
            raise LookupError(f"{page} has no form to {target}")
        return max(found, key=lambda form: len(form.controls))

    def form_with(self, names: set[str]) -> Form | None:
        """The form that has the most of these names, for what came back."""
        found = [form for form in self.forms if names & set(form.controls)]
        return max(found, key=lambda form: len(names & set(form.controls)), default=None)

    def wrong(self) -> Iterator[Control]:
        """The controls that are marked wrong."""
        for form in self.forms:
            yield from (one for one in form.controls.values() if one.wrong)
