"""A tandem's meetings and the dates offered for them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from core.states import (
    State,
    StateField,
    StatefulModel,
    StatefulQuerySet,
)
from matching.models import Tandem
from meetings.states import DATED, MEETING, UNREPORTED, MeetingState
from programme.models import Cohort, office_mailbox


class Side(models.TextChoices):
    """The two sides of a tandem."""

    MENTEE = "mentee", _("mentee")
    MENTOR = "mentor", _("mentor")


class Report(models.TextChoices):
    """What one side reports about a meeting."""

    HELD = "held", pgettext_lazy("meeting", "took place")
    MISSED = "missed", pgettext_lazy("meeting", "did not take place")


class MeetingQuerySet(StatefulQuerySet):
    def of_tandem_members(self, user: Any) -> Self:
        """The meetings of tandems the person is in."""
        return self.filter(Q(tandem__mentee__user=user) | Q(tandem__mentor__user=user))

    def of_tandems(self, tandems: Iterable[Tandem]) -> list[Meeting]:
        """Those of these tandems that are not cancelled, by number, each with its tandem as given. One query, and
        one for the dates offered while some wait for an answer."""
        by_key = {one.pk: one for one in tandems}
        standing = self.filter(tandem__in=by_key).exclude(state=MeetingState.CANCELLED).order_by()
        found = sorted(standing, key=attrgetter("number"))
        for one in found:
            one.tandem = by_key[one.tandem_id]
        offered = Prefetch("proposals", DateProposal.objects.order_by("starts_at"))
        models.prefetch_related_objects(
            [one for one in found if one.state == MeetingState.PROPOSED], offered
        )
        return found

    def proposed(self) -> Self:
        """Dates are offered and none of them is fixed: one of a tandem at most."""
        return self.filter(state=MeetingState.PROPOSED)

    def ahead(self, now: datetime) -> Self:
        """Fixed and still to begin."""
        return self.filter(state=MeetingState.SCHEDULED, starts_at__gt=now).order_by("starts_at")

    def ending_with_tandem(self, now: datetime) -> Self:
        """Meetings that are cancelled when the tandem ends: open offers, and future fixed dates."""
        return self.filter(
            Q(state=MeetingState.PROPOSED) | Q(state=MeetingState.SCHEDULED, starts_at__gt=now)
        )

    def coordinated_by(self, user: Any) -> Self:
        """Those in cohorts the coordinator is assigned to."""
        return self.filter(tandem__cohort__in=Cohort.objects.coordinated_by(user))

    def with_people(self) -> Self:
        """With the related rows of the tandem that pages, mails and rules read, in one query."""
        return self.select_related("tandem__cohort", "tandem__mentee__user", "tandem__mentor__user")

    def unanswered(self) -> Self:
        """Offers whose time to answer has passed, as recorded; nothing has happened since."""
        return self.proposed().filter(unanswered_since__isnull=False)

    def overdue(self, now: datetime) -> Self:
        """Offers whose time to answer has passed at ``now`` and that are not recorded as such yet."""
        return self.proposed().filter(unanswered_since=None, answer_by__lte=now)


class Meeting(StatefulModel):
    """One meeting.

    ``schedule_version`` rises with time, place and cancellation: it is the calendar's SEQUENCE and what
    reminders are planned for. ``round`` counts the offers of dates; ``waits_for`` names the side whose
    turn it is while no date is fixed. Both sides report afterwards; ``disputed`` when they differ.
    """

    TABLE = MEETING
    AUDIT_LABELS: ClassVar = {
        "propose": pgettext_lazy("history", "offered dates"),
        "change_agenda": pgettext_lazy("history", "changed the agenda"),
        "mailbox_changed": pgettext_lazy("history", "sent the calendar entry to a new address"),
    }

    state = StateField(MEETING)
    tandem = models.ForeignKey(
        Tandem, models.PROTECT, related_name="meetings", verbose_name=_("tandem")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    agenda = models.TextField(_("agenda"), max_length=2000, blank=True)
    starts_at = models.DateTimeField(_("begins"), null=True)
    ends_at = models.DateTimeField(_("ends"), null=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    schedule_version = models.PositiveIntegerField(default=0, editable=False)
    organizer = models.EmailField(
        _("organiser of the calendar entries"), default=office_mailbox, editable=False
    )
    round = models.PositiveSmallIntegerField(_("round of offers"), default=0, editable=False)
    waits_for = models.CharField(_("waiting for"), max_length=6, choices=Side.choices, blank=True)
    answer_by = models.DateTimeField(_("answer due"), null=True)
    unanswered_since = models.DateTimeField(_("unanswered since"), null=True)
    word = models.CharField(_("message with the answer"), max_length=500, blank=True)
    fixed_at = models.DateTimeField(_("date set"), null=True)
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True)
    reported_by_mentee = models.CharField(
        _("mentee's report"), max_length=6, choices=Report.choices, blank=True
    )
    reported_by_mentor = models.CharField(
        _("mentor's report"), max_length=6, choices=Report.choices, blank=True
    )
    disputed = models.BooleanField(_("reports differ"), default=False, db_index=True)
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("changed"))

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["tandem", "number"]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="meeting_ahead"),
            models.Index(fields=["state", "answer_by"], name="meeting_answer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tandem", "number"], name="meeting_number_per_tandem"),
            # identifies a form that is sent twice
            models.UniqueConstraint(
                fields=["tandem"],
                condition=Q(state=MeetingState.PROPOSED),
                name="one_open_offer_per_tandem",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DATED) | Q(starts_at__isnull=False),
                name="fixed_meeting_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
                name="meeting_has_length",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tandem} · {self.number}"

    def state_word(self, now: datetime | None = None) -> State:
        """Like the base class; a date that is over at ``now`` and not reported gets a wording of its own."""
        if now and self.state == MeetingState.SCHEDULED and self.ends_at and self.ends_at <= now:
            return UNREPORTED
        return super().state_word(now)

    @property
    def cohort_id(self) -> uuid.UUID:
        """The cohort of the tandem: audit events and mails carry it."""
        return self.tandem.cohort_id

    @property
    def mentee(self) -> User:
        """The person on the mentee's side."""
        return self.tandem.mentee.user

    @property
    def mentor(self) -> User | None:
        """The person on the mentor's side; None once erased."""
        return self.tandem.mentor.user

    def people(self) -> list[tuple[str, User]]:
        """``(side, person)`` of everybody who gets mails about the meeting."""
        both = [(Side.MENTEE.value, self.mentee), (Side.MENTOR.value, self.mentor)]
        return [(side, person) for side, person in both if person is not None]

    def side_of(self, user_id: Any) -> str:
        """``mentee`` or ``mentor``; "" for somebody who is not in this tandem."""
        sides = {
            self.tandem.mentee.user_id: Side.MENTEE.value,
            self.tandem.mentor.user_id: Side.MENTOR.value,
        }
        return sides.get(user_id, "") if user_id else ""

    def partner_of(self, side: str) -> str:
        """The name of the other side."""
        return self.tandem.mentor.name if side == Side.MENTEE else self.mentee.name

    def report_of(self, side: str) -> str:
        """What that side reported, or ""."""
        return self.reported_by_mentee if side == Side.MENTEE else self.reported_by_mentor


class DateProposal(models.Model):
    """One date offered for a meeting; ``round`` counts the offers, the latest round is the one to pick from."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="proposals", verbose_name=_("meeting")
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    by_mentor = models.BooleanField(_("offered by the mentor"), default=False)
    picked = models.BooleanField(_("picked"), default=False)

    class Meta:
        verbose_name = _("date proposal")
        verbose_name_plural = _("date proposals")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="proposal_has_length"
            ),
            models.UniqueConstraint(
                fields=["meeting", "round", "starts_at"], name="one_proposal_per_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
