"""Shorter journeys: in English, over the links without JavaScript, and a place in a workshop."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.test_german import choose, sign_in_by_code
from tests.journeys.walk import Walk, body, link_in, mails, send_due

pytestmark = pytest.mark.browser


def test_an_application_in_english(tandem_stage: Any, browser: Browser) -> None:
    ground, server, _facts = tandem_stage
    walk = Walk(browser, ground, server, language="en-GB", phone=True)
    page = walk.open("/apply/")
    assert page.locator("html").get_attribute("lang") == "en"
    choose(walk, "subject", "Cello")
    choose(walk, "degree", "Master")
    page.fill("[name=semester]", "1")
    page.fill("[name=semesters_left]", "3")
    walk.tick("[name=german][value=good]")
    walk.go_on("person")
    assert page.locator("[name=subject]").is_hidden()
    page.fill("[name=name]", "Noah Lindqvist")
    page.fill("[name=email]", "noah@example.org")
    page.press("[name=email]", "Enter")  # goes on; what is unfinished is not sent
    assert page.locator(".steps-nav [aria-current=step]").inner_text() == "Goals"
    walk.tick("[name=career_fields]")
    page.select_option("[name=topic_1]", index=1)
    for name in ("motivation", "goals", "expectations"):
        page.fill(f"[name={name}]", "I would like to hear how it really is.")
    for language in ("de", "en"):  # the switch keeps the part and what was typed
        walk.follow("button[name=lang]")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("#goals").is_visible()
        assert page.locator("#person").is_hidden()
    walk.go_on("wishes")
    walk.go_on("time")
    walk.tick("[name=languages]")
    page.go_back()
    page.go_back()
    assert page.input_value("[name=goals]") == "I would like to hear how it really is."
    page.go_forward()
    page.go_forward()
    walk.go_on("consent")
    walk.tick("[name=agree]")
    walk.press("submit-application")
    send_due(ground)
    [message] = mails(ground, to="noah@example.org", kind="application-confirm")
    assert "Please" in str(message["Subject"])
    walk.open(link_in(message))
    walk.tick("[name=answer][value=confirm]")
    walk.press("confirm-application")
    sign_in_by_code(walk, ground, "noah@example.org")
    assert "Cohort" in walk.text()
    walk.close()
    assert ground.call("tests.journeys.stage:breaches") == []


def test_a_bar_fills_only_when_its_part_is_answered(tandem_stage: Any, browser: Browser) -> None:
    ground, server, _facts = tandem_stage
    walk = Walk(browser, ground, server, language="en-GB")
    page = walk.open("/apply/")

    def answered() -> list[str]:
        found = page.locator(".steps-nav .is-done a").all_inner_texts()
        names = [name.split(",")[0].strip() for name in found]
        assert page.locator(".steps-answered").inner_text() == f"Answered: {len(names)} of 6 parts"
        return names

    for part in ("person", "goals", "wishes", "time", "consent"):
        walk.go_on(part)
    assert answered() == []  # read, also those that need nothing
    page.goto(f"{page.url.split('#')[0]}#person")
    page.fill("[name=name]", "Noah Lindqvist")
    assert answered() == []
    page.fill("[name=email]", "noah@example.org")
    assert answered() == ["About you"]
    page.fill("[name=email]", "noah@")
    assert answered() == []
    page.goto(f"{page.url.split('#')[0]}#wishes")
    page.fill("[name=wish_1]", "Henrike Osterloh")
    assert answered() == ["Wishes"]
    walk.close()


def test_the_form_shows_its_parts_without_javascript_and_whole_on_request(
    tandem_stage: Any, browser: Browser
) -> None:
    ground, server, _facts = tandem_stage
    walk = Walk(browser, ground, server, javascript=False)
    page = walk.open("/apply/")
    page.fill("[name=semester]", "3")
    walk.go_on("person")
    assert page.locator("[name=semester]").is_hidden()
    page.locator('.steps-nav a[href="#whole"]').click()
    for name in ("semester", "email", "goals", "wish_1", "agree"):
        assert page.locator(f"[name={name}]").first.is_visible()
    assert page.input_value("[name=semester]") == "3"
    walk.press("submit-application")  # comes back whole, with what there is to mend
    assert page.locator("[name=semester]").is_visible()
    assert page.locator("#id_email_error").is_visible()
    page = walk.open("/apply/?view=single")
    for name in ("semester", "email", "goals", "wish_1", "agree"):
        assert page.locator(f"[name={name}]").first.is_visible()
    walk.close()


def test_the_mentors_links_without_javascript(tandem_stage: Any, browser: Browser) -> None:
    ground, server, facts = tandem_stage
    send_due(ground)
    walk = Walk(browser, ground, server, javascript=False)
    page = walk.open(link_in(mails(ground, to=facts["mentor"], kind="tandem-invitation")[-1]))
    walk.press("confirm-tandem")
    assert "noch ist nichts entschieden" in walk.text()
    walk.tick("[name=answer][value=confirm]")
    walk.press("confirm-tandem")
    ground.call("tests.journeys.stage:offer_dates")
    send_due(ground)
    walk.open(link_in(mails(ground, to=facts["mentor"])[-1]))
    walk.tick("[name=answer]")
    walk.press("pick-date")
    assert page.locator("h1").count() == 1
    send_due(ground)
    assert mails(ground, to=facts["mentor"], kind="meeting-scheduled")
    walk.close()
    assert ground.call("tests.journeys.stage:breaches") == []


def test_the_eleventh_waits_and_moves_up(tandem_stage: Any, browser: Browser) -> None:
    ground, server, facts = tandem_stage
    made = ground.call("tests.journeys.stage:full_workshop")
    walk = Walk(browser, ground, server, phone=True, dark=True)
    sign_in_by_code(walk, ground, facts["mentee"])
    walk.open(f"/workshops/{made['slug']}/")
    walk.press("register-workshop")
    assert "Platz 1" in walk.text()
    send_due(ground)
    assert mails(ground, to=facts["mentee"], kind="workshop-waitlisted")
    ground.call("tests.journeys.stage:somebody_cancels", slug=made["slug"])
    send_due(ground)
    [promoted] = mails(ground, to=facts["mentee"], kind="workshop-promotion")
    assert made["title"] in body(promoted)
    walk.open("/me/")
    assert made["title"] in walk.text()
    walk.close()
    assert ground.call("tests.journeys.stage:breaches") == []
