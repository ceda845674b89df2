"""Meetings: held, missed, reported differently, moved, cancelled, ahead, and offers in every state."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta

from core.audit import Actor
from core.audit.models import AuditEvent
from matching.models import Tandem
from meetings import actions
from meetings.models import DateProposal, Meeting, Report
from meetings.rules import OfferedDate
from meetings.states import MEETING
from mentoring.devtools.demo.days import is_closed
from mentoring.devtools.demo.material.words import (
    AGENDAS,
    AGENDAS_FOR_ALL,
    FIRST_AGENDAS,
    PLACES,
)
from mentoring.devtools.demo.stage import Stage, as_person
from mentoring.devtools.demo.texts import Texts
from outbox.actions import muted
from programme.models import MeetingFormat

HOUR = timedelta(hours=1)
NEAR = "Leipzig"


class Subjects:
    """Subjects of a tandem's meetings: first an introduction, then the mentee's topics."""

    def __init__(self, stage: Stage, tandem: Tandem) -> None:
        texts = Texts(stage.rng)
        topics = tandem.mentee.application.topics.values_list("topic__code", flat=True)
        later = [text for topic in sorted(topics) for text in AGENDAS.get(topic, ())]
        others = texts.some(AGENDAS_FOR_ALL, len(AGENDAS_FOR_ALL))
        later = texts.some(later, len(later))
        later[2:2] = others[:1]  # now and then a subject that is none of the topics
        self._left = iter([texts.one(FIRST_AGENDAS), *later, *others[1:]])

    def next(self) -> str:
        """The agenda of the next meeting, none twice in a tandem; empty when all are used."""
        return next(self._left, "")


def place_of(stage: Stage, tandem: Tandem) -> str:
    """Where two people meet: as the mentor prefers, and online with those who live far away."""
    likes, far = tandem.mentor.meeting_format, tandem.mentor.region != NEAR
    if likes == MeetingFormat.ONLINE or (far and likes != MeetingFormat.ON_SITE):
        return PLACES[0]
    return stage.rng.choice(PLACES[1:])


class Diary:
    """The meetings of one tandem. Days count from today; past meetings queue no mails, open ones do."""

    def __init__(self, stage: Stage, tandem: Tandem) -> None:
        self.stage = stage
        self.tandem = tandem
        self.mentee = as_person(tandem.mentee.user, "mentee")
        self.mentor = as_person(tandem.mentor.user, "mentor")
        self.subjects = Subjects(stage, tandem)

    def dates(self, *days: int) -> list[OfferedDate]:
        """One date a day, at usual hours; on the next day where one is a holiday."""
        rng = self.stage.rng
        found: list[OfferedDate] = []
        taken: set[int] = set()
        for day in days:
            while is_closed(self.stage.day(day)) or day in taken:
                day += 1
            taken.add(day)
            starts = self.stage.on(day, rng.choice([16, 17, 18]), rng.choice([0, 30]))
            found.append(OfferedDate(starts, starts + HOUR, place_of(self.stage, self.tandem)))
        return found

    def offer(self, ago: float, *days: int) -> Meeting:
        """The mentee offers dates."""
        return actions.propose_dates(
            self.tandem,
            by=self.mentee,
            now=self.stage.at - timedelta(days=ago),
            dates=self.dates(*days),
            agenda=self.subjects.next(),
        )

    def fixed(self, day: int, ahead: int = 8) -> Meeting:
        """A date that was offered ``ahead`` days before (at least three days ago) and picked two days later.
        A past date stays in the past: from a holiday it is moved back to a working day."""
        while day <= 0 and is_closed(self.stage.day(day)):
            day -= 1
        ago = max(ahead - day, 3)
        with muted():
            meeting = self.offer(ago, day, day + 3)
            first = meeting.proposals.order_by("starts_at").first()
            assert first is not None
            return actions.pick_date(
                meeting,
                by=self.mentor,
                now=self.stage.at - timedelta(days=ago - 2),
                proposal_id=first.pk,
            )

    def past(self, day: int, mentee: str = Report.HELD, mentor: str = Report.HELD) -> Meeting:
        """A past meeting, with what each side reported ("" for nothing yet)."""
        meeting = self.fixed(day)
        assert meeting.ends_at is not None
        with muted():
            for hours, by, said in ((14, self.mentee, mentee), (20, self.mentor, mentor)):
                if said:
                    now = min(meeting.ends_at + hours * HOUR, self.stage.at)
                    verb = actions.report_held if said == Report.HELD else actions.report_missed
                    meeting = verb(meeting, by=by, now=now)
        return meeting


def _with_offer(diary: Diary) -> None:
    diary.past(-60)
    diary.past(-28)
    diary.past(-1, mentee="", mentor="")
    diary.fixed(6)
    diary.offer(1, 20, 22, 27)


def _regular(diary: Diary) -> None:
    diary.past(-55)
    diary.past(-24)
    diary.fixed(3)


def _asks_the_mentor(diary: Diary) -> None:
    diary.past(-40)
    diary.offer(0.5, 5, 7, 8)


def _not_reported(diary: Diary) -> None:
    diary.past(-50)
    diary.past(-20, mentor="")
    diary.past(-1, mentee="", mentor="")


def _disputed(diary: Diary) -> None:
    diary.past(-47)
    diary.past(-9, mentor=Report.MISSED)


def _missed(diary: Diary) -> None:
    diary.past(-58)
    diary.past(-21, mentee=Report.MISSED, mentor=Report.MISSED)
    diary.fixed(10, ahead=14)


def _asked_back(diary: Diary) -> None:
    diary.past(-44)
    with muted():
        cancelled = diary.fixed(2)
        now = diary.stage.at - timedelta(days=3)
        actions.cancel(cancelled, by=diary.mentor, now=now, reason="Ich bin leider erkrankt.")
        meeting = diary.offer(2.5, 4, 6)
    now, dates = diary.stage.at - timedelta(days=1), diary.dates(9, 11)
    word = "In dieser Woche probe ich jeden Abend."
    actions.refuse_dates(meeting, by=diary.mentor, now=now, word=word, dates=dates)


def _quiet(diary: Diary) -> None:
    diary.past(-62)


def _unanswered(diary: Diary) -> None:
    diary.past(-33)
    with muted():
        meeting = diary.offer(8, 1, 5)
        assert meeting.answer_by is not None
        now = min(meeting.answer_by + timedelta(minutes=1), diary.stage.at)
        actions.lapse(meeting, by=Actor.system(), now=now)


def _turned_down(diary: Diary) -> None:
    diary.past(-37)
    with muted():
        meeting = diary.offer(3, 4, 8)
        now = diary.stage.at - timedelta(days=1)
        actions.refuse_dates(
            meeting,
            by=diary.mentor,
            now=now,
            word="Beides geht leider nicht, gern übernächste Woche.",
        )


def _tomorrow(diary: Diary) -> None:
    diary.past(-35)
    diary.fixed(1)


def _moved(diary: Diary) -> None:
    diary.past(-41)
    with muted():
        meeting = diary.fixed(8, ahead=12)
        other = diary.dates(8, 9)[1]
        now = diary.stage.at - timedelta(days=2)
        actions.move_meeting(meeting, by=diary.mentee, now=now, date=other)


def _twice(diary: Diary) -> None:
    diary.past(-52)
    diary.past(-13)
    diary.fixed(12)


STORIES: tuple[Callable[[Diary], None], ...] = (
    _with_offer,
    _regular,
    _asks_the_mentor,
    _not_reported,
    _disputed,
    _missed,
    _asked_back,
    _quiet,
    _unanswered,
    _turned_down,
    _tomorrow,
    _moved,
    _twice,
    _regular,
)


def of_the_year(stage: Stage, held: Iterable[Tandem]) -> None:
    """The past and future meetings of the running cohort's tandems; those only just confirmed have none."""
    running = [one for one in held if one.state in ("probation", "active")]
    for number, tandem in enumerate(running):
        STORIES[number % len(STORIES)](Diary(stage, tandem))


# ── the past year ────────────────────────────────────────────────────────────
def of_the_past(stage: Stage, tandems: Iterable[Tandem], first_day: int) -> None:
    """Six meetings per tandem, a month apart from ``first_day`` on, all held. Written in bulk, with the
    events the verbs would have written: no mail was sent, so nothing else depends on them."""
    meetings: list[Meeting] = []
    dates: list[DateProposal] = []
    events: list[AuditEvent] = []
    for tandem in tandems:
        subjects = Subjects(stage, tandem)
        for number in range(6):
            day = first_day + 30 * number + stage.rng.randint(0, 9)
            while is_closed(stage.day(day)):
                day -= 1
            meeting, date, told = _held(stage, tandem, number + 1, day, subjects.next())
            meetings.append(meeting)
            dates.append(date)
            events += told
    Meeting.objects.bulk_create(meetings, batch_size=200)
    DateProposal.objects.bulk_create(dates, batch_size=200)
    AuditEvent.objects.bulk_create(events, batch_size=200)


def _held(
    stage: Stage, tandem: Tandem, number: int, day: int, agenda: str
) -> tuple[Meeting, DateProposal, list[AuditEvent]]:
    starts = stage.on(day, stage.rng.choice([16, 17, 18]))
    ends, offered = starts + HOUR, starts - timedelta(days=8)
    meeting = Meeting(
        tandem=tandem,
        number=number,
        agenda=agenda,
        starts_at=starts,
        ends_at=ends,
        place=place_of(stage, tandem),
        round=1,
        fixed_at=offered + timedelta(days=2),
        reported_by_mentee=Report.HELD,
        reported_by_mentor=Report.HELD,
        created_at=offered,
        changed_at=offered + timedelta(days=2),
        state_since=offered,
    )
    mentee, mentor = (
        as_person(tandem.mentee.user, "mentee"),
        as_person(tandem.mentor.user, "mentor"),
    )
    events = [_event(stage, meeting, "propose", mentee, ["agenda", "proposals"])]
    steps = (
        ("pick", mentor, offered + timedelta(days=2), ["starts_at", "ends_at", "place"]),
        ("report_held", mentee, ends + 14 * HOUR, ["disputed", "reported_by_mentee"]),
        ("report_held", mentor, ends + 20 * HOUR, ["disputed", "reported_by_mentor"]),
    )
    for verb, by, now, fields in steps:
        MEETING.move(meeting, verb, now=now)
        events.append(_event(stage, meeting, verb, by, fields))
    date = DateProposal(
        meeting=meeting, round=1, starts_at=starts, ends_at=ends, place=meeting.place, picked=True
    )
    return meeting, date, events


def _event(stage: Stage, meeting: Meeting, verb: str, by: Actor, fields: list[str]) -> AuditEvent:
    return AuditEvent(
        at=meeting.state_since,
        actor_id=by.user_id,
        actor_role=by.role,
        object_type=Meeting._meta.label,
        object_id=str(meeting.pk),
        cohort_id=meeting.cohort_id,
        verb=verb,
        fields=sorted(fields),
        values={
            "state": meeting.state,
            "starts_at": str(meeting.starts_at) if verb != "propose" else None,
            "schedule_version": meeting.schedule_version,
        },
        request_id=uuid.UUID(int=stage.rng.getrandbits(128), version=4),
    )
