"""What every page of the desk does alike: names instead of keys, nothing empty to read, mails seen before
they leave, days asked by the browser, the ways to everything."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.object_actions import told_about
from core import audit
from core.templatetags.ui import moment
from matching.models import MatchingRun
from mentees.models import Application
from outbox.models import OutgoingMail
from tests import factories as make
from tests.desk.test_page import mail, other_cohort
from tests.matching.people import a_mentee, a_mentor, office

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def desk(staff_client: SignIn) -> Client:
    return staff_client(make.coordinator())


def heading(client: Client, path: str) -> str:
    """The words of the page's one heading."""
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", client.get(path).content.decode(), re.DOTALL)
    assert len(found) == 1, path
    return re.sub(r"<[^>]+>", "", found[0]).strip()


def words(html: str) -> str:
    """The page without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_no_page_is_called_by_a_key(desk: Client) -> None:
    tandem = make.tandem("active")
    row = mail("failed", tandem.cohort)
    by = audit.Actor.person(tandem.mentee.user, "mentee")
    event = audit.record(tandem, "confirm", by=by, now=make.NOW, cohort_id=tandem.cohort_id)
    pages = {
        f"/admin/outbox/outgoingmail/{row.pk}/change/": row.recipient.name or row.recipient.email,
        f"/admin/audit/auditevent/{event.pk}/change/": tandem.mentor.name,
        f"/admin/matching/tandem/{tandem.pk}/change/": tandem.mentor.name,
        f"/admin/matching/tandem/{tandem.pk}/history/": tandem.mentor.name,
        f"/admin/mentees/mentee/{tandem.mentee.pk}/change/": str(tandem.mentee),
    }
    for path, name in pages.items():
        said = heading(desk, path)
        assert not UUID.search(said), path
        assert "." not in said.split(" ")[0], path  # “mentees.Application”
        assert name in said, path


def test_a_page_that_is_only_read_leaves_out_what_says_nothing(desk: Client) -> None:
    tandem = make.tandem("mentee_agreed", mentee_word="Das klingt gut.")
    page = words(desk.get(f"/admin/matching/tandem/{tandem.pk}/change/").content.decode())
    assert "Das klingt gut." in page
    assert "Grund des Endes" not in page
    assert "Frage (Mentor_in)" not in page


def test_a_mentor_and_a_mentee_lead_to_their_tandems(desk: Client) -> None:
    tandem = make.tandem("active")
    way = f"/admin/matching/tandem/{tandem.pk}/change/"
    for path in (
        f"/admin/mentors/mentor/{tandem.mentor_id}/change/",
        f"/admin/mentees/mentee/{tandem.mentee.pk}/change/",
    ):
        assert f'href="{way}"' in desk.get(path).content.decode(), path


def test_a1_a_mentor_does_not_tell_of_tandems_in_other_cohorts(desk: Client) -> None:
    mentor = make.mentor("active", name="Henrike Osterloh", capacity=2)
    far = make.mentee(of=other_cohort())
    foreign = make.tandem("active", mentor=mentor, mentee=far)
    page = desk.get(f"/admin/mentors/mentor/{mentor.pk}/change/").content.decode()
    assert str(foreign.mentee) not in page
    assert str(foreign.pk) not in page


def test_the_words_of_a_rejection_are_seen_in_the_mail_before_it_leaves(desk: Client) -> None:
    application = make.application("in_review")
    path = f"/admin/mentees/application/{application.pk}/do/reject/"
    page = desk.post(path, {"preview": "1", "words": "Bitte im nächsten Jahr noch einmal."})
    assert page.status_code == 200
    letter = page.content.decode().split('class="mail-preview"')[1]
    assert "Bitte im nächsten Jahr noch einmal." in letter
    assert Application.objects.get().state == "in_review"
    assert not OutgoingMail.objects.exists()


def test_that_no_mail_leaves_is_said_where_it_is_so_and_not_where_one_is_sent_again(
    desk: Client,
) -> None:
    said = "Es geht keine E-Mail hinaus"
    application = make.application("submitted")
    assert (
        said in desk.get(f"/admin/mentees/application/{application.pk}/do/read/").content.decode()
    )
    row = mail("in_doubt", application.cohort)
    again = desk.get(f"/admin/outbox/outgoingmail/{row.pk}/do/send-again/").content.decode()
    assert "Noch einmal senden" in again
    assert said not in again


@pytest.mark.parametrize("sent", [False, True])
def test_a_verb_that_is_impossible_now_says_what_holds_since_when_and_offers_nothing(
    desk: Client, sent: bool
) -> None:
    application = make.application("accepted")
    path = f"/admin/mentees/application/{application.pk}/do/reject/"
    answer = desk.post(path) if sent else desk.get(path)
    assert answer.status_code == (400 if sent else 200)
    page = answer.content.decode()
    since = moment(application.state_since)
    assert f"Das ist jetzt nicht möglich: Seit {since} ist der Stand „angenommen“." in page
    assert 'data-action="reject-application"' not in page
    assert f'href="/admin/mentees/application/{application.pk}/change/"' in page


def test_a_message_about_a_name_that_ends_with_a_mark_has_no_second_full_stop() -> None:
    for name, said in (("Grenzen setzen!", "Saved: Grenzen setzen!"), ("Recht", "Saved: Recht.")):
        assert told_about("Saved: %(object)s.", name) == said
    assert told_about("“%(object)s” is open.", "Wozu?") == "“Wozu?” is open."


def test_what_was_done_is_said_with_whom_it_concerns_and_what_holds_now(desk: Client) -> None:
    application = make.application("in_review", name="Ida Lindqvist")
    path = f"/admin/mentees/application/{application.pk}/do/reject/"
    page = words(desk.post(path, {"words": ""}, follow=True).content.decode())
    assert "Absage verschickt. Ida Lindqvist bekommt diesmal keinen Platz." in page
    assert "nicht angenommen" in page  # the state


def test_days_are_asked_by_the_browser_without_script(desk: Client) -> None:
    page = desk.get(f"/admin/programme/cohort/{make.cohort().pk}/change/").content.decode()
    assert re.search(r'<input type="date" name="starts_on"', page)
    assert re.search(r'<input type="time" name="applications_close_at_1"', page)
    assert "DateTimeShortcuts" not in page


def test_drafts_are_no_choice_of_the_filter(desk: Client) -> None:
    make.application("submitted")
    page = desk.get("/admin/mentees/application/").content.decode()
    assert "state__exact=submitted" in page
    assert "state__exact=draft" not in page


def test_the_trail_names_what_it_is_about_in_as_many_queries_for_few_as_for_many(
    desk: Client,
) -> None:
    by = audit.Actor.person(make.person("Mira Falk"), "coordinator")

    def happen() -> Any:
        tandem = make.tandem("active")
        audit.record(tandem, "confirm", by=by, now=make.NOW, cohort_id=tandem.cohort_id)
        return tandem

    tandem = happen()
    path = "/admin/audit/auditevent/"
    assert tandem.mentor.name in words(desk.get(path).content.decode())
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as seen:
            desk.get(path)
        counts.append(len(seen))
        for _one in range(5):
            happen()
    assert counts[0] == counts[1]


def test_everything_is_reached_from_the_desk(desk: Client) -> None:
    page = desk.get("/admin/").content.decode()
    for way in (
        "mentees/application", "mentees/mentee", "mentors/mentor", "accounts/user",
        "matching/tandem", "matching/matchingrun", "meetings/meeting", "workshops/workshop",
        "workshops/registration", "programme/cohort", "programme/organisation",
        "programme/pagetext", "programme/consentnotice", "programme/topic", "outbox/outgoingmail",
        "audit/auditevent",
    ):  # fmt: skip
        assert f'href="/admin/{way}/"' in page.split("desk-everything")[1], way


def test_after_a_proposal_the_next_pair_can_follow_at_once(desk: Client) -> None:
    first = a_mentee("Amelie Graf")
    a_mentee("Noah Bergmann", topics=("fees",), fields=("jazz",))
    mentors = [a_mentor(groups=("strings",)), a_mentor("Tobias Wendland", topics=("fees",))]
    bench = f"/admin/matching/matchingrun/cohort/{first.cohort_id}/"
    desk.post(bench, {"compute-plan": "1"})
    pair = {"mentee": str(first.pk), "mentor": str(mentors[0].pk)}
    page = desk.post(bench, {"propose-tandem": "1", **pair}, follow=True).content.decode()
    assert MatchingRun.objects.count() == 2
    assert 'name="propose-tandem"' in page  # the next mentee, whose plan is up to date


def test_a_plan_that_was_out_of_date_is_not_computed_by_the_way(desk: Client) -> None:
    from matching import actions

    first = a_mentee("Amelie Graf")
    other = a_mentee("Noah Bergmann", topics=("fees",), fields=("jazz",))
    mentors = [a_mentor(groups=("strings",)), a_mentor("Tobias Wendland", topics=("fees",))]
    bench = f"/admin/matching/matchingrun/cohort/{first.cohort_id}/"
    desk.post(bench, {"compute-plan": "1"})
    actions.forbid_pair(other, mentors[0], by=office(), now=make.NOW)
    pair = {"mentee": str(first.pk), "mentor": str(mentors[0].pk)}
    desk.post(bench, {"propose-tandem": "1", **pair})
    assert MatchingRun.objects.count() == 1
