"""Above a change form that was refused stands what is wrong, each with a link to its field (WCAG 3.3.1)."""

from __future__ import annotations

import re

import pytest

from tests.corpus.form_list import DESK, every_form
from tests.corpus.pages import Page
from tests.corpus.sending import Desk

pytestmark = pytest.mark.django_db
PAGES = [line for line in DESK if line.url.endswith(("_change", "_add"))]


@every_form(*PAGES)
def test_the_summary_of_a_refused_change_form_links_to_each_field_in_error(desk: Desk) -> None:
    emptied = {name: "" for name, one in desk.form.controls.items() if one.is_text}
    days = dict.fromkeys(desk.of_kind("date", "time"), "x")
    html = desk.send(emptied | days).response.content.decode()
    page = Page(html)
    wrong = {one.name for one in page.wrong()}
    if not wrong:  # a form in which nothing is needed
        assert 'href="#id_' not in html
        return
    head = html[: html.index("<h1")]
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    links = set(re.findall(r'href="#(id_[^"]+)"', head))
    assert links <= ids
    for name in wrong:
        places = {f"id_{name}", f"id_{name}_0", f"id_{re.sub('_1$', '_0', name)}"}
        assert places & links, name
    assert "<title>Fehler:" in html
    assert 'class="errornote"' not in html
