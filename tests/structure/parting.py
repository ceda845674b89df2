"""What a person can hold in the programme, and people who hold all of it, for the test of parting (P17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.models import User
from core.links.models import ActionLink
from matching import actions as matching
from matching.models import PairRule, Tandem
from meetings import actions as meetings
from meetings.models import Meeting
from mentees import actions as mentees
from mentees.models import Application, Mentee
from mentees.states import OPEN
from mentors import actions as mentors
from mentors.models import Mentor
from mentors.states import PARTED
from outbox.kinds import mail_kinds
from outbox.models import WAITING, OutgoingMail
from programme.models import CohortRole
from tests import factories
from tests.conftest import NOW
from tests.matching.people import a_mentee, a_mentor, as_mentee, as_mentor
from tests.meetings.helpers import on, proposal
from tests.mentees.helpers import application_data
from workshops import actions as workshops
from workshops.models import Registration, Workshop

DAY = timedelta(days=1)


def _live(rows: Any) -> Any:
    return rows.filter(state__in=("draft", "mentee_agreed", "mentor_asked", "confirmed", "active"))


def _goodbyes() -> list[str]:
    return [one.kind for one in mail_kinds.values() if one.reaches_closed]


# What is held: name → (the models it stands in, how many a person has at a moment).
HELD: dict[str, tuple[tuple[str, ...], Callable[[User, datetime], int]]] = {
    "rights": (
        ("accounts.User_groups", "accounts.User_user_permissions"),
        lambda person, now: (
            User.objects.filter(pk=person.pk)
            .filter(Q(is_staff=True) | Q(is_superuser=True) | Q(groups__isnull=False))
            .count()
        ),
    ),
    "roles": (
        ("programme.CohortRole",),
        lambda person, now: CohortRole.objects.filter(user=person).count(),
    ),
    "open applications": (
        ("mentees.Application",),
        lambda person, now: Application.objects.of(person).filter(state__in=OPEN).count(),
    ),
    "part as mentee": (
        ("mentees.Mentee",),
        lambda person, now: Mentee.objects.of(person).filter(state="taking_part").count(),
    ),
    "part as mentor": (
        ("mentors.Mentor",),
        lambda person, now: Mentor.objects.filter(user=person).exclude(state__in=PARTED).count(),
    ),
    "places": (
        ("workshops.Registration",),
        lambda person, now: (
            Registration.objects.of(person)
            .standing()
            .filter(workshop__sessions__starts_at__gt=now)
            .count()
        ),
    ),
    "tandems": (
        (),
        lambda person, now: _live(
            Tandem.objects.filter(Q(mentee__user=person) | Q(mentor__user=person))
        ).count(),
    ),
    "meetings": (
        (),
        lambda person, now: (
            Meeting.objects.of_tandem_members(person)
            .filter(Q(state="proposed") | Q(state="scheduled", starts_at__gt=now))
            .count()
        ),
    ),
    "pins": (
        (),
        lambda person, now: PairRule.objects.filter(
            Q(mentee__user=person) | Q(mentor__user=person), kind="pin"
        ).count(),
    ),
    "consent link": (
        ("links.ActionLink",),
        lambda person, now: (
            ActionLink.objects.live().filter(holder=person, purpose="mentor-consent").count()
        ),
    ),
    "links": (
        ("links.ActionLink",),
        # The link that confirmed an address decides nothing any more.
        lambda person, now: (
            ActionLink.objects.live()
            .filter(holder=person)
            .exclude(purpose="mentor-consent")
            .exclude(purpose="confirm-application", used_at__isnull=False)
            .count()
        ),
    ),
    "reminders": (
        ("outbox.OutgoingMail",),
        lambda person, now: OutgoingMail.objects.filter(
            recipient=person, status__in=WAITING, planned_for__isnull=False
        ).count(),
    ),
}
HISTORY = {
    "admin.LogEntry": "never written: the audit trail stands in its place",
    "account.EmailAddress": "an address of the account, which opens nothing while it is closed",
    "mfa.Authenticator": "a second factor, which opens nothing while the account is closed",
    "programme.Consent": "proof of what somebody agreed to (GDPR 7(1))",
    "programme.Organisation": "the office's postbox can't be closed",
    "mentors.CriterionCheck": "who judged",
    "matching.MatchingRun": "who computed",
    "matching.PairRule": "who fixed or excluded a pair",
    "matching.Tandem": "who proposed and approved",
}


def held(person: User, now: datetime) -> dict[str, int]:
    """What the person holds, without what is none."""
    counts = {name: count(person, now) for name, (_models, count) in HELD.items()}
    return {name: number for name, number in counts.items() if number}


def workshop(capacity: int = 5, days: int = 28) -> Workshop:
    """A workshop ahead."""
    made: Workshop = factories.workshop(
        capacity=capacity, published_at=NOW, starts_at=NOW + days * DAY
    )
    return made


def places(person: User, role: str) -> list[Registration]:
    """A place, an extra place and a rank on a waiting list."""
    by = factories.by(person, role)
    full = workshop(1, 30)
    other = factories.mentee().user
    workshops.register(full, other, by=factories.by(other, "mentee"), now=NOW)
    return [
        workshops.register(workshop(), person, by=by, now=NOW),
        workshops.give_extra_place(workshop(1, 29), person, by=factories.SYSTEM, now=NOW),
        workshops.register(full, person, by=by, now=NOW),
    ]


def full_mentee(tandem: bool = True) -> Mentee:
    """A mentee with places, a pin, and a tandem with a date fixed and another offered."""
    mentee = a_mentee("Leyla Arslan")
    places(mentee.user, "mentee")
    mentor = a_mentor()
    PairRule.objects.create(
        mentee=mentee, mentor=mentor, cohort=mentee.cohort, kind="pin", made_at=NOW
    )
    if tandem:
        with_meetings(asked(mentee, mentor, confirm=True))
    return mentee


def full_mentor(held_tandem: bool) -> Mentor:
    """A mentor with places, a pin, somebody who asks and somebody whose question was declined; and, if
    wanted, a tandem with meetings."""
    mentor = a_mentor(capacity=3)
    assert mentor.user is not None
    mentors.standing_link(mentor, now=NOW)
    places(mentor.user, "mentor")
    pinned = a_mentee()
    PairRule.objects.create(
        mentee=pinned, mentor=mentor, cohort=pinned.cohort, kind="pin", made_at=NOW
    )
    asked(a_mentee(), mentor)
    declined = asked(a_mentee(), mentor)
    matching.decline(declined, by=as_mentor(declined), now=NOW)
    if held_tandem:
        with_meetings(asked(a_mentee(), mentor, confirm=True))
    return mentor


def asked(mentee: Mentee, mentor: Mentor, confirm: bool = False) -> Tandem:
    """A tandem whose mentor was asked, or has said yes."""
    office = factories.by(factories.coordinator())
    tandem = matching.propose_tandem(mentee, mentor, by=office, now=NOW)
    matching.agree(tandem, by=as_mentee(tandem), now=NOW)
    matching.approve(tandem, by=office, now=NOW)
    if confirm:
        matching.confirm(tandem, by=as_mentor(tandem), now=NOW)
    return Tandem.objects.get(pk=tandem.pk)


def with_meetings(tandem: Tandem) -> None:
    """A date fixed and another offered."""
    one = meetings.propose_dates(tandem, by=as_mentee(tandem), now=NOW, dates=[on("2026-10-14")])
    meetings.pick_date(one, by=as_mentor(tandem), now=NOW, proposal_id=proposal(one).pk)
    meetings.propose_dates(tandem, by=as_mentee(tandem), now=NOW, dates=[on("2026-11-14")])


def applicant(state: str) -> Application:
    """Somebody who applies: still to confirm, or being chosen from."""
    from tests.mentees.helpers import vocabulary

    vocabulary()
    sent = mentees.send_application(
        factories.cohort(),
        by=factories.SYSTEM,
        now=NOW,
        application_data=application_data(),
        form_id=answers_id(),
    )
    if state != "unconfirmed":
        sent = mentees.confirm(sent, by=factories.SYSTEM, now=NOW)
    return sent


def answers_id() -> Any:
    """The key of a form."""
    import uuid

    return uuid.uuid4()
