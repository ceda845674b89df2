"""axe finds nothing on any page: once per page in the suite, on a phone, dark, in German; the other
combinations of size, colour, language and zoom in ``make prove``. Nothing scrolls sideways at 320 px."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.walk import Walk
from tests.races.harness import ROOT, Ground, Server

pytestmark = pytest.mark.browser
PROVE = os.environ.get("PROVE") == "1"
PUBLIC = [
    "/", "/about/mentees/", "/about/mentors/", "/about/matching/", "/apply/", "/apply/?view=single", "/mentors/",
    "/mentors/join/", "/workshops/", "/workshops/{workshop}/", "/contact/", "/imprint/", "/privacy/",
    "/accessibility/", "/account/login/", "/gibt-es-nicht/", "/dev/style/", "/dev/mail/",
]  # fmt: skip
MENTEE = ["/me/", "/me/tandem/", "/me/meetings/", "/me/meetings/propose/", "/workshops/{workshop}/"]
STAFF = [
    "/admin/", "/admin/mentees/application/", "/admin/mentees/application/{application}/change/",
    "/admin/mentees/application/{application}/do/reject/", "/admin/mentees/mentee/",
    "/admin/mentees/mentee/{mentee}/change/", "/admin/mentors/mentor/",
    "/admin/mentors/mentor/{mentor}/change/", "/admin/mentors/mentor/{mentor}/history/",
    "/admin/matching/matchingrun/", "/admin/matching/matchingrun/cohort/{cohort}/",
    "/admin/matching/tandem/", "/admin/matching/tandem/{tandem}/change/",
    "/admin/workshops/workshop/", "/admin/workshops/workshop/{workshop_id}/change/",
    "/admin/workshops/registration/", "/admin/meetings/meeting/", "/admin/programme/cohort/",
    "/admin/programme/cohort/{cohort}/change/", "/admin/programme/topic/", "/admin/programme/pagetext/",
    "/admin/outbox/outgoingmail/", "/admin/accounts/user/", "/account/2fa/",
    "/admin/mentees/mentee/{mentee}/do/leave/", "/admin/matching/tandem/{tandem}/do/dissolve/",
    "/admin/mentors/mentor/add/", "/admin/programme/cohort/add/", "/admin/programme/topic/add/",
    "/admin/programme/pagetext/add/?page=imprint", "/admin/programme/consentnotice/add/",
    "/admin/audit/auditevent/", "/admin/meetings/meeting/quiet/", "/admin/outbox/outgoingmail/{mail}/change/",
    "/admin/mentees/application/?q=zzzz",
]  # fmt: skip


def things() -> dict[str, str]:
    """Runs on the ground: keys of what the addresses name, and the addresses of all lists of the admin."""
    from django.contrib import admin
    from django.urls import reverse

    from matching.models import Tandem
    from mentees.models import Application
    from outbox.models import OutgoingMail
    from workshops.models import Workshop

    tandem = Tandem.objects.filter(state="active").select_related("mentee", "cohort").first()
    workshop = Workshop.objects.filter(cohort=tandem.cohort, state="published").first()
    names = [model._meta for model in admin.site._registry]
    lists = [reverse(f"admin:{one.app_label}_{one.model_name}_changelist") for one in names]
    return {
        "tandem": str(tandem.pk),
        "mentee": str(tandem.mentee.pk),
        "mentor": str(tandem.mentor_id),
        "cohort": str(tandem.cohort_id),
        "application": str(Application.objects.filter(state="in_review").first().pk),
        "workshop": workshop.slug,
        "workshop_id": str(workshop.pk),
        "lists": " ".join(lists),
        "mail": str(OutgoingMail.objects.filter(cohort_id=tandem.cohort_id).first().pk),
    }


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[Ground, Server, dict[str, str], dict[str, str]]]:
    """The demo cohorts behind a server, what there is in them, and sessions of a mentee and a coordinator."""
    with Ground("sqlite") as ground:
        subprocess.run(
            [sys.executable, "manage.py", "seed_demo"],
            cwd=ROOT, env=ground.environ(), check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        with ground.serving(workers=1) as server:
            people = ground.call("tests.bench:people")
            sessions = {
                name: ground.call("tests.bench:session", email=mail)
                for name, mail in people.items()
            }
            yield ground, server, ground.call("tests.journeys.test_pages:things"), sessions


def walks() -> list[dict[str, Any]]:
    """The combinations to look at: one in the suite, all under PROVE."""
    suite = [{"phone": True, "dark": True, "language": "de-DE"}]
    if not PROVE:
        return suite
    return [
        {"phone": phone, "dark": dark, "language": language}
        for phone in (True, False)
        for dark in (True, False)
        for language in ("de-DE", "en-GB")
    ]


@pytest.mark.parametrize("how", walks(), ids=lambda how: "-".join(map(str, how.values())))
@pytest.mark.parametrize(
    ("who", "paths"),
    [("", PUBLIC), ("me", MENTEE), ("desk", STAFF)],
    ids=["public", "mentee", "staff"],
)
def test_every_page_is_usable_by_everybody(
    demo: Any, browser: Browser, how: dict[str, Any], who: str, paths: list[str]
) -> None:
    ground, server, things, sessions = demo
    walk = Walk(browser, ground, server, **how)
    if who:
        walk.context.add_cookies(
            [{"name": "session", "value": sessions[who], "url": walk.base}]  # type: ignore[list-item]
        )
    window = walk.page.viewport_size
    for path in paths:
        walk.open(path.format(**things))
        walk.page.set_viewport_size({"width": 320, "height": 640})
        walk.measure()
        walk.page.set_viewport_size(window)
    walk.close()


def test_on_a_phone_a_list_is_cards_and_its_filters_and_the_ways_fold_without_script(
    demo: Any, browser: Browser
) -> None:
    """Nothing is cut off or torn in any list, and the table is one to assistive technology."""
    ground, server, things, sessions = demo
    walk = Walk(browser, ground, server, phone=True, javascript=False)
    walk.context.add_cookies([{"name": "session", "value": sessions["desk"], "url": walk.base}])
    page = walk.page
    for path in things["lists"].split():
        page.goto(path)
        for width in (320, 1200):
            page.set_viewport_size({"width": width, "height": 640})
            walk.measure()
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto("/admin/mentors/mentor/")
    rows = page.get_by_role("table").get_by_role("row")
    assert rows.count() > 30
    assert page.get_by_role("columnheader").all_inner_texts()[1].strip() == "Stand"
    name, state = rows.nth(1).get_by_role("rowheader"), rows.nth(1).get_by_role("cell").first
    boxes = name.bounding_box(), state.bounding_box()
    header = page.locator("#header").bounding_box()
    assert boxes[0]
    assert boxes[1]
    assert header
    assert abs(boxes[0]["y"] - boxes[1]["y"]) < 8, "the state stands beside the name"
    assert header["height"] < 64, "one row"
    links = page.locator(".backoffice-nav").get_by_role("link")
    choices = page.locator("#changelist-filter").get_by_role("link")
    assert links.count() == choices.count() == 0
    page.locator(".backoffice-nav summary").press("Enter")
    page.locator("#changelist .fold summary").press("Enter")
    assert links.count() == 9
    assert choices.count() > 10
    page.get_by_role("link", name="Stand").click()
    assert page.get_by_role("columnheader", name="Stand").get_attribute("aria-sort") == "ascending"
    walk.close()


@pytest.mark.parametrize("width", [640, 1280])
def test_a_long_sentence_in_a_row_leaves_the_name_its_room(browser: Browser, width: int) -> None:
    """A conflict on the attendance sheet is told in the row; the name beside it stays readable."""
    page = browser.new_page(viewport={"width": width, "height": 640})
    page.set_content(
        '<ul class="roll"><li><span class="name">Theresa Winkler</span>'
        f"<div><p>{'Katrin Behrend hat hier inzwischen gespeichert. ' * 5}</p></div></li></ul>"
    )
    for sheet in ("tokens", "site", "forms"):
        page.add_style_tag(path=ROOT / "static" / "ui" / f"{sheet}.css")
    box = page.locator(".name").bounding_box()
    assert box is not None
    assert box["width"] > 100
    page.close()
