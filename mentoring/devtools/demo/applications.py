"""Applications: those of the past and the running cohort, and the open window in every state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mentees import actions
from mentees.application_data import ApplicationData
from mentees.models import Application, Mentee
from mentees.states import ApplicationState
from mentoring.devtools.demo.days import on_a_weekday
from mentoring.devtools.demo.material import words
from mentoring.devtools.demo.material.students import (
    ARTS,
    CHOICES,
    STUDENTS,
    Student,
)
from mentoring.devtools.demo.stage import Stage, as_person
from mentoring.devtools.demo.texts import Texts
from mentors.models import Mentor
from outbox.actions import muted
from programme.models import Cohort, MeetingFormat, StudySubject

PAST_MENTEES = 18
# The open window: how many of each state among twenty-four.
OPEN = (
    (ApplicationState.SUBMITTED, 6),
    (ApplicationState.IN_REVIEW, 4),
    ("talk_ahead", 3),
    ("talked", 2),
    (ApplicationState.ACCEPTED, 3),
    (ApplicationState.WAITLISTED, 1),
    (ApplicationState.REJECTED, 1),
    (ApplicationState.UNCONFIRMED, 2),
    ("withdrawn_lately", 1),
    (ApplicationState.WITHDRAWN, 1),
)
# The first application in some states is unusual: the answers that differ.
TO_JUDGE: dict[str, dict[str, Any]] = {
    ApplicationState.SUBMITTED: {"semesters_left": 1},
    ApplicationState.IN_REVIEW: {"degree": "bachelor", "semester": 3},
    ApplicationState.WAITLISTED: {"german": "basic"},
}
FORMATS = (MeetingFormat.BOTH, MeetingFormat.BOTH, MeetingFormat.ONLINE, MeetingFormat.ON_SITE, "")


class Window:
    """The applications to one cohort: the mentors applicants may wish for, and texts, none used twice."""

    def __init__(self, stage: Stage, cohort: Cohort, mentors: Sequence[Mentor]) -> None:
        self.stage = stage
        self.cohort = cohort
        self.mentors = list(mentors)
        self.texts = Texts(stage.rng)

    def motivation(self, student: Student, subject: StudySubject) -> str:
        """Why somebody applies, according to their career field."""
        groups = (f"/{subject.group.code}", "")
        keys = [field + group for field in student.fields.split() for group in groups]
        options = [text for key in keys for text in words.MOTIVATIONS.get(key, ())]
        return self.texts.one(options).format(fach=subject.name_de)

    def goals(self, topics: Sequence[str]) -> str:
        """A goal for each of two topics."""
        left, found = list(topics), list[str]()
        while left and len(found) < 2:
            found.append(self.texts.one([text for topic in left for text in words.GOALS[topic]]))
            left = [topic for topic in left if found[-1] not in words.GOALS[topic]]
        return "\n\n".join(found)

    def expectations(self) -> str:
        """One or two usual expectations."""
        return "\n\n".join(self.texts.some(words.EXPECTATIONS, self.stage.rng.choice([1, 1, 2])))

    def wishes(self) -> tuple[Mentor | str, ...]:
        """None, one or two wishes; rarely somebody who is not in the network yet."""
        stage, rng = self.stage, self.stage.rng
        found: list[Mentor | str] = []
        if self.mentors and rng.random() < 0.45:
            found = list(rng.sample(self.mentors, min(len(self.mentors), rng.choice([1, 1, 2]))))
        if rng.random() < 0.12:
            found.append(stage.book.fresh()[0])
        return tuple(found)


def somebody(stage: Stage) -> Student:
    """A student with a new name and a subject that may apply."""
    name, home = stage.book.fresh()
    subjects = [one for one in stage.words.subjects.values() if one.may_apply]
    subject = stage.rng.choice(subjects)
    fields, topics = CHOICES[subject.group.code]
    degrees = (
        ["bachelor-arts", "master-arts"]
        if subject.group.code in ARTS
        else ["bachelor", "bachelor", "master", "master", "masterclass"]
    )
    degree = stage.rng.choice(degrees)
    semester = stage.rng.randint(5, 7) if degree.startswith("bachelor") else stage.rng.randint(1, 3)
    return Student(
        name,
        subject.code,
        degree,
        semester,
        " ".join(stage.rng.sample(fields, 2)),
        " ".join(stage.rng.sample(topics, 3)),
        home,
    )


def send(
    window: Window, student: Student, now: datetime, *, other: Mapping[str, Any] | None = None
) -> Application:
    """Sends the form; ``other`` are answers that differ from the usual ones."""
    stage, language = window.stage, "de"
    if student.home != "de" and stage.rng.random() < 0.4:
        language = "en"
    user = stage.person(student.name, language=language)
    return actions.send_application(
        window.cohort,
        by=as_person(user, "applicant"),
        now=now,
        application_data=ApplicationData(
            **{**data_of(window, student, user.email), **(other or {})}
        ),
        form_id=stage.key(),
        language=language,
    )


def data_of(window: Window, student: Student, email: str) -> ApplicationData:
    """What the student writes in the form."""
    stage, texts = window.stage, window.texts
    rng, table, topics = stage.rng, stage.words, student.topics.split()
    subject = table.subjects[student.subject]
    situation = texts.one(words.SITUATIONS) if rng.random() < 0.15 else ""
    return ApplicationData(
        email=email,
        name=student.name,
        subject=subject,
        degree=table.degrees[student.degree],
        semester=student.semester,
        semesters_left=rng.choice([2, 3, 3, 4, 5]),
        german="native" if student.home == "de" else rng.choice(["good", "good", "native"]),
        motivation=window.motivation(student, subject),
        goals=window.goals(topics),
        expectations=window.expectations(),
        notice=stage.notice,
        career_fields=tuple(stage.pick(table.fields, student.fields)),
        topics=tuple(stage.pick(table.topics, topics)),
        wishes=window.wishes(),
        languages=tuple(stage.pick(table.languages, dict.fromkeys(["de", "en", student.home]))),
        meeting_format=str(rng.choice(FORMATS)),
        meetings_a_month=rng.choice([1, 1, 2, None]),
        situation=words.FROM_UKRAINE if student.home == "uk" else situation,
        words_for_mentor=texts.one(
            [words.FROM_ABROAD, *words.FOR_THE_MENTOR]
            if student.home not in ("de", "uk")
            else words.FOR_THE_MENTOR
        ),
    )


def confirm(application: Application, now: datetime) -> Application:
    """The applicant opens the link."""
    by = as_person(application.applicant, "applicant")
    return actions.confirm(application, by=by, now=now)


# ── what led to the past and the running cohort ──────────────────────────────
def mentees_of(window: Window, students: Sequence[Student]) -> list[Mentee]:
    """Makes the students mentees of the cohort, and rejects some others. All mails of that time were sent
    long ago."""
    with muted():
        found = [_accepted(window, student) for student in students]
        for number in range(rejected(len(students))):
            _not_accepted(window, withdrawn=number == 0)
    return found


def rejected(mentees: int) -> int:
    """How many others apply in vain where ``mentees`` are accepted."""
    return max(3, mentees // 5)


def _sent_and_read(window: Window, student: Student) -> tuple[Application, datetime]:
    """Sent and confirmed in the second half of the window, read after its end; returns the time of reading."""
    stage, closes = window.stage, window.cohort.applications_close_at
    rng = stage.rng
    now = closes - timedelta(days=rng.randint(1, 40), minutes=rng.randrange(600))
    application = send(window, student, now)
    confirm(application, now + timedelta(minutes=rng.randint(2, 200)))
    read_at = closes + timedelta(days=rng.randint(1, 4), hours=10)
    return actions.begin_reading(application, by=stage.by, now=read_at), read_at


def _accepted(window: Window, student: Student) -> Mentee:
    stage = window.stage
    application, read_at = _sent_and_read(window, student)
    later = timedelta(days=stage.rng.randint(5, 12), hours=stage.rng.choice([0, 1, 3]))
    talk_at = on_a_weekday(read_at + later)
    application = actions.invite(
        application,
        by=stage.by,
        now=read_at + timedelta(hours=1),
        talk_at=talk_at,
        talk_place=stage.rng.choice(words.TALK_PLACES),
    )
    return actions.accept(application, by=stage.by, now=talk_at + timedelta(days=4))


def _not_accepted(window: Window, *, withdrawn: bool) -> None:
    stage = window.stage
    application, read_at = _sent_and_read(window, somebody(stage))
    if withdrawn:
        by = as_person(application.applicant, "applicant")
        actions.withdraw(application, by=by, now=read_at + timedelta(days=2))
        return
    actions.reject(
        application,
        by=stage.by,
        now=read_at + timedelta(days=16),
        words=window.texts.one(words.REJECTIONS),
    )


def students_of_the_year(stage: Stage) -> list[Student]:
    """The future mentees of the running cohort: first those described one by one, then others."""
    wanted = stage.sizes.by_verbs.mentees
    return [*STUDENTS[:wanted], *(somebody(stage) for _more in range(wanted - len(STUDENTS)))]


# ── the open window ──────────────────────────────────────────────────────────
def open_window(window: Window) -> list[Application]:
    """Applications in each state. Open ones have their mail (a link to confirm, a talk, a withdrawal that can
    be taken back); finished ones have a state only."""
    return [
        _bring(window, state, TO_JUDGE.get(state, {}) if one == 0 else {})
        for state, number in OPEN
        for one in range(number)
    ]


def _bring(window: Window, state: str, other: Mapping[str, Any]) -> Application:
    stage, rng = window.stage, window.stage.rng
    student = somebody(stage)
    if "degree" in other:
        arts = stage.words.subjects[student.subject].group.code in ARTS
        code = f"{other['degree']}-arts" if arts else other["degree"]
        other = {**other, "degree": stage.words.degrees[code]}
    sent_at = stage.hours_ago(
        rng.randint(30, 40) if state == ApplicationState.UNCONFIRMED else rng.randint(230, 540)
    )
    if state == ApplicationState.UNCONFIRMED:
        return send(window, student, sent_at)
    with muted():
        application = send(window, student, sent_at, other=other)
        confirm(application, sent_at + timedelta(minutes=rng.randint(3, 90)))
        application.refresh_from_db()
        if state == ApplicationState.SUBMITTED:
            return application
        by = as_person(application.applicant, "applicant")
        if state == ApplicationState.WITHDRAWN:
            return actions.withdraw(application, by=by, now=stage.hours_ago(120))
        application = actions.begin_reading(application, by=stage.by, now=stage.hours_ago(200))
        if state == ApplicationState.IN_REVIEW:
            return application
        if state == ApplicationState.REJECTED:
            return actions.reject(application, by=stage.by, now=stage.some_hour(-2))
        if state == ApplicationState.WAITLISTED:
            return actions.waitlist(application, by=stage.by, now=stage.some_hour(-3))
    if state == "withdrawn_lately":
        return actions.withdraw(application, by=by, now=stage.hours_ago(20))
    ahead = state == "talk_ahead"
    talk_at = stage.on(rng.randint(3, 9) if ahead else -3, rng.choice([9, 11, 14]))
    talk_at = on_a_weekday(talk_at) if ahead else talk_at
    place = rng.choice(words.TALK_PLACES)
    if ahead:
        return actions.invite(
            application, by=stage.by, now=stage.some_hour(-4), talk_at=talk_at, talk_place=place
        )
    with muted():
        application = actions.invite(
            application, by=stage.by, now=stage.some_hour(-7), talk_at=talk_at, talk_place=place
        )
        if state == ApplicationState.ACCEPTED:
            actions.accept(application, by=stage.by, now=stage.some_hour(-1))
    return application
