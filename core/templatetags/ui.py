"""Filters and tags for every template (loaded as builtins)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import MultiWidget
from django.template.defaulttags import CsrfTokenNode
from django.utils import formats, timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, npgettext

from core import kept_input, page_cache
from core.formats.de.formats import TIME_FORMAT as CLOCK
from core.ical import CLOCK_TIME
from core.times import last_day, midnight

register = template.Library()
_TAG = re.compile(r"<[^>]+>")


class SealedCsrfTokenNode(CsrfTokenNode):
    """Django's hidden CSRF token, and beside it the seal of ``core/kept_input.py`` (C11)."""

    def render(self, context: Any) -> SafeString:
        """Both hidden fields; nothing where Django gives no token."""
        token: SafeString = super().render(context)  # type: ignore[assignment]
        request = context.get("request")
        if not token or request is None:
            return token
        page_cache.is_for_this_visitor(str(context["csrf_token"]))
        return format_html(
            '{}<input type="hidden" name="{}" value="{}">',
            token,
            kept_input.FIELD,
            kept_input.seal(request),
        )


@register.tag("csrf_token")
def csrf_token(parser: Any, token: Any) -> SealedCsrfTokenNode:
    """Replaces Django's tag of the same name, also in the templates of libraries."""
    return SealedCsrfTokenNode()


class NamedZoneNode(template.Node):
    """The content of the tag, followed by a sentence with the time zone where the content shows clock times."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Any) -> SafeString:
        """The content, with or without the sentence."""
        shown = self.nodelist.render(context)
        sentence = zone_name()
        if sentence in shown or not CLOCK_TIME.search(_TAG.sub(" ", shown)):
            return shown
        return shown + format_html('<p class="small soft zone">{}</p>\n', sentence)


@register.tag("named_zone")
def named_zone(parser: Any, token: Any) -> NamedZoneNode:
    """``{% named_zone %} … {% endnamed_zone %}``, see ``NamedZoneNode``."""
    nodelist = parser.parse(("endnamed_zone",))
    parser.delete_first_token()
    return NamedZoneNode(nodelist)


@register.simple_tag
def zone_name() -> str:
    """“Alle Uhrzeiten sind Berliner Zeit.”, where a form asks for times."""
    return gettext("All times are Berlin time.")


@register.simple_tag(takes_context=True)
def form_changed(context: Any) -> str:
    """“1” where the form holds values that are not saved: it was refused, or restored from ``kept_input``.
    ``unsaved.js`` then asks before the page is left, as it does after any input."""
    kept = kept_input.current()
    if kept is None:
        request = context.get("request")
        return "1" if request is not None and request.method == "POST" else ""
    return kept.data.get(kept_input.CHANGED, "") if kept.quiet or kept.lost else "1"


@register.simple_tag
def what_was_kept() -> kept_input.Kept | None:
    """What was restored into the forms of this page, or could not be kept; None where the page needs no
    message."""
    if found := kept_input.current():
        found.shown = True
    return None if found is None or found.quiet else found


def _german() -> bool:
    return not (get_language() or "de").startswith("en")


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) else value


@register.filter
def day(value: date | datetime | None, now: datetime | None = None) -> str:
    """“Mittwoch, 20. Januar” / “Wednesday, 20 January”, with the year where it is not the year of ``now``;
    empty for None."""
    if value and now and _local(value).year != _local(now).year:
        return full_day(value)
    return formats.date_format(_local(value), "l, j. F" if _german() else "l, j F") if value else ""


@register.filter
def full_day(value: date | datetime | None) -> str:
    """“Mittwoch, 20. Januar 2027”; empty for None."""
    return (
        formats.date_format(_local(value), "l, j. F Y" if _german() else "l, j F Y")
        if value
        else ""
    )


@register.filter
def short_day(value: date | datetime | None) -> str:
    """“Mi, 20. Jan.” / “Wed, 20 Jan”; empty for None."""
    if not value:
        return ""
    return formats.date_format(_local(value), "D, j. N" if _german() else "D, j M")


@register.filter
def dated(value: date | datetime | None) -> str:
    """“20. Jan. 2027” / “20 Jan 2027”, for columns that span several years; empty for None."""
    if not value:
        return ""
    return formats.date_format(_local(value), "j. N Y" if _german() else "j M Y")


@register.filter
def clock(value: datetime | None) -> str:
    """“17.30 Uhr” / “17:30”, in Europe/Berlin; empty for None."""
    return formats.date_format(_local(value), "TIME_FORMAT") if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """“Mittwoch, 20. Januar 2027, 17.30 Uhr”; empty for None."""
    if not value:
        return ""
    return formats.date_format(
        _local(value), "l, j. F Y, " + CLOCK if _german() else "l, j F Y, H:i"
    )


_FORMS = {"full_day": full_day, "short_day": short_day, "moment": full_day}


def _said(form: str, value: date | datetime, now: datetime | None) -> str:
    return day(value, now) if form == "day" else _FORMS[form](value)


@register.filter
def until_when(
    value: date | datetime | None, form: str = "full_day", now: datetime | None = None
) -> str:
    """A deadline in one of the forms above. One at midnight is the end of the day before: “Dienstag,
    15. Dezember, 24 Uhr” / “Tuesday, 15 December, midnight”. ``day alone``, ``full_day alone`` and ``clock``
    are parts of a sentence that says both; empty for None. ``now`` is as in ``day``."""
    if not value:
        return ""
    name, _, alone = form.partition(" ")
    if not isinstance(value, datetime):
        return _said(name, value, now)
    shown, whole = last_day(value)
    if form == "clock":
        return midnight(german=_german()) if whole else clock(value)
    if not whole:
        return moment(value) if name == "moment" else _said(name, value, now)
    said = _said(name, shown, now)
    return said if alone or name == "short_day" else f"{said}, {midnight(german=_german())}"


@register.filter
def span(start: datetime, end: datetime) -> str:
    """“17.30–18.30 Uhr” / “17:30–18:30”; an end at midnight is “24 Uhr” / “midnight”."""
    if _german():
        return f"{formats.date_format(_local(start), 'G.i')}–{until_when(end, 'clock')}"
    return f"{clock(start)}–{until_when(end, 'clock')}"


@register.filter
def state(obj: Any, now: datetime | None = None) -> SafeString:
    """The object's state as a word with its symbol; ``{{ meeting|state:request.now }}`` where the wording
    depends on the time."""
    word = obj.state_word(now)
    return format_html('<span class="state state-{}">{}</span>', word.look, word.label)


@register.filter
def person(name: Any) -> SafeString:
    """A person's name, in the serif typeface."""
    return format_html('<span class="name">{}</span>', name)


@register.filter
def prose(text: str) -> SafeString:
    """Plain text as HTML: blank lines separate paragraphs, “## ” begins a heading, “- ” an item."""
    out = []
    for block in (part.strip() for part in text.replace("\r\n", "\n").split("\n\n")):
        if not block:
            continue
        lines = block.splitlines()
        if block.startswith("## "):
            out.append(f"<h3>{escape(lines[0][3:])}</h3>")
            lines = lines[1:]
            if not lines:
                continue
        if all(line.startswith("- ") for line in lines):
            items = "".join(f"<li>{escape(line[2:])}</li>" for line in lines)
            out.append(f"<ul>{items}</ul>")
        else:
            out.append("<p>" + "<br>".join(escape(line) for line in lines) + "</p>")
    return mark_safe("\n".join(out))  # noqa: S308 - every line is escaped above


@register.filter
def hours(minutes: float) -> str:
    """Minutes as hours in the language of the page: “31,5”."""
    return formats.number_format(round(minutes / 60, 1), use_l10n=True).rstrip("0").rstrip(",.")


@register.filter
def in_hours(minutes: float) -> str:
    """Minutes as hours with their noun: “one hour”, “31.5 hours”."""
    one = round(minutes / 60, 1) == 1
    said = npgettext("for", "one hour", "%(hours)s hours", 1 if one else 2)
    return said % {"hours": hours(minutes)}


@register.filter
def anchor(field: Any) -> str:
    """The id of the first control of a field: the target of the link in an error summary."""
    several = isinstance(field.field.widget, MultiWidget)
    grouped = field.use_fieldset and getattr(field.field, "choices", None)
    return f"{field.auto_id}_0" if several or grouped else str(field.auto_id)
