"""The two lines of a tandem on its pages, which lie in packages that know nothing of meetings."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.timezone import localdate

from matching.models import Tandem
from mentoring.home.lines import Lines, read_lines
from mentoring.home.page import months_of

register = template.Library()


@register.inclusion_tag("home/includes/lines.html", takes_context=True)
def tandem_lines(context: Any, tandem: Tandem, lines: Lines | None = None) -> dict[str, Any]:
    """The months of a tandem with its two lines; ``lines`` where they were read before, else five queries."""
    now = context["request"].now
    found = lines or read_lines(tandem, now)
    return {
        "tandem": tandem,
        "lines": found,
        "title": months_of(tandem.cohort, localdate(now))["title"] if found else "",
    }
