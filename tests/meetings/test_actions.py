"""The verbs of a meeting: what they do, and what they refuse."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from core.audit import Actor
from core.audit.models import AuditEvent
from core.errors import RuleViolation
from core.links.models import ActionLink
from matching.models import Tandem
from matching.signals import tandem_ended
from meetings import actions
from meetings.actions.common import may_answer
from meetings.models import DateProposal, Meeting
from meetings.states import MEETING
from outbox.models import OutgoingMail
from tests import factories
from tests.factories import NOW, at
from tests.meetings.helpers import (
    HOUR,
    THREE,
    Pair,
    link_of,
    mails,
    offered,
    on,
    pair,
    proposal,
    scheduled,
)
from tests.signals import following

pytestmark = pytest.mark.django_db
AFTER = THREE[0].ends_at + HOUR


def kinds(meeting: Meeting) -> list[str]:
    rows = OutgoingMail.objects.about(meeting).filter(status="planned", planned_for=None)
    return sorted(rows.values_list("kind", flat=True))


# ── offering ─────────────────────────────────────────────────────────────────
def test_offering_dates_asks_the_mentor_by_a_link_and_sets_a_deadline(two: Pair) -> None:
    meeting = offered(two)
    assert (meeting.state, meeting.number, meeting.waits_for) == ("proposed", 1, "mentor")
    assert meeting.answer_by == on("2026-09-20", "23:59").starts_at  # five days, to the day's end
    assert [one.place for one in meeting.proposals.all()] == ["online", "Foyer", "online"]
    mail = OutgoingMail.objects.get(kind="dates-offered")
    assert mail.recipient == two.mentor
    assert mail.link == ActionLink.objects.get(purpose="pick-date", object_id=meeting.pk)
    assert mail.link.expires_at == meeting.answer_by
    assert mail.facts["date_two"] == THREE[1].starts_at.isoformat()
    assert mail.facts["date_four"] == ""
    assert AuditEvent.objects.get(object_id=str(meeting.pk)).verb == "propose"


@pytest.mark.parametrize("state", ["confirmed", "probation", "active"])
def test_dates_are_possible_in_every_held_tandem(state: str) -> None:
    assert offered(pair(state)).state == "proposed"


@pytest.mark.parametrize(
    "state", ["draft", "mentee_agreed", "approved", "mentor_asked", "declined", "dissolved"]
)
def test_no_dates_before_both_agreed_or_after_the_end(state: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        offered(pair(state))
    assert refused.value.code == "tandem"
    assert not Meeting.objects.exists()


def test_only_the_mentee_proposes(two: Pair) -> None:
    for stranger in (two.by_mentor, Actor.system(), Actor.person(factories.person(), "mentee")):
        with pytest.raises(RuleViolation) as refused:
            actions.propose_dates(two.tandem, by=stranger, now=NOW, dates=THREE)
        assert refused.value.code == "who"


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        ([], "none"),
        ([on(f"2026-10-{day:02}") for day in range(10, 16)], "many"),
        ([on("2026-09-15", "11:59")], "past"),
        ([on("2026-09-30")], "cohort"),
        ([on("2027-08-01")], "cohort"),
        ([on("2026-10-14"), on("2026-10-14", place="Foyer")], "twice"),
        ([on("2026-10-14", minutes=0)], "length"),
        ([on("2026-10-14", minutes=481)], "length"),
    ],
)
def test_dates_that_are_refused(two: Pair, dates: Any, code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        offered(two, dates)
    assert refused.value.code == code
    assert not OutgoingMail.objects.exists()


def test_the_first_and_last_day_of_the_cohort_count(two: Pair) -> None:
    assert offered(two, [on("2026-10-01", "00:00"), on("2027-07-31", "23:30")]).state == "proposed"


@pytest.mark.parametrize(
    ("hours_ahead", "expected"),
    [
        (96, on("2026-10-13", "23:59").starts_at),
        (20, on("2026-10-14", "07:30").starts_at),
        (2, on("2026-10-14", "16:30").starts_at),
    ],
)
def test_the_deadline_lies_before_the_first_date(
    two: Pair, hours_ahead: int, expected: datetime
) -> None:
    now = THREE[0].starts_at - timedelta(hours=hours_ahead)
    assert offered(two, THREE, now).answer_by == expected


def test_offering_the_same_twice_is_one_offer(two: Pair) -> None:
    first = offered(two)
    second = offered(two, now=NOW + timedelta(seconds=3))
    assert first == second
    assert Meeting.objects.count() == 1
    assert OutgoingMail.objects.filter(kind="dates-offered").count() == 1


def test_a_second_offer_waits_for_the_first(two: Pair) -> None:
    offered(two)
    with pytest.raises(RuleViolation) as refused:
        offered(two, [on("2026-11-03")])
    assert refused.value.code == "open_offer"


def test_the_next_meeting_has_the_next_number(two: Pair) -> None:
    scheduled(two)
    assert offered(two, [on("2026-11-03")]).number == 2


# ── picking ──────────────────────────────────────────────────────────────────
def test_picking_fixes_the_date_and_tells_both(two: Pair) -> None:
    meeting = scheduled(two, number=1)
    assert (meeting.state, meeting.place) == ("scheduled", "Foyer")
    assert (meeting.starts_at, meeting.ends_at) == (THREE[1].starts_at, THREE[1].ends_at)
    assert (meeting.schedule_version, meeting.waits_for, meeting.answer_by) == (1, "", None)
    assert {mail.recipient for mail in mails(meeting, "meeting-scheduled")} == {
        two.mentee,
        two.mentor,
    }
    assert DateProposal.objects.get(picked=True) == proposal(meeting, 1)
    assert ActionLink.objects.get(object_id=meeting.pk).used_at == NOW


def test_l3_picking_the_same_twice_is_one_date_and_one_mail_each(two: Pair) -> None:
    meeting = scheduled(two)
    again = actions.pick_date(
        meeting, by=two.by_mentor, now=NOW + HOUR, proposal_id=proposal(meeting).pk
    )
    assert again.version == meeting.version
    assert len(mails(meeting, "meeting-scheduled")) == 2
    assert not mails(meeting, "meeting-moved")


def test_the_mentee_does_not_pick_from_own_dates(two: Pair) -> None:
    meeting = offered(two)
    with pytest.raises(RuleViolation) as refused:
        actions.pick_date(meeting, by=two.by_mentee, now=NOW, proposal_id=proposal(meeting).pk)
    assert refused.value.code == "who"


def test_strangers_pick_nothing(two: Pair) -> None:
    meeting = offered(two)
    other = pair(mentee="Noah Bergmann", mentor="Ida Czerny")
    for by in (other.by_mentor, Actor.system(), factories.by(factories.coordinator())):
        with pytest.raises(RuleViolation) as refused:
            actions.pick_date(meeting, by=by, now=NOW, proposal_id=proposal(meeting).pk)
        assert refused.value.code == "who"


def scheduled_before(two: Pair) -> Meeting:
    """An earlier meeting of the same two, with its dates, the first of them picked."""
    made = at(Meeting(tandem=two.tandem, number=9, round=1, created_at=NOW, changed_at=NOW,
                      starts_at=THREE[0].starts_at, ends_at=THREE[0].ends_at), "scheduled")  # fmt: skip
    for one in THREE:
        DateProposal.objects.create(
            meeting=made, starts_at=one.starts_at, ends_at=one.ends_at, place=one.place
        )
    return made


def test_a_date_of_another_meeting_or_an_older_round_is_not_on_offer(two: Pair) -> None:
    meeting = offered(two)
    old = proposal(meeting).pk
    elsewhere = offered(pair(mentee="Noah Bergmann", mentor="Ida Czerny"))
    before = scheduled_before(two)
    actions.offer_again(meeting, by=two.by_mentee, now=NOW, dates=[on("2026-11-03")])
    for key in (old, proposal(elsewhere).pk, proposal(before).pk, -1, 2**70):
        with pytest.raises(RuleViolation) as refused:
            actions.pick_date(meeting, by=two.by_mentor, now=NOW, proposal_id=key)
        assert refused.value.code == "gone"


def test_a_date_that_passed_is_not_picked(two: Pair) -> None:
    meeting = offered(two)
    with pytest.raises(RuleViolation) as refused:
        actions.pick_date(meeting, by=two.by_mentor, now=AFTER, proposal_id=proposal(meeting).pk)
    assert refused.value.code == "past"


def test_l2_who_picked_may_pick_another_date_for_72_hours(two: Pair) -> None:
    meeting = scheduled(two)
    other = proposal(meeting, 2)
    meeting = actions.pick_date(
        meeting, by=two.by_mentor, now=NOW + timedelta(hours=71), proposal_id=other.pk
    )
    assert (meeting.starts_at, meeting.schedule_version) == (other.starts_at, 2)
    assert len(mails(meeting, "meeting-moved")) == 2
    with pytest.raises(RuleViolation) as refused:
        actions.pick_date(
            meeting,
            by=two.by_mentor,
            now=NOW + timedelta(hours=144),
            proposal_id=proposal(meeting).pk,
        )
    assert refused.value.code == "state"


def test_l2_who_picked_may_take_it_back(two: Pair) -> None:
    meeting = actions.refuse_dates(
        scheduled(two), by=two.by_mentor, now=NOW + HOUR, word="Doch nicht."
    )
    assert (meeting.state, meeting.waits_for, meeting.schedule_version) == ("proposed", "mentee", 2)
    assert meeting.starts_at is None
    assert not DateProposal.objects.filter(picked=True).exists()
    assert kinds(meeting)[-4:] == [
        "dates-refused",
        "meeting-date-released",
        "meeting-scheduled",
        "meeting-scheduled",
    ]


def test_l2_nothing_is_taken_back_once_the_meeting_has_begun(two: Pair) -> None:
    """The hours of the cohort would go on; the start ends them."""
    meeting = scheduled(two, now=THREE[0].starts_at - HOUR)
    begun = THREE[0].starts_at
    for now, possible in ((begun - timedelta(seconds=1), True), (begun, False)):
        offers = list(meeting.proposals.order_by("starts_at"))
        assert may_answer(meeting, "mentor", offers, now) is possible
        assert may_answer(meeting, "mentee", offers, now) is False
    with pytest.raises(RuleViolation):
        actions.pick_date(meeting, by=two.by_mentor, now=begun, proposal_id=proposal(meeting, 1).pk)
    with pytest.raises(RuleViolation):
        actions.refuse_dates(meeting, by=two.by_mentor, now=begun)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.starts_at) == ("scheduled", THREE[0].starts_at)


GIVE_UP = {
    "refuse": lambda two, meeting: actions.refuse_dates(meeting, by=two.by_mentor, now=NOW),
    "offer_again": lambda two, meeting: actions.offer_again(
        meeting, by=two.by_mentee, now=NOW, dates=[on("2026-12-03")]
    ),
}


@pytest.mark.parametrize("verb", GIVE_UP)
def test_a_fixed_date_is_not_given_up_for_a_second_open_offer(two: Pair, verb: str) -> None:
    """The database would refuse it with an error; the rule says so in a sentence."""
    meeting = scheduled(two)
    offered(two, [on("2026-11-03")])
    with pytest.raises(RuleViolation) as refused:
        GIVE_UP[verb](two, meeting)
    assert refused.value.code == "open_offer"
    meeting.refresh_from_db()
    assert meeting.state == "scheduled"


# ── none fits ────────────────────────────────────────────────────────────────
def test_none_fits_hands_the_turn_to_the_mentee(two: Pair) -> None:
    meeting = actions.refuse_dates(
        offered(two), by=two.by_mentor, now=NOW, word="Im Oktober bin ich auf Tournee."
    )
    assert (meeting.state, meeting.waits_for, meeting.answer_by) == ("proposed", "mentee", None)
    mail = OutgoingMail.objects.get(kind="dates-refused")
    assert (mail.recipient, mail.facts["to_mentee"]) == (two.mentee, True)
    again = actions.refuse_dates(
        meeting, by=two.by_mentor, now=NOW, word="Im Oktober bin ich auf Tournee."
    )
    assert again.version == meeting.version


def test_none_fits_may_be_thought_over(two: Pair) -> None:
    meeting = actions.refuse_dates(offered(two), by=two.by_mentor, now=NOW)
    meeting = actions.pick_date(
        meeting, by=two.by_mentor, now=NOW + HOUR, proposal_id=proposal(meeting).pk
    )
    assert meeting.state == "scheduled"


def test_the_mentor_offers_others_and_the_mentee_picks(two: Pair) -> None:
    others = [on("2026-11-03"), on("2026-11-05")]
    meeting = actions.refuse_dates(
        offered(two), by=two.by_mentor, now=NOW, word="Lieber so:", dates=others
    )
    assert (meeting.round, meeting.waits_for) == (2, "mentee")
    assert meeting.answer_by == on("2026-09-20", "23:59").starts_at
    assert OutgoingMail.objects.get(kind="dates-offered-back").recipient == two.mentee
    with pytest.raises(RuleViolation):
        actions.pick_date(meeting, by=two.by_mentor, now=NOW, proposal_id=proposal(meeting).pk)
    meeting = actions.pick_date(
        meeting, by=two.by_mentee, now=NOW, proposal_id=proposal(meeting, 1).pk
    )
    assert meeting.starts_at == others[1].starts_at


def test_the_mentee_refuses_the_mentors_dates_with_others(two: Pair) -> None:
    meeting = actions.refuse_dates(
        offered(two), by=two.by_mentor, now=NOW, dates=[on("2026-11-03")]
    )
    meeting = actions.refuse_dates(
        meeting, by=two.by_mentee, now=NOW + HOUR, dates=[on("2026-11-10")]
    )
    assert (meeting.round, meeting.waits_for) == (3, "mentor")
    assert ActionLink.objects.about("pick-date", meeting).live().get().used_at is None


# ── deadlines ────────────────────────────────────────────────────────────────
def test_an_offer_lapses_at_its_deadline_and_the_mentee_is_told_once(two: Pair) -> None:
    meeting = offered(two)
    deadline = meeting.answer_by
    assert deadline
    assert actions.pass_deadlines(deadline - timedelta(seconds=1)) == 0
    assert actions.pass_deadlines(deadline) == 1
    assert actions.pass_deadlines(deadline + HOUR) == 0
    meeting.refresh_from_db()
    assert (meeting.state, meeting.waits_for) == ("proposed", "mentee")
    assert meeting.unanswered_since == deadline
    mail = OutgoingMail.objects.get(kind="dates-unanswered")
    assert mail.recipient == two.mentee


def test_late_is_better_than_never(two: Pair) -> None:
    meeting = offered(two)
    now = NOW + timedelta(days=6)
    actions.pass_deadlines(now)
    meeting = actions.pick_date(
        meeting, by=two.by_mentor, now=now, proposal_id=proposal(meeting).pk
    )
    assert (meeting.state, meeting.unanswered_since) == ("scheduled", None)


def test_the_mentors_dates_lapse_too(two: Pair) -> None:
    meeting = actions.refuse_dates(
        offered(two), by=two.by_mentor, now=NOW, dates=[on("2026-11-03")]
    )
    actions.pass_deadlines(NOW + timedelta(days=6))
    mail = OutgoingMail.objects.get(kind="dates-unanswered")
    assert (mail.recipient, mail.facts["to_mentee"]) == (two.mentor, False)
    meeting.refresh_from_db()
    assert meeting.waits_for == "mentee"


def test_asking_again_gives_a_new_link_and_deadline(two: Pair) -> None:
    meeting = offered(two)
    now = NOW + timedelta(days=6)
    actions.pass_deadlines(now)
    meeting = actions.ask_again(meeting, by=two.by_mentor, now=now)
    assert (meeting.waits_for, meeting.answer_by) == (
        "mentor",
        on("2026-09-26", "23:59").starts_at,
    )
    assert ActionLink.objects.about("pick-date", meeting).count() == 2
    assert OutgoingMail.objects.filter(kind="dates-offered", status="planned").count() == 1
    with pytest.raises(RuleViolation):
        actions.ask_again(meeting, by=two.by_mentor, now=THREE[2].ends_at)


# ── other dates, moving, cancelling ──────────────────────────────────────────
def test_other_dates_replace_the_link(two: Pair) -> None:
    meeting = offered(two)
    old = link_of(meeting)
    meeting = actions.offer_again(meeting, by=two.by_mentee, now=NOW, dates=[on("2026-11-03")])
    assert (meeting.round, meeting.schedule_version) == (2, 0)
    assert link_of(meeting) != old
    assert len(mails(meeting, "dates-offered")) == 1
    assert len(mails(meeting, "dates-offered", "cancelled")) == 1
    assert meeting.agenda == "Mappe"


def test_other_dates_instead_of_a_fixed_one_give_it_up(two: Pair) -> None:
    meeting = actions.offer_again(
        scheduled(two), by=two.by_mentee, now=NOW + HOUR, dates=[on("2026-11-03")], agenda="Neu"
    )
    assert (meeting.state, meeting.schedule_version, meeting.agenda) == ("proposed", 2, "Neu")
    assert meeting.starts_at is None
    offer = mails(meeting, "dates-offered")[-1]
    assert offer.facts["was_at"] == THREE[0].starts_at.isoformat()
    assert offer.facts["sequence"] == 2
    released = mails(meeting, "meeting-date-released")
    assert [mail.recipient for mail in released] == [two.mentee]


def test_only_the_mentee_offers_again(two: Pair) -> None:
    with pytest.raises(RuleViolation) as refused:
        actions.offer_again(scheduled(two), by=two.by_mentor, now=NOW, dates=[on("2026-11-03")])
    assert refused.value.code == "who"


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_either_side_moves_the_meeting(two: Pair, side: str) -> None:
    meeting = actions.move_meeting(
        scheduled(two), by=two.by(side), now=NOW, date=on("2026-11-03", place="Café")
    )
    assert (meeting.state, meeting.place, meeting.schedule_version) == ("scheduled", "Café", 2)
    told = mails(meeting, "meeting-moved")
    assert {mail.recipient for mail in told} == {two.mentee, two.mentor}
    assert told[0].facts["was_at"] == THREE[0].starts_at.isoformat()
    again = actions.move_meeting(
        meeting, by=two.by(side), now=NOW, date=on("2026-11-03", place="Café")
    )
    assert again.version == meeting.version


def test_after_a_move_the_link_has_nothing_to_take_back(two: Pair) -> None:
    meeting = actions.move_meeting(scheduled(two), by=two.by_mentee, now=NOW, date=on("2026-11-03"))
    with pytest.raises(RuleViolation):
        actions.refuse_dates(meeting, by=two.by_mentor, now=NOW + HOUR)


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_either_side_cancels_with_or_without_a_reason(two: Pair, side: str) -> None:
    meeting = actions.cancel(scheduled(two), by=two.by(side), now=NOW, reason="Krank.")
    assert (meeting.state, meeting.schedule_version) == ("cancelled", 2)
    told = mails(meeting, "meeting-cancelled")
    assert {mail.recipient for mail in told} == {two.mentee, two.mentor}
    assert told[0].facts["reason"] == "Krank."
    assert not ActionLink.objects.about("pick-date", meeting).live().exists()
    again = actions.cancel(meeting, by=two.by(side), now=NOW)
    assert again.version == meeting.version


def test_a_withdrawn_offer_leaves_no_calendar_entry_behind(two: Pair) -> None:
    meeting = actions.cancel(offered(two), by=two.by_mentee, now=NOW)
    assert meeting.schedule_version == 0
    assert [mail.recipient for mail in mails(meeting, "dates-withdrawn")] == [two.mentor]
    assert not mails(meeting, "meeting-cancelled")
    assert not mails(meeting, "dates-offered")


def test_what_has_begun_is_reported_not_changed(two: Pair) -> None:
    meeting = scheduled(two)
    for verb, values in (
        (actions.cancel, {}),
        (actions.move_meeting, {"date": on("2026-11-03")}),
        (actions.offer_again, {"dates": [on("2026-11-03")]}),
    ):
        with pytest.raises(RuleViolation) as refused:
            verb(meeting, by=two.by_mentee, now=AFTER, **values)
        assert refused.value.code == "begun"


# ── reports ──────────────────────────────────────────────────────────────────
def test_both_say_it_took_place(two: Pair) -> None:
    meeting = actions.report_held(scheduled(two), by=two.by_mentee, now=AFTER)
    assert (meeting.state, meeting.reported_by_mentee) == ("held", "held")
    meeting = actions.report_held(meeting, by=two.by_mentor, now=AFTER)
    assert (meeting.state, meeting.disputed) == ("held", False)


@pytest.mark.parametrize("first", ["mentee", "mentor"])
@pytest.mark.parametrize("said", ["held", "missed"])
def test_differing_reports_count_as_held_and_the_coordinators_are_told(
    two: Pair, first: str, said: str
) -> None:
    coordinator = factories.coordinator(two.tandem.cohort)
    verbs = {"held": actions.report_held, "missed": actions.report_missed}
    second = "mentor" if first == "mentee" else "mentee"
    other = "missed" if said == "held" else "held"
    meeting = verbs[said](scheduled(two), by=two.by(first), now=AFTER)
    meeting = verbs[other](meeting, by=two.by(second), now=AFTER)
    assert (meeting.state, meeting.disputed) == ("held", True)
    mail = OutgoingMail.objects.get(kind="meeting-disputed")
    assert mail.recipient == coordinator
    assert set(mail.facts) == {"mentee", "mentor", "starts_at", "url"}


def test_reports_that_agree_again_ask_the_coordinators_nothing_until_they_differ_anew(
    two: Pair,
) -> None:
    factories.coordinator(two.tandem.cohort)
    meeting = actions.report_held(scheduled(two), by=two.by_mentee, now=AFTER)
    meeting = actions.report_missed(meeting, by=two.by_mentor, now=AFTER)
    meeting = actions.report_missed(meeting, by=two.by_mentee, now=AFTER)
    mails = OutgoingMail.objects.filter(kind="meeting-disputed")
    assert list(mails.values_list("status", flat=True)) == ["cancelled"]
    actions.report_held(meeting, by=two.by_mentee, now=AFTER)
    assert sorted(mails.values_list("status", flat=True)) == ["cancelled", "planned"]


def test_a_report_may_be_corrected(two: Pair) -> None:
    meeting = actions.report_missed(scheduled(two), by=two.by_mentee, now=AFTER)
    assert meeting.state == "missed"
    meeting = actions.report_held(meeting, by=two.by_mentee, now=AFTER)
    assert meeting.state == "held"
    meeting = actions.report_missed(meeting, by=two.by_mentor, now=AFTER)
    meeting = actions.report_missed(meeting, by=two.by_mentee, now=AFTER)
    assert (meeting.state, meeting.disputed) == ("missed", False)


def test_nothing_is_reported_before_the_meeting_or_by_strangers(two: Pair) -> None:
    meeting = scheduled(two)
    with pytest.raises(RuleViolation) as refused:
        actions.report_held(meeting, by=two.by_mentee, now=NOW)
    assert refused.value.code == "early"
    with pytest.raises(RuleViolation) as refused:
        actions.report_held(meeting, by=Actor.person(factories.person(), "mentee"), now=AFTER)
    assert refused.value.code == "who"


def test_the_agenda_is_the_mentees(two: Pair) -> None:
    meeting = scheduled(two)
    meeting = actions.change_agenda(meeting, by=two.by_mentee, now=NOW, agenda="Lampenfieber")
    assert meeting.agenda == "Lampenfieber"
    facts = [mail.facts["agenda"] for mail in mails(meeting, "meeting-reminder-week")]
    assert facts == ["Lampenfieber"] * 2
    with pytest.raises(RuleViolation):
        actions.change_agenda(meeting, by=two.by_mentor, now=NOW, agenda="x")
    event = AuditEvent.objects.filter(verb="change_agenda").get()
    assert "Lampenfieber" not in str(event.values)


# ── when the tandem ends ─────────────────────────────────────────────────────
def test_the_end_of_the_tandem_cancels_what_lies_ahead_and_nothing_else(two: Pair) -> None:
    past = scheduled(two)
    past = actions.report_held(past, by=two.by_mentee, now=AFTER)
    ahead = scheduled(two, [on("2026-12-03")], now=AFTER)
    open_offer = offered(two, [on("2027-01-12")], now=AFTER)
    begun = at(
        Meeting(tandem=two.tandem, number=9, created_at=NOW, changed_at=NOW, starts_at=AFTER,
                ends_at=AFTER + HOUR),
        "scheduled",
    )  # fmt: skip
    elsewhere = scheduled(pair(mentee="Noah Bergmann", mentor="Ida Czerny"), [on("2026-12-03")])
    at(two.tandem, "dissolved")
    tandem_ended.send(Tandem, obj=two.tandem, by=Actor.system(), now=AFTER)
    states = {one.pk: one.state for one in Meeting.objects.all()}
    assert states == {
        past.pk: "held",
        begun.pk: "scheduled",  # both can still say whether it took place
        ahead.pk: "cancelled",
        open_offer.pk: "cancelled",
        elsewhere.pk: "scheduled",
    }
    assert not OutgoingMail.objects.about(begun).exists()
    assert len(mails(ahead, "meeting-cancelled")) == 2
    assert not mails(ahead, "meeting-reminder-week")
    assert not mails(open_offer, "dates-offered")
    assert not mails(open_offer, "dates-withdrawn")
    assert not ActionLink.objects.about("pick-date", open_offer).live().exists()


def test_the_end_undoes_nothing_when_something_after_it_fails(two: Pair) -> None:
    meeting = scheduled(two)
    with following(tandem_ended, _fail), pytest.raises(ZeroDivisionError), transaction.atomic():
        tandem_ended.send(Tandem, obj=two.tandem, by=Actor.system(), now=NOW)
    meeting.refresh_from_db()
    assert meeting.state == "scheduled"
    assert len(mails(meeting, "meeting-reminder-day")) == 2


def _fail(tandem: Tandem) -> None:
    raise ZeroDivisionError


# ── the table ────────────────────────────────────────────────────────────────
VERBS = {
    "pick": lambda two, meeting: actions.pick_date(
        meeting, by=two.by_mentor, now=NOW, proposal_id=proposal(meeting).pk
    ),
    "refuse": lambda two, meeting: actions.refuse_dates(
        meeting, by=two.by_mentor, now=NOW, word="anders"
    ),
    "offer_again": lambda two, meeting: actions.offer_again(
        meeting, by=two.by_mentee, now=NOW, dates=[on("2026-11-03")]
    ),
    "ask_again": lambda two, meeting: actions.ask_again(meeting, by=two.by_mentor, now=NOW),
    "lapse": lambda two, meeting: actions.lapse(meeting, by=Actor.system(), now=AFTER),
    "move": lambda two, meeting: actions.move_meeting(
        meeting, by=two.by_mentee, now=NOW, date=on("2026-11-03")
    ),
    "report_held": lambda two, meeting: actions.report_held(meeting, by=two.by_mentee, now=AFTER),
    "report_missed": lambda two, meeting: actions.report_missed(
        meeting, by=two.by_mentee, now=AFTER
    ),
    "cancel": lambda two, meeting: actions.cancel(meeting, by=two.by_mentee, now=NOW),
}
FORBIDDEN = [
    (state, verb)
    for verb in MEETING.moves
    for state in MEETING.states
    if not MEETING.allows(state, verb) and (state, verb) != ("cancelled", "cancel")
]


def test_every_move_of_the_table_has_its_verb() -> None:
    assert VERBS.keys() == MEETING.moves.keys()


@pytest.mark.parametrize(("state", "verb"), FORBIDDEN)
def test_what_the_table_forbids_is_refused_and_leaves_no_trace(
    two: Pair, state: str, verb: str
) -> None:
    meeting = offered(two)
    values: dict[str, Any] = {}
    if state in ("scheduled", "held", "missed"):
        values = {"starts_at": THREE[0].starts_at, "ends_at": THREE[0].ends_at}
    meeting = at(meeting, state, **values)
    before = (OutgoingMail.objects.count(), AuditEvent.objects.count())
    with pytest.raises(RuleViolation) as refused:
        VERBS[verb](two, meeting)
    assert refused.value.code == "state"
    assert (OutgoingMail.objects.count(), AuditEvent.objects.count()) == before
    meeting.refresh_from_db()
    assert meeting.state == state


def test_every_verb_leaves_an_event_of_the_state_it_leads_to(two: Pair) -> None:
    meeting = offered(two)
    meeting = actions.refuse_dates(meeting, by=two.by_mentor, now=NOW)
    meeting = actions.offer_again(meeting, by=two.by_mentee, now=NOW, dates=THREE[1:])
    meeting = actions.pick_date(
        meeting, by=two.by_mentor, now=NOW, proposal_id=proposal(meeting).pk
    )
    meeting = actions.move_meeting(meeting, by=two.by_mentor, now=NOW, date=on("2026-11-03"))
    meeting = actions.cancel(meeting, by=two.by_mentee, now=NOW, reason="Krank.")
    events = list(AuditEvent.objects.of(meeting).order_by("pk"))
    assert [(event.verb, event.values["state"]) for event in events] == [
        ("propose", "proposed"),
        ("refuse", "proposed"),
        ("offer_again", "proposed"),
        ("pick", "scheduled"),
        ("move", "scheduled"),
        ("cancel", "cancelled"),
    ]
    assert {event.cohort_id for event in events} == {two.tandem.cohort_id}
    assert "Krank" not in str([event.values for event in events])
