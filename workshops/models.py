"""Workshops with their sessions, registrations with their number in line, attendance by session."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.states import StateField, StatefulModel, StatefulQuerySet
from core.templatetags.ui import moment
from programme.models import Cohort, office_mailbox
from workshops.states import REGISTRATION, WORKSHOP, RegistrationState, WorkshopState


class WorkshopQuerySet(StatefulQuerySet):
    def public(self) -> Self:
        """Those in the public list."""
        return self.filter(state=WorkshopState.PUBLISHED)

    def upcoming(self, now: datetime) -> Self:
        """Public ones with a session still to begin, by their next session (``next_at``)."""
        return (
            self.public()
            .annotate(next_at=Min("sessions__starts_at", filter=Q(sessions__starts_at__gt=now)))
            .filter(next_at__isnull=False)
            .order_by("next_at", "title")
        )

    def inviting(self, now: datetime) -> Self:
        """The upcoming ones, with ``waiting``; those with free places first."""
        closed = Q(registration_closes_at__lte=now)
        full = Q(taken__gte=F("capacity")) | Q(waiting__gt=0) | closed
        return (
            self.upcoming(now)
            .with_waiting()
            .annotate(no_place=Case(When(full, then=1), default=0))
            .order_by("no_place", "next_at", "title")
        )

    def announced(self) -> Self:
        """Those that have a page: published, or cancelled after that."""
        return self.exclude(published_at=None)

    def with_waiting(self) -> Self:
        """Each with ``waiting``, how many stand on its waiting list."""
        line = (
            Registration.objects.filter(workshop=OuterRef("pk"), state=RegistrationState.WAITLISTED)
            .order_by()
            .values("workshop")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(waiting=Coalesce(Subquery(line), 0))

    def with_a_line(self, now: datetime) -> Self:
        """Public ones still to begin with a waiting list, with ``waiting``: once a workshop has begun nobody
        moves up any more."""
        begun = Session.objects.filter(workshop=OuterRef("pk"), starts_at__lte=now)
        return self.public().with_waiting().filter(~Exists(begun), waiting__gt=0)

    def unrecorded(self, now: datetime) -> Self:
        """Those with a past session where somebody's attendance is not recorded yet."""
        return self.filter(pk__in=Session.objects.unrecorded(now).values("workshop"))

    def empty(self, now: datetime, within: timedelta) -> Self:
        """The upcoming ones within this time for which nobody has registered."""
        given = Registration.objects.places().filter(workshop=OuterRef("pk"))
        return self.upcoming(now).filter(~Exists(given), next_at__lte=now + within)

    def drafts(self, now: datetime, within: timedelta) -> Self:
        """Unpublished ones that begin within this time, by their beginning (``begins``)."""
        return (
            self.filter(state=WorkshopState.DRAFT)
            .annotate(begins=Min("sessions__starts_at"))
            .filter(begins__gt=now, begins__lte=now + within)
            .order_by("begins")
        )

    def coordinated_by(self, user: Any) -> Self:
        """Those in cohorts the coordinator is assigned to."""
        return self.filter(cohort__in=Cohort.objects.coordinated_by(user))


class Workshop(StatefulModel):
    """An event with one or more sessions. ``taken`` counts the places given, never above ``capacity``.

    ``schedule_version`` rises when time, place or title change: reminders are planned for it, and it is part
    of the calendar's SEQUENCE (``mails.sequence_of``).
    """

    TABLE = WORKSHOP
    AUDIT_LABELS: ClassVar[dict[str, Any]] = {
        "create": pgettext_lazy("history", "entered"),
        "change": pgettext_lazy("history", "changed entries"),
        "change_capacity": pgettext_lazy("history", "changed the number of places"),
    }

    class Language(models.TextChoices):
        DE = "de", _("German")
        EN = "en", _("English")

    state = StateField(WORKSHOP)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="workshops", verbose_name=_("cohort")
    )
    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("in one sentence"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    led_by = models.CharField(_("led by"), max_length=160, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    online = models.BooleanField(_("online"), default=False)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.DE
    )
    access = models.CharField(
        _("joining details"),
        max_length=300,
        blank=True,
        help_text=_(
            "Address of the online room or directions to the door. Only people with a "
            "place can see them."
        ),
    )
    capacity = models.PositiveSmallIntegerField(_("places"), validators=[MinValueValidator(1)])
    taken = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    registration_closes_at = models.DateTimeField(_("registration deadline"), null=True, blank=True)
    line_length = models.PositiveIntegerField(
        _("last waiting-list number given"), default=0, editable=False
    )
    schedule_version = models.PositiveIntegerField(
        _("version of the dates"), default=0, editable=False
    )
    organizer = models.EmailField(
        _("organiser of the calendar entries"), default=office_mailbox, editable=False
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(
        _("why it was cancelled"), max_length=300, blank=True, editable=False
    )

    session_list: list[Session]  # ``Registration.objects.with_hours``

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["title"]
        indexes = [models.Index(fields=["cohort", "state"], name="workshop_desk")]
        constraints = [
            # promise C1: also a database constraint
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")), name="workshop_within_capacity"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def reason_for(self, user: Any) -> str:
        """Why it was cancelled, for those who may read it: everybody registered for it, and its coordinators."""
        told = user.is_authenticated and (
            Registration.objects.of(user).filter(workshop=self).exists()
            or Workshop.objects.coordinated_by(user).filter(pk=self.pk).exists()
        )
        return self.cancel_reason if told else ""

    @property
    def free(self) -> int:
        """The number of free places."""
        return self.capacity - self.taken

    @property
    def access_is_address(self) -> bool:
        """Whether the access information is a web address, which pages show as a link."""
        return self.access.startswith("https://") and " " not in self.access

    @property
    def where(self) -> str:
        """“online”, the place, or both; empty where none is known."""
        parts = ([gettext("online")] if self.online else []) + ([self.place] if self.place else [])
        return ", ".join(parts)


class SessionQuerySet(models.QuerySet["Session"]):
    def unrecorded(self, now: datetime) -> Self:
        """Past sessions of published workshops where somebody's attendance is not recorded yet."""
        recorded = Attendance.objects.filter(
            registration=OuterRef("pk"), session=OuterRef(OuterRef("pk"))
        )
        missing = Registration.objects.filter(
            ~Exists(recorded), workshop=OuterRef("workshop"), state=RegistrationState.CONFIRMED
        )
        return self.filter(
            Exists(missing), ends_at__lte=now, workshop__state=WorkshopState.PUBLISHED
        )


class Session(models.Model):
    """One date of a workshop."""

    workshop = models.ForeignKey(
        Workshop, models.CASCADE, related_name="sessions", verbose_name=_("workshop")
    )
    starts_at = models.DateTimeField(_("begins"), db_index=True)
    ends_at = models.DateTimeField(_("ends"))

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_has_length"
            )
        ]

    def __str__(self) -> str:
        return moment(self.starts_at)

    @property
    def minutes(self) -> int:
        """The length of the session in minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


SHOWN_TO_PERSON = (
    *("state", "state_since", "joined_at", "extra", "person"),
    *("workshop__state", "workshop__title", "workshop__slug", "workshop__cohort"),
)


class RegistrationQuerySet(StatefulQuerySet):
    def of(self, user: Any) -> Self:
        """The registrations of one person."""
        return self.filter(person=user)

    def ahead(self, now: datetime) -> Self:
        """Those to workshops of which a session is still to begin; more than once where several are."""
        return self.filter(workshop__sessions__starts_at__gt=now)

    def standing(self) -> Self:
        """Those not cancelled."""
        return self.exclude(state=RegistrationState.CANCELLED)

    def waiting(self) -> Self:
        """The waiting list in its order (promise C6)."""
        return self.filter(state=RegistrationState.WAITLISTED).order_by("place_in_line")

    def places(self) -> Self:
        """Those that hold a place, extra ones too, in the order of the line."""
        return self.filter(state=RegistrationState.CONFIRMED).order_by("place_in_line")

    def with_rank(self) -> Self:
        """Each with ``rank`` on the waiting list, counted from 1; None for those who don't wait."""
        ahead = (
            Registration.objects.filter(
                workshop=OuterRef("workshop"),
                state=RegistrationState.WAITLISTED,
                place_in_line__lte=OuterRef("place_in_line"),
            )
            .order_by()
            .values("workshop")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(
            rank=models.Case(
                models.When(state=RegistrationState.WAITLISTED, then=Subquery(ahead)),
                output_field=models.IntegerField(null=True),
            )
        )

    def with_company(self, person: Any) -> Self:
        """Each with ``in_company``: whether that person was present at a session of its workshop too."""
        there = Attendance.objects.filter(
            registration__workshop=OuterRef("workshop"),
            registration__person=person,
            presence=Attendance.Presence.PRESENT,
        )
        return self.annotate(in_company=Exists(there))

    def ranks(self, keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
        """Key of each of these that waits → its rank."""
        waiting = self.filter(pk__in=keys).waiting().order_by().with_rank()
        return dict(waiting.values_list("pk", "rank"))

    def with_hours(self) -> list[Registration]:
        """What a person's pages show of each, read at once: its workshop with its ``session_list``, its
        ``attendance_list``, and its ``rank`` (0 for those who don't wait). Three queries, four if any waits."""
        found = list(self.select_related("workshop").only(*SHOWN_TO_PERSON).order_by())
        sessions, attendances = defaultdict(list), defaultdict(list)
        for session in Session.objects.filter(workshop__in=[one.workshop_id for one in found]):
            sessions[session.workshop_id].append(session)
        for one in Attendance.objects.filter(registration__in=[one.pk for one in found]):
            attendances[one.registration_id].append(one)
        waiting = [one.pk for one in found if one.state == RegistrationState.WAITLISTED]
        ranks = Registration.objects.ranks(waiting) if waiting else {}
        for one in found:
            one.workshop.session_list = sessions[one.workshop_id]
            one.attendance_list = attendances[one.pk]
            one.rank = ranks.get(one.pk, 0)
        return found


class Registration(StatefulModel):
    """A person's place in a workshop, or rank on its waiting list.

    ``place_in_line`` is assigned under the workshop's lock and never changes; a person who leaves and comes
    back gets a new row at the end (promise C6).
    """

    TABLE = REGISTRATION
    AUDIT_LABELS: ClassVar[dict[str, Any]] = {
        "register": pgettext_lazy("history", "registered"),
        "give_extra_place": pgettext_lazy("history", "gave an additional place"),
        "promote": pgettext_lazy("history", "moved somebody up from the waiting list"),
        "mailbox_changed": pgettext_lazy("history", "sent the calendar entry to a new address"),
    }

    state = StateField(REGISTRATION)
    workshop = models.ForeignKey(
        Workshop, models.PROTECT, related_name="registrations", verbose_name=_("workshop")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="registrations",
        verbose_name=_("person"),
    )
    joined_at = models.DateTimeField(_("registered"))
    place_in_line = models.PositiveIntegerField(_("waiting-list number"))
    extra = models.BooleanField(
        _("additional place"),
        default=False,
        help_text=_("Given by a coordinator, in addition to the places on offer."),
    )

    # how often the calendar entries moved to another mailbox: part of their SEQUENCE
    mailbox_changes = models.PositiveSmallIntegerField(default=0, editable=False)

    rank: int | None  # ``with_rank``, ``with_hours``
    attendance_list: list[Attendance]  # ``with_hours``
    in_company: bool  # ``with_company``

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["place_in_line"]
        indexes = [
            models.Index(fields=["workshop", "state", "place_in_line"], name="registration_line")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "person"],
                condition=~Q(state=RegistrationState.CANCELLED),
                name="one_standing_registration",
            ),
            models.UniqueConstraint(
                fields=["workshop", "place_in_line"], name="one_person_per_place_in_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.workshop}"

    @property
    def cohort_id(self) -> uuid.UUID:
        """The workshop's cohort, for mails and the audit trail."""
        return self.workshop.cohort_id


class Attendance(models.Model):
    """The attendance of one registered person at one session, in minutes."""

    AUDIT_LABELS: ClassVar[dict[str, Any]] = {
        "record": pgettext_lazy("history", "recorded the attendance")
    }

    class Presence(models.TextChoices):
        PRESENT = "present", _("present")
        EXCUSED = "excused", _("excused")
        ABSENT = "absent", _("absent")

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="attendances", verbose_name=_("registration")
    )
    session = models.ForeignKey(
        Session, models.CASCADE, related_name="attendances", verbose_name=_("session")
    )
    presence = models.CharField(_("presence"), max_length=8, choices=Presence.choices)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "session"], name="one_attendance_per_session"
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration} {self.get_presence_display()}"
