"""Every verb that mails, done three times about other facts; each of them sent twice, as a form may be.

A scenario names the kinds of mail it brings about three times over and carries the verbs out. ``do`` stands
for a form that is sent twice: the second time the verb may refuse, or find that all is done.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from accounts import actions as accounts
from accounts import mails as account_mails
from core.audit import Actor
from core.errors import RuleViolation
from core.links.models import ActionLink
from matching import actions as matching
from matching.models import Tandem
from meetings import actions as meetings
from meetings.models import Meeting
from mentees import actions as mentees
from mentees.models import Application
from mentoring.public import actions as public
from mentors import actions as mentors
from mentors.models import Mentor
from programme.models import Cohort, CohortRole
from tests import factories
from tests.conftest import NOW
from tests.matching.people import a_mentee, a_mentor, as_mentee, as_mentor
from tests.meetings.helpers import Pair, offered, on, pair, proposal, scheduled
from tests.mentees.helpers import application_data
from workshops import actions as workshops
from workshops.actions import PlannedSession
from workshops.models import Registration, Workshop

SYSTEM = Actor.system()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURS = [NOW + number * HOUR for number in range(1, 4)]
SCENARIOS: list[tuple[frozenset[str], Callable[[], None]]] = []


def three(*kinds: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Registers a scenario that leaves three mails of each of ``kinds`` to everybody who gets any."""

    def register(scenario: Callable[[], None]) -> Callable[[], None]:
        SCENARIOS.append((frozenset(kinds), scenario))
        return scenario

    return register


def do(verb: Callable[..., Any], *args: Any, **values: Any) -> Any:
    """Carries the verb out, and once more as it stands."""
    done = verb(*args, **values)
    with suppress(RuleViolation):
        verb(*args, **values)
    return done


def office() -> Actor:
    """The coordinator of the usual cohort, the same each time."""
    role = CohortRole.objects.filter(cohort=factories.cohort()).first()
    return factories.by(role.user if role else factories.coordinator())


def cohorts() -> list[Cohort]:
    """Three cohorts with one coordinator: somebody may apply to each."""
    by = office()
    made = [factories.cohort(), factories.cohort("2027/28"), factories.cohort("2028/29")]
    for one in made[1:]:
        CohortRole.objects.create(cohort=one, user_id=by.user_id)
    return made


# ── accounts, the website ────────────────────────────────────────────────────
@three("sign-in-code", "staff-invitation")
def somebody_of_the_staff() -> None:
    user = factories.person(is_staff=True)
    for number, at in enumerate(HOURS):
        account_mails.sign_in_code(user, f"CODE{number}", now=at)
        do(accounts.invite_staff, user.email, by=office(), now=at)


@three("contact-message", "mentor-interest", "mentor-interest-received")
def strangers_write() -> None:
    factories.organisation()
    for at in HOURS:
        form = {"form_id": uuid.uuid4(), "name": "Ada", "email": "ada@example.org", "now": at}
        do(public.send_message, **form, message=f"Guten Tag, es ist {at:%H} Uhr.")
        do(
            mentors.note_interest_by_form, **form, profession="Cellistin", motivation=f"{at:%H}",
            website="", language="de", by=SYSTEM,
        )  # fmt: skip


# ── applications ─────────────────────────────────────────────────────────────
@three("application-confirm", "application-received", "application-arrived")
def somebody_applies_to_three_cohorts() -> None:
    for cohort in cohorts():
        sent = do(
            mentees.send_application, cohort, by=SYSTEM, now=NOW, application_data=application_data(), form_id=uuid.uuid4()
        )  # fmt: skip
        do(mentees.confirm, sent, by=SYSTEM, now=NOW)


@three("application-confirm")
def a_link_to_confirm_is_renewed() -> None:
    sent = mentees.send_application(
        factories.cohort(),
        by=SYSTEM,
        now=NOW,
        application_data=application_data(),
        form_id=uuid.uuid4(),
    )
    by = factories.by(sent.applicant, "applicant")
    for at in HOURS[:2]:
        do(mentees.renew_confirmation, sent, by=by, now=at)


@three("application-invited")
def a_talk_is_moved_and_moved_back() -> None:
    made = factories.application()
    for number, verb in enumerate((mentees.invite, mentees.move_talk, mentees.move_talk)):
        talk = NOW + (7 + number % 2) * DAY
        verb(made, by=office(), now=HOURS[number], talk_at=talk, talk_place="Raum 214")


@three("application-withdrawn")
def an_application_is_withdrawn_and_taken_back() -> None:
    made = factories.application()
    by = factories.by(made.applicant, "applicant")
    for at in HOURS:
        do(mentees.withdraw, made, by=by, now=at)
        do(mentees.undo_withdrawal, made, by=by, now=at)


@three("application-waitlisted")
def who_waits_withdraws_and_comes_back() -> None:
    made = factories.application()
    by = factories.by(made.applicant, "applicant")
    do(mentees.waitlist, made, by=office(), now=NOW)
    for at in HOURS[:2]:
        mentees.withdraw(made, by=by, now=at)
        do(mentees.undo_withdrawal, made, by=by, now=at)


@three("application-rejected")
def three_cohorts_say_no() -> None:
    person = factories.person()
    for cohort in cohorts():
        made = factories.application("in_review", cohort, applicant=person)
        do(mentees.reject, made, by=office(), now=NOW, words="Schade.")


@three("mentee-left")
def three_leave() -> None:
    by = office()
    for _ in HOURS:
        do(mentees.leave, factories.mentee(), by=by, now=NOW)


# ── the network ──────────────────────────────────────────────────────────────
@three("mentor-consent-request")
def a_consent_is_asked_for_again() -> None:
    mentor = factories.mentor("contacted")
    factories.notice("mentor")
    for at in HOURS:
        do(mentors.ask_for_consent, mentor, by=office(), now=at)


@three("mentor-address-request")
def an_address_is_asked_for_again() -> None:
    mentor = factories.mentor(confirmed_at=None)
    for at in HOURS:
        do(mentors.ask_to_confirm, mentor, by=office(), now=at)


@three("mentor-consent-withdrawn")
def a_consent_comes_and_goes() -> None:
    mentor = factories.mentor()
    office()
    for at in HOURS:
        do(mentors.withdraw_consent, mentor, by=SYSTEM, now=at)
        do(mentors.record_consent, mentor, by=SYSTEM, now=at)
        mentors.resume(mentor, by=SYSTEM, now=at)


@three("criterion-reopened")
def a_criterion_is_doubted_three_times() -> None:
    mentor, by = factories.mentor(), office()
    for at in HOURS:
        doubt = {"criterion": 5, "verdict": "open", "evidence": "Fraglich."}
        do(mentors.check_criterion, mentor, **doubt, by=by, now=at)
        mentors.check_criterion(
            mentor, criterion=5, verdict="met", evidence="Geklärt.", by=by, now=at
        )
        mentors.resume(mentor, by=by, now=at)


# ── tandems ──────────────────────────────────────────────────────────────────
@three("tandem-proposal", "tandem-to-approve", "tandem-withdrawn")
def a_pair_is_proposed_and_dissolved() -> None:
    mentee, mentor, by = a_mentee(), a_mentor(), office()
    for at in HOURS:
        tandem = do(matching.propose_tandem, mentee, mentor, by=by, now=at)
        do(matching.agree, tandem, by=as_mentee(tandem), now=at)
        do(matching.dissolve, tandem, by=by, now=at)


@three("tandem-proposal-declined")
def a_proposal_is_declined() -> None:
    mentee, mentor, by = a_mentee(), a_mentor(), office()
    for at in HOURS:
        tandem = matching.propose_tandem(mentee, mentor, by=by, now=at)
        do(matching.decline_proposal, tandem, by=as_mentee(tandem), now=at)


def asked(mentor: Mentor | None = None, at: datetime = NOW) -> Tandem:
    """A tandem whose mentor was asked."""
    tandem = matching.propose_tandem(a_mentee(), mentor or a_mentor(), by=office(), now=at)
    matching.agree(tandem, by=as_mentee(tandem), now=at)
    return do(matching.approve, tandem, by=office(), now=at)


@three("tandem-invitation")
def the_link_is_sent_again() -> None:
    tandem = asked()
    for at in HOURS[:2]:
        do(matching.send_again, tandem, by=office(), now=at)


@three("tandem-question-office", "tandem-question-answered")
def a_mentor_asks_and_asks() -> None:
    tandem = asked()
    for at in HOURS:
        do(matching.ask_question, tandem, by=as_mentor(tandem), now=at, question=f"{at:%H}?")
        do(matching.answer_question, tandem, by=office(), now=at, answer="Ja.")


@three(
    "tandem-confirmed-mentee", "tandem-confirmed-mentor", "tandem-confirmed-office",
    "tandem-undone-mentee", "tandem-undone-office",
)  # fmt: skip
def a_mentor_says_yes_and_takes_it_back() -> None:
    tandem = asked()
    for at in HOURS:
        do(matching.confirm, tandem, by=as_mentor(tandem), now=at)
        do(matching.undo, tandem, by=as_mentor(tandem), now=at)


@three("tandem-declined-mentee", "tandem-declined-office")
def a_mentor_says_no_and_takes_it_back() -> None:
    tandem = asked()
    for at in HOURS:
        do(matching.decline, tandem, by=as_mentor(tandem), now=at)
        do(matching.undo, tandem, by=as_mentor(tandem), now=at)


@three("tandem-conflict-office")
def the_last_place_is_taken_three_times() -> None:
    mentor = a_mentor(capacity=1)
    first, _waits = asked(mentor), asked(mentor)
    for at in HOURS:
        do(matching.confirm, first, by=as_mentor(first), now=at)
        matching.undo(first, by=as_mentor(first), now=at)


@three("tandem-no-place-office")
def the_last_place_goes_to_and_fro() -> None:
    mentor = a_mentor(capacity=1)
    first, second = asked(mentor), asked(mentor)
    for at in HOURS:
        do(matching.confirm, first, by=as_mentor(first), now=at)
        do(matching.confirm, second, by=as_mentor(second), now=at)
        matching.undo(first, by=as_mentor(first), now=at)
        matching.confirm(second, by=as_mentor(second), now=at, word=f"{at:%H}")
        matching.undo(second, by=as_mentor(second), now=at)


@three("tandem-dissolved")
def a_tandem_comes_and_goes() -> None:
    mentee, mentor = a_mentee(), a_mentor()
    for at in HOURS:
        do(
            matching.dissolve,
            factories.tandem("active", mentee=mentee, mentor=mentor),
            by=office(),
            now=at,
        )
        mentor.refresh_from_db()


@three("tandem-expired-proposal", "tandem-expired-office")
def proposals_expire() -> None:
    mentee, mentor, by = a_mentee(), a_mentor(), office()
    for _ in HOURS:
        tandem = factories.tandem("draft", mentee=mentee, mentor=mentor, answer_by=NOW)
        do(matching.expire, tandem, by=by, now=NOW)


@three("tandem-expired-mentee", "tandem-expired-mentor", "tandem-expired-office")
def questions_expire() -> None:
    mentee, mentor, by = a_mentee(), a_mentor(), office()
    for _ in HOURS:
        tandem = factories.tandem("mentor_asked", mentee=mentee, mentor=mentor, answer_by=NOW)
        do(matching.expire, tandem, by=by, now=NOW)


# ── meetings ─────────────────────────────────────────────────────────────────
OTHER = [(on("2026-11-0" + str(day)), on("2026-11-1" + str(day))) for day in (2, 3, 4)]


@three("dates-offered")
def other_dates_are_offered() -> None:
    two = pair()
    meeting = offered(two)
    for at, dates in zip(HOURS[:2], OTHER, strict=False):
        do(meetings.offer_again, meeting, by=two.by_mentee, now=at, dates=dates)


@three("dates-offered-back", "dates-refused")
def dates_go_to_and_fro() -> None:
    two = pair()
    meeting = offered(two)
    for at, dates in zip(HOURS, OTHER, strict=True):
        do(meetings.refuse_dates, meeting, by=two.by_mentor, now=at, dates=dates)
        do(meetings.refuse_dates, meeting, by=two.by_mentee, now=at, word=f"{at:%H}")
        meetings.offer_again(meeting, by=two.by_mentee, now=at, dates=dates[:1])


@three("dates-unanswered", "dates-offered")
def nobody_answers() -> None:
    two = pair()
    meeting, at = offered(two, [on("2026-12-10")]), NOW
    for number in range(3):
        at = Meeting.objects.get(pk=meeting.pk).answer_by or at
        do(meetings.lapse, meeting, by=SYSTEM, now=at)
        if number < 2:
            do(meetings.ask_again, meeting, by=office(), now=at + HOUR)


@three("dates-withdrawn")
def offers_are_withdrawn() -> None:
    two = pair()
    for _ in HOURS:
        do(meetings.cancel, offered(two), by=two.by_mentee, now=NOW)


@three("meeting-scheduled", "meeting-date-released")
def a_date_is_fixed_and_given_up() -> None:
    two = pair()
    meeting = offered(two)
    for number, at in enumerate(HOURS):
        key = proposal(Meeting.objects.get(pk=meeting.pk)).pk
        do(meetings.pick_date, meeting, by=two.by_mentor, now=at, proposal_id=key)
        do(meetings.offer_again, meeting, by=two.by_mentee, now=at, dates=OTHER[number])


@three("meeting-moved")
def a_meeting_is_moved_and_moved_back() -> None:
    two = pair()
    meeting = scheduled(two)
    for at, date in zip(HOURS, (OTHER[0][0], OTHER[1][0], OTHER[0][0]), strict=True):
        do(meetings.move_meeting, meeting, by=two.by_mentee, now=at, date=date)


@three("meeting-cancelled")
def meetings_are_cancelled() -> None:
    two = pair()
    for dates in OTHER:
        do(meetings.cancel, scheduled(two, dates), by=two.by_mentor, now=NOW)


@three("meeting-disputed")
def the_reports_differ_and_agree() -> None:
    office()
    two: Pair = pair()
    meeting = scheduled(two)
    after = NOW + 60 * DAY
    do(meetings.report_held, meeting, by=two.by_mentee, now=after)
    for number in range(3):
        do(meetings.report_missed, meeting, by=two.by_mentor, now=after + number * HOUR)
        meetings.report_held(meeting, by=two.by_mentor, now=after + number * HOUR)


@three(
    "address-confirm", "address-noticed", "address-changed", "mentor-consent-link",
    "meeting-mailbox-changed", "workshop-mailbox-changed",
)  # fmt: skip
def somebody_moves_to_another_address_and_back() -> None:
    two = pair()
    mentors.standing_link(two.tandem.mentor, now=NOW)
    scheduled(two)
    join(factories.workshop(published_at=NOW), two.mentor)
    addresses = ("neu@example.org", two.mentor.email, "neu@example.org")
    for at, address in zip(HOURS, addresses, strict=True):
        do(accounts.ask_for_address, two.mentor, email=address, by=two.by_mentor, now=at)
        link = ActionLink.objects.about(accounts.CONFIRM_ADDRESS, two.mentor).live().get()
        do(accounts.confirm_address, link, now=at)


# ── workshops ────────────────────────────────────────────────────────────────
def full(capacity: int = 1) -> tuple[Workshop, Registration]:
    """A workshop of one place, and who has it."""
    where = factories.workshop(capacity=capacity, published_at=NOW)
    return where, join(where, factories.mentee().user)


def join(where: Workshop, person: Any, at: datetime = NOW) -> Registration:
    """Registers, twice."""
    return do(workshops.register, where, person, by=factories.by(person, "mentee"), now=at)


def off(registration: Registration, at: datetime = NOW) -> None:
    """Cancels, twice."""
    do(workshops.cancel_registration, registration, by=SYSTEM, now=at)


@three("workshop-registered", "workshop-registration-cancelled")
def a_place_is_taken_and_given_back() -> None:
    where, person = factories.workshop(), factories.mentee().user
    for at in HOURS:
        off(join(where, person, at), at)


@three("workshop-waitlisted", "workshop-extra-place")
def who_waits_gets_an_extra_place() -> None:
    (where, _held), person = full(), factories.mentee().user
    for at in HOURS:
        waits = join(where, person, at)
        do(workshops.give_extra_place, where, person, by=SYSTEM, now=at)
        off(waits, at)


@three("workshop-waitlisted", "workshop-promotion")
def who_waits_moves_up() -> None:
    where, held = full()
    person = factories.mentee().user
    for at in HOURS:
        waits = join(where, person, at)
        off(held, at)
        off(waits, at)
        held = join(where, factories.mentee().user, at)


@three("workshop-cancelled")
def workshops_are_cancelled() -> None:
    person = factories.mentee().user
    for _ in HOURS:
        where = factories.workshop()
        join(where, person)
        do(workshops.cancel_workshop, where, by=SYSTEM, now=NOW, reason="Krankheit")


@three("workshop-changed")
def a_workshop_is_moved_and_moved_back() -> None:
    where, _held = full()
    [session] = where.sessions.all()
    starts, ends = session.starts_at, session.ends_at
    for at, by in zip(HOURS, (DAY, 2 * DAY, DAY), strict=True):
        dates = [PlannedSession(starts + by, ends + by, session.pk)]
        do(workshops.change_workshop, where, by=SYSTEM, now=at, values={}, sessions=dates)


@three("workshop-changed")
def a_title_is_corrected_then_the_date_moved() -> None:
    where, _held = full()
    [session] = where.sessions.all()
    for at, title in zip(HOURS[:2], ("Honorare", "Honorare II"), strict=True):
        do(workshops.change_workshop, where, by=SYSTEM, now=at, values={"title": title})
    dates = [PlannedSession(session.starts_at + DAY, session.ends_at + DAY, session.pk)]
    do(workshops.change_workshop, where, by=SYSTEM, now=HOURS[2], values={}, sessions=dates)


@three(
    "address-confirm", "address-noticed", "address-changed", "mentor-consent-link",
    "meeting-mailbox-changed", "workshop-mailbox-changed",
)  # fmt: skip
def a_mentor_reads_other_mailboxes_and_the_first_one_again() -> None:
    two = pair()
    scheduled(two)
    join(factories.workshop(), two.mentor)
    mentor = two.tandem.mentor
    mentors.standing_link(mentor, now=NOW)
    for at, address in zip(
        HOURS, ("b@example.org", "c@example.org", two.mentor.email), strict=True
    ):
        do(accounts.ask_for_address, two.mentor, email=address, by=two.by_mentor, now=at)
        asked = ActionLink.objects.about(accounts.CONFIRM_ADDRESS, two.mentor).live().get()
        do(accounts.confirm_address, asked, now=at)


def accepted_once() -> tuple[Application, Mentor]:
    """What happens once in a life: a mentee is accepted, a mentor welcomed."""
    application = factories.application()
    do(mentees.accept, application, by=office(), now=NOW)
    mentor = factories.mentor()
    factories.at(mentor, "under_review")
    do(mentors.activate, mentor, by=office(), now=NOW)
    return application, mentor
