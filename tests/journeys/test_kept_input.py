"""A session ends while somebody writes: after signing in again the words stand in the form (C11)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.stage import PASSWORD
from tests.journeys.test_german import sign_in_as_staff, sign_in_by_code
from tests.journeys.walk import Walk, mails, send_due

pytestmark = pytest.mark.browser
WORDS = "Ich möchte zuerst wissen, wie oft wir uns treffen.\nUnd wo?"


def test_c11_a_mentor_signed_out_in_another_tab_loses_no_word(
    tandem_stage: Any, browser: Browser
) -> None:
    ground, server, facts = tandem_stage
    walk = Walk(browser, ground, server, phone=True)
    sign_in_by_code(walk, ground, facts["mentor"])
    page = walk.open("/me/tandem/")
    address = page.url
    walk.tick("[name=answer][value=question]")
    page.fill("[name=question]", WORDS)
    walk.follow("button[name=lang]")  # the other language and back: as it was
    assert page.input_value("[name=question]") == WORDS
    assert page.locator("[name=answer][value=question]").is_checked()
    walk.follow("button[name=lang]")
    assert page.input_value("[name=question]") == WORDS
    other = walk.context.new_page()
    other.goto("/")
    other.locator("button[name=sign-out]").click()
    other.close()
    walk.press("confirm-tandem")
    assert "bewahren wir 30 Minuten auf" in walk.text()
    assert WORDS[:12] not in page.url
    page.fill("#id_code_email", facts["mentor"])
    walk.press("request-code")
    send_due(ground)
    message = mails(ground, to=facts["mentor"], kind="sign-in-code")[-1]
    code = re.search(r"[A-Z0-9]{4}-?[A-Z0-9]{4}|[A-Z0-9]{6,}", str(message["Subject"]))
    assert code
    page.fill("[name=code]", code[0])
    walk.press("confirm-code")
    assert page.url == address
    assert "Abgeschickt ist noch nichts" in walk.text()
    assert page.input_value("[name=question]") == WORDS
    assert page.locator("[name=answer][value=question]").is_checked()
    walk.press("confirm-tandem")
    assert "Abgeschickt ist noch nichts" not in walk.text()
    send_due(ground)
    assert mails(ground, kind="tandem-question-office")
    walk.close()


def test_c11_a_coordinators_session_ends_before_saving(tandem_stage: Any, browser: Browser) -> None:
    """Back by password and second factor, to the page and not to the desk."""
    ground, server, facts = tandem_stage
    walk = Walk(browser, ground, server)
    sign_in_as_staff(walk, facts["coordinator"], facts["secret"])
    page = walk.open(f"/admin/mentors/mentor/{facts['other_mentor']}/change/")
    address = page.url
    page.fill("[name=about]", WORDS)
    walk.context.clear_cookies(name="session")
    walk.follow("[name=_save]")
    assert "bewahren wir 30 Minuten auf" in walk.text()
    page.locator("details.more summary").click()
    page.fill("[name=login]", facts["coordinator"])
    page.fill("[name=password]", PASSWORD)
    walk.press("sign-in")
    page.fill("[name=code]", facts["codes"][0])
    walk.press("authenticate")
    assert page.url == address
    assert page.input_value("[name=about]") == WORDS
    assert "Abgeschickt ist noch nichts" in walk.text()
    walk.follow("[name=_save]")
    page = walk.open(f"/admin/mentors/mentor/{facts['other_mentor']}/change/")
    assert page.input_value("[name=about]") == WORDS
    walk.close()
