"""What stands before a journey begins; these functions run on its ground (``Ground.call``)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

PASSWORD = "drei Takte Pause bitte"


def prepare() -> dict[str, Any]:
    """An organisation, a cohort whose window is open, a coordinator with a second factor, a second
    mentor beside whom the one to be entered is chosen. Returns what the walkers need to know."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from accounts.models import User
    from programme.models import Cohort, CohortRole, Organisation
    from programme.vocabulary import ensure_notices, ensure_vocabulary

    now = timezone.now()
    ensure_vocabulary()
    ensure_notices()
    office = User.objects.person("mentoring@hochschule.example", name="Mentoring-Koordination")
    Organisation.objects.create(
        name_de="Hochschule für Musik und Theater",
        name_en="University of Music and Theatre",
        office=office,
        office_phone="+49 341 555 0 628",
        signed_by="Katrin Behrend",
        address="Beispielstraße 1\n04107 Leipzig",
        represented_by="die Rektorin",
    )
    today = now.date()
    cohort = Cohort.objects.create(
        name=f"{today.year}/{(today.year + 1) % 100}",
        starts_on=today + timedelta(days=1),
        ends_on=today + timedelta(days=300),
        applications_open_at=now - timedelta(days=10),
        applications_close_at=now + timedelta(days=10),
        kickoff_on=today + timedelta(days=20),
        closing_on=today + timedelta(days=290),
        probation_until=today + timedelta(days=90),
    )
    coordinator = User.objects.person("katrin.behrend@hochschule.example", name="Katrin Behrend")
    coordinator.is_staff = True
    coordinator.set_password(PASSWORD)
    coordinator.save()
    CohortRole.objects.create(cohort=cohort, user=coordinator)
    secret = generate_totp_secret()
    TOTP.activate(coordinator, secret)
    RecoveryCodes.activate(coordinator)
    return {
        "cohort": str(cohort.pk),
        "coordinator": coordinator.email,
        "secret": secret,
        "codes": RecoveryCodes(
            coordinator.authenticator_set.get(type="recovery_codes")
        ).get_unused_codes(),
        "other_mentor": _other_mentor(),
    }


def _other_mentor() -> str:
    """An active mentor, so that there is a choice."""
    from core.audit import Actor
    from mentors import actions
    from mentors.models import Criterion
    from programme.models import CareerField, Topic

    now, by = timezone.now(), Actor.system()
    mentor = actions.enter_mentor(
        name="Tobias Wendland",
        profession="leitet ein Kammermusikfestival",
        email="tobias.wendland@example.org",
        by=by,
        now=now,
        career_fields=list(CareerField.objects.order_by("-position")[:2]),
        topics=list(Topic.objects.order_by("-position")[:2]),
    )
    actions.contact(mentor, by=by, now=now)
    actions.review(mentor, by=by, now=now)
    for criterion in Criterion.values:
        actions.check_criterion(
            mentor, criterion=criterion, verdict="met", evidence="bekannt", by=by, now=now
        )
    actions.record_consent(mentor, by=by, now=now, how="im Gespräch")
    actions.activate(mentor, by=by, now=now)
    return str(mentor.pk)


def send_due(at: str | None) -> None:
    """``manage.py send_due``, at a moment when told."""
    from django.core.management import call_command

    call_command("send_due", at=at)


def breaches() -> list[str]:
    """What ``manage.py verify`` would find."""
    from mentoring.operations.verify import breaches as found

    return found(timezone.now())


def first_meeting() -> dict[str, str]:
    """When the one fixed meeting begins."""
    from meetings.models import Meeting

    meeting = Meeting.objects.get(state="scheduled")
    assert meeting.starts_at is not None
    return {"starts_at": meeting.starts_at.isoformat(), "id": str(meeting.pk)}


# ── for the shorter journeys ─────────────────────────────────────────────────
def _mentee(name: str, email: str) -> Any:
    """An accepted mentee, by the verbs."""
    import uuid

    from core.audit import Actor
    from mentees import actions
    from mentees.application_data import ApplicationData
    from programme.models import (
        Cohort,
        ConsentNotice,
        Degree,
        StudySubject,
        Topic,
    )

    now, by = timezone.now(), Actor.system()
    data = ApplicationData(
        email=email,
        name=name,
        subject=StudySubject.objects.get(code="violoncello"),
        degree=Degree.objects.order_by("position")[1],
        semester=1,
        semesters_left=3,
        german="native",
        motivation="Ich will es wissen.",
        goals="Ein Probespiel bestehen.",
        expectations="Offene Worte.",
        notice=ConsentNotice.objects.filter(purpose="application").latest("valid_from"),
        topics=tuple(Topic.objects.all()[:1]),
    )
    application = actions.send_application(
        Cohort.objects.get(),
        by=Actor(None, "applicant"),
        now=now,
        application_data=data,
        form_id=uuid.uuid4(),
    )
    application = actions.confirm(application, by=by, now=now)
    return actions.accept(application, by=by, now=now)


def tandem_waiting() -> dict[str, str]:
    """A tandem that waits for the other mentor's answer."""
    from accounts.models import User
    from core.audit import Actor
    from matching import actions
    from mentors.models import Mentor

    now = timezone.now()
    staff = Actor.person(User.objects.get(is_staff=True), "coordinator")
    mentee = _mentee("Mira Novak", "mira.novak@example.org")
    mentor = Mentor.objects.get()
    tandem = actions.propose_tandem(mentee, mentor, by=staff, now=now)
    tandem = actions.agree(tandem, by=Actor.person(mentee.user, "mentee"), now=now)
    actions.approve(tandem, by=staff, now=now)
    return {"mentor": mentor.user.email, "mentee": mentee.user.email}


def offer_dates() -> None:
    """The mentee of the tandem offers two dates."""
    from core.audit import Actor
    from matching.models import Tandem
    from meetings import actions
    from meetings.rules import OfferedDate

    now = timezone.now()
    tandem = Tandem.objects.get(state="confirmed")
    start = (now + timedelta(days=9)).replace(minute=0, second=0, microsecond=0)
    dates = [
        OfferedDate(start + timedelta(days=day), start + timedelta(days=day, hours=1), "online")
        for day in (0, 1)
    ]
    actions.propose_dates(
        tandem, by=Actor.person(tandem.mentee.user, "mentee"), now=now, dates=dates
    )


def full_workshop() -> dict[str, str]:
    """A workshop with ten places, all taken."""
    from accounts.models import User
    from core.audit import Actor
    from programme.models import Cohort
    from workshops import actions
    from workshops.models import Workshop

    now = timezone.now()
    staff = Actor.person(User.objects.get(is_staff=True), "coordinator")
    start = now + timedelta(days=12)
    workshop = actions.create_workshop(
        Workshop(
            cohort=Cohort.objects.get(), title="Honorare verhandeln", capacity=10, online=True
        ),
        by=staff,
        now=now,
        sessions=[actions.PlannedSession(start, start + timedelta(hours=3))],
    )
    workshop = actions.publish_workshop(workshop, by=staff, now=now)
    for number in range(10):
        mentee = _mentee(f"Mentee {number}", f"mentee{number}@example.org")
        actions.register(workshop, mentee.user, by=Actor.person(mentee.user, "mentee"), now=now)
    return {"slug": workshop.slug, "title": workshop.title}


def somebody_cancels(slug: str) -> None:
    """The first of the ten gives the place back."""
    from core.audit import Actor
    from workshops import actions
    from workshops.models import Registration

    first = Registration.objects.filter(workshop__slug=slug, state="confirmed").order_by(
        "place_in_line"
    )[0]
    actions.cancel_registration(first, by=Actor.person(first.person, "mentee"), now=timezone.now())
