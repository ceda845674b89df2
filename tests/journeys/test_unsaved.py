"""Whoever is about to leave a form begun is asked first, and nobody else is (C11)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page

from tests.journeys.test_german import sign_in_as_staff, sign_in_by_code
from tests.journeys.walk import Walk

pytestmark = pytest.mark.browser
WORDS = "Ich möchte zuerst wissen, wie oft wir uns treffen."
WAYS = {
    "a link": "document.querySelector('header a[href^=\"/\"]').click()",
    "a reload": "location.reload()",
    "the way back": "history.back()",
    "closing": "",
}


class Asked:
    """Counts the questions of a page and answers each with “stay”."""

    def __init__(self, page: Page) -> None:
        self.page, self.number = page, 0
        page.on("dialog", self._stay)

    def _stay(self, dialog: Dialog) -> None:
        assert dialog.type == "beforeunload"
        self.number += 1
        dialog.dismiss()

    def on(self, script: str) -> None:
        """Leaves by ``script`` (nothing: by closing); fails where nobody asks within two seconds."""
        with self.page.expect_event("dialog", timeout=2000):
            if script:
                self.page.evaluate(f"setTimeout(() => {{ {script} }})")
            else:
                self.page.close(run_before_unload=True)


def test_c11_a_participant_is_asked_before_leaving_a_form_begun(
    tandem_stage: Any, browser: Browser
) -> None:
    ground, server, facts = tandem_stage
    walk = Walk(browser, ground, server, axe=False)
    sign_in_by_code(walk, ground, facts["mentor"])
    walk.open("/me/")
    page = walk.open("/me/tandem/")
    asked = Asked(page)
    page.reload()  # nothing is typed
    walk.tick("[name=answer][value=question]")
    page.fill("[name=question]", WORDS)
    assert asked.number == 0
    for number, (way, script) in enumerate(WAYS.items(), 1):
        asked.on(script)
        assert asked.number == number, way
        assert page.input_value("[name=question]") == WORDS
    for _language in ("en", "de"):  # by the form itself nobody leaves it …
        walk.follow("button[name=lang]")
    assert asked.number == len(WAYS)
    asked.on(WAYS["a link"])  # … and it still holds what is sent nowhere
    walk.press("confirm-tandem")
    page.reload()
    assert asked.number == len(WAYS) + 1
    walk.close()


def test_c11_a_switched_language_alone_is_no_form_begun(
    tandem_stage: Any, browser: Browser
) -> None:
    ground, server, _facts = tandem_stage
    walk = Walk(browser, ground, server, axe=False)
    page = walk.open("/apply/")
    asked = Asked(page)
    walk.follow("button[name=lang]")
    page.locator("body").click()
    walk.follow(".colophon a[href='/privacy/']")
    assert asked.number == 0
    walk.close()


def test_c11_the_desk_asks_before_a_verb_leads_away_from_a_form_begun(
    tandem_stage: Any, browser: Browser
) -> None:
    ground, server, facts = tandem_stage
    walk = Walk(browser, ground, server, axe=False)
    sign_in_as_staff(walk, facts["coordinator"], facts["secret"])
    address = f"/admin/mentors/mentor/{facts['other_mentor']}/change/"
    page = walk.open(address)
    asked = Asked(page)
    walk.follow(".verbs-row a")  # nothing is typed
    walk.open(address)
    page.fill("[name=about]", WORDS)
    page.fill("[name=about]", "")  # nothing again
    page.reload()
    page.fill("[name=about]", WORDS)
    asked.on("document.querySelector('.verbs-row a').click()")
    assert page.input_value("[name=about]") == WORDS
    assert asked.number == 1
    page.fill("[name=name]", "")
    walk.follow("[name=_continue]")  # refused: it holds what is not saved
    page.locator("h1").click()
    asked.on(WAYS["a reload"])
    page.fill("[name=name]", "Tobias Wendland")
    walk.follow("[name=_continue]")
    walk.follow(".verbs-row a")  # saved
    assert asked.number == 2
    walk.close()


def test_c11_without_javascript_nobody_is_asked_and_the_switch_keeps_the_words(
    tandem_stage: Any, browser: Browser
) -> None:
    ground, server, _facts = tandem_stage
    walk = Walk(browser, ground, server, javascript=False)
    page = walk.open("/apply/?view=single")
    asked = Asked(page)
    page.fill("[name=goals]", WORDS)
    walk.follow("button[name=lang]")
    assert page.input_value("[name=goals]") == WORDS
    walk.follow(".colophon a[href='/privacy/']")
    assert asked.number == 0
    walk.close()
