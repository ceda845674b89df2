"""The whole journey in German, from application to reminder, each step by the person who takes it.

axe looks at every page; a console error, a request to a stranger or a page that scrolls sideways fails.
"""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser

from tests.journeys.stage import PASSWORD
from tests.journeys.walk import Walk, body, link_in, mails, send_due
from tests.races.harness import Ground

pytestmark = pytest.mark.browser
STUDENT = "leyla.arslan@example.org"
MENTOR = "henrike.osterloh@example.org"


def sign_in_by_code(walk: Walk, ground: Ground, email: str) -> None:
    """A participant's way in: address, mail, code."""
    walk.open("/account/login/")
    walk.page.fill("#id_code_email", email)
    walk.press("request-code")
    send_due(ground)
    message = mails(ground, to=email, kind="sign-in-code")[-1]
    code = re.search(r"[A-Z0-9]{4}-?[A-Z0-9]{4}|[A-Z0-9]{6,}", str(message["Subject"]))
    assert code, message["Subject"]
    walk.page.fill("[name=code]", code[0])
    walk.press("confirm-code")


def sign_in_as_staff(walk: Walk, email: str, secret: str) -> None:
    """A coordinator's way in: password, second factor."""
    walk.open("/account/login/?next=/admin/")
    walk.page.locator("details.more summary").click()
    walk.page.fill("[name=login]", email)
    walk.page.fill("[name=password]", PASSWORD)
    walk.press("sign-in")
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    walk.page.fill("[name=code]", code)
    walk.press("authenticate")


def choose(walk: Walk, name: str, label: str) -> None:
    """Picks the option of a select that begins with ``label``."""
    values = walk.page.locator(f"select[name={name}] option").all()
    for option in values:
        if option.inner_text().strip().startswith(label):
            walk.page.select_option(f"select[name={name}]", option.get_attribute("value") or "")
            return
    raise AssertionError(f"{name}: no option {label}")


def apply(walk: Walk, ground: Ground) -> None:
    """A student applies and confirms the address."""
    page = walk.open("/")
    assert page.locator("html").get_attribute("lang") == "de"
    walk.press("start-application")
    for part in ("person", "goals", "wishes", "time", "consent"):
        walk.go_on(part)
    walk.press("submit-application")  # nothing filled in: every question says what is missing
    assert page.locator("[aria-invalid=true]").count() >= 8
    choose(walk, "subject", "Violoncello")
    choose(walk, "degree", "Master")
    page.fill("[name=semester]", "1")
    page.fill("[name=semesters_left]", "3")
    walk.tick("[name=german][value=native]")
    page.fill("[name=name]", "Leyla Arslan")
    page.fill("[name=email]", STUDENT)
    walk.tick("[name=career_fields]")
    page.select_option("[name=topic_1]", index=1)
    page.fill("[name=motivation]", "Ich übe viel und weiß trotzdem nicht, was am Ende überzeugt.")
    page.fill("[name=goals]", "Mein erstes Probespiel bestehen, ohne daran zu verzweifeln.")
    page.fill("[name=expectations]", "Jemand sagt mir ehrlich, wie ich wirke.")
    page.fill("[name=words_for_mentor]", "Ich wünsche mir jemanden, dem ich Fragen stellen darf.")
    page.fill("[name=wish_1]", "Henrike Osterloh")
    walk.tick("[name=languages]")
    walk.tick("[name=agree]")
    walk.press("submit-application")
    assert "/apply/sent/" in page.url
    send_due(ground)
    [message] = mails(ground, to=STUDENT, kind="application-confirm")
    walk.open(link_in(message))
    walk.press("confirm-application")  # nothing chosen: nothing happens
    assert page.locator("[aria-invalid=true], .field-wrong").count() >= 1
    walk.tick("[name=answer][value=confirm]")
    walk.press("confirm-application")
    sign_in_by_code(walk, ground, STUDENT)
    assert "/me/" in page.url
    assert "eingegangen" in walk.text()


def accept(walk: Walk, ground: Ground) -> None:
    """A coordinator reads and accepts, having seen the mail that will go out."""
    walk.open("/admin/mentees/application/")
    walk.follow("main a:has-text('Leyla Arslan')")
    text = walk.text()
    assert "Mein erstes Probespiel bestehen" in text
    assert "Deutsch" in text  # the rules beside the answers
    walk.follow('a[href$="/do/accept/"]')
    assert "E-Mail" in walk.text()
    walk.press("accept-application")
    send_due(ground)
    assert mails(ground, to=STUDENT, kind="application-accepted")


def enter_mentor(walk: Walk) -> None:
    """A coordinator enters a mentor; active only with five criteria met and a consent."""
    page = walk.open("/admin/mentors/mentor/add/")
    page.fill("[name=name]", "Henrike Osterloh")
    page.fill("[name=profession]", "Solocellistin im Kammerorchester")
    page.fill("[name=email]", MENTOR)
    page.fill("[name=capacity]", "1")
    walk.tick("[name=career_fields]")
    walk.tick("[name=topics]")
    walk.follow("[name=_continue]")
    for verb in ("contact", "review"):
        walk.follow(f'a[href$="/do/{verb}/"]')
        walk.press(f"{verb}-mentor")
    walk.follow('a[href$="/do/activate/"]')
    walk.press("activate-mentor")  # refused: nothing is met yet
    assert "mehrjährige Berufserfahrung" in walk.text()
    page.go_back()
    page.go_back()
    walk.look()
    for number in range(1, 6):
        walk.tick(f"[name='criterion-{number}-verdict'][value=met]")
        page.fill(f"[name='criterion-{number}-evidence']", "seit zwölf Jahren im Orchester")
    walk.press("save-criteria")
    walk.follow('a[href$="/do/record-consent/"]')
    page.fill("[name=how]", "im Gespräch am Telefon")
    walk.press("record-consent-mentor")
    walk.follow('a[href$="/do/activate/"]')
    walk.press("activate-mentor")
    assert "aktiv" in page.locator(".state").first.inner_text()


def plan_and_propose(walk: Walk, cohort: str) -> None:
    """A coordinator computes a plan, fixes one pair, excludes another, plans again and proposes."""
    walk.open(f"/admin/matching/matchingrun/cohort/{cohort}/")
    walk.press("compute-plan")
    walk.follow("main a:has-text('Leyla Arslan')")
    walk.follow("main a:has-text('Warum nicht')")
    walk.follow(":has(> #why-title) button[name=forbid-pair]")
    walk.press("compute-plan")
    walk.follow("main a:has-text('Leyla Arslan')")
    walk.press("pin-pair")
    walk.press("compute-plan")
    walk.follow("main a:has-text('Leyla Arslan')")
    assert "Henrike Osterloh" in walk.text()
    walk.press("propose-tandem")


def agree(walk: Walk, ground: Ground) -> None:
    """The mentee sees the proposal and agrees."""
    send_due(ground)
    assert mails(ground, to=STUDENT, kind="tandem-proposal")
    walk.open("/me/")
    assert "Ihr Einsatz" in walk.text()
    walk.press("answer-proposal")
    walk.tick("[name=answer][value=agree]")
    walk.press("agree-tandem")


def approve(walk: Walk, ground: Ground) -> None:
    """The coordinator approves in the admin, having seen the mail to the mentor."""
    walk.open("/admin/matching/tandem/")
    walk.follow("main a:has-text('Leyla Arslan')")
    walk.follow('a[href$="/do/approve/"]')
    assert "Möchten Sie Leyla Arslan begleiten" in walk.text()
    walk.press("approve-tandem")
    send_due(ground)


def confirm(walk: Walk, ground: Ground) -> None:
    """The mentor reads what is needed to decide and says yes, with a word to the office."""
    [message] = mails(ground, to=MENTOR, kind="tandem-invitation")
    page = walk.open(link_in(message))
    text = walk.text()
    assert "Leyla Arslan" in text
    assert STUDENT not in text  # contact data come after the yes (L6)
    walk.press("confirm-tandem")  # nothing is preselected
    assert "noch ist nichts entschieden" in walk.text()
    walk.tick("[name=answer][value=confirm]")
    page.fill("[name=word]", "Ich freue mich darauf.")
    walk.press("confirm-tandem")
    send_due(ground)
    assert STUDENT in body(mails(ground, to=MENTOR, kind="tandem-confirmed-mentor")[-1])
    assert MENTOR in body(mails(ground, to=STUDENT, kind="tandem-confirmed-mentee")[-1])


def propose_dates(walk: Walk, ground: Ground) -> None:
    """The mentee proposes three dates."""
    page = walk.open("/me/")
    walk.press("propose-dates")
    today = datetime.now().date()
    for number in (1, 2, 3):
        page.fill(f"[name=day_{number}]", (today + timedelta(days=8 + number)).isoformat())
        page.fill(f"[name=time_{number}]", "17:30")
        page.fill(f"[name=place_{number}]", "Café am Ring")
    page.fill("[name=agenda]", "Mein erstes Probespiel")
    walk.press("propose-dates")
    send_due(ground)


def pick(walk: Walk, ground: Ground) -> None:
    """The mentor picks one by link; both get a calendar file."""
    message = next(
        one
        for one in reversed(mails(ground, to=MENTOR))
        if "/l/" in body(one) and "Termin" in str(one["Subject"])
    )
    walk.open(link_in(message))
    walk.tick("[name=answer]")
    walk.press("pick-date")
    send_due(ground)
    for person in (STUDENT, MENTOR):
        [fixed] = mails(ground, to=person, kind="meeting-scheduled")
        calendars = [one for one in fixed.walk() if one.get_content_type() == "text/calendar"]
        assert {one["Content-Type"].params["method"] for one in calendars} == {"REQUEST"}


def remind(ground: Ground) -> None:
    """A week and a day before, both are reminded, once."""
    starts_at = datetime.fromisoformat(
        ground.call("tests.journeys.stage:first_meeting")["starts_at"]
    )
    for before, kind in (
        (timedelta(days=7, hours=-1), "meeting-reminder-week"),
        (timedelta(hours=23), "meeting-reminder-day"),
    ):
        for _twice in (1, 2):
            send_due(ground, at=starts_at - before)
        for person in (STUDENT, MENTOR):
            assert len(mails(ground, to=person, kind=kind)) == 1


def test_the_journey_in_german(stage: Any, browser: Browser) -> None:
    ground, server, facts = stage
    student = Walk(browser, ground, server)
    staff = Walk(browser, ground, server)
    apply(student, ground)
    sign_in_as_staff(staff, facts["coordinator"], facts["secret"])
    accept(staff, ground)
    enter_mentor(staff)
    plan_and_propose(staff, facts["cohort"])
    agree(student, ground)
    approve(staff, ground)
    mentor = Walk(browser, ground, server)
    confirm(mentor, ground)
    propose_dates(student, ground)
    pick(mentor, ground)
    remind(ground)
    for walk in (student, staff, mentor):
        walk.close()
    assert ground.call("tests.journeys.stage:breaches") == []
