"""Applications with their answers and wishes, and the mentees they lead to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import StateField, StatefulModel, StatefulQuerySet
from mentees.states import (
    APPLICATION,
    BEFORE_THE_TALK,
    MENTEE,
    NOT_STANDING,
    TO_DECIDE,
    TO_DECIDE_OR_ACCEPTED,
    ApplicationState,
    MenteeState,
)
from mentors.models import Mentor
from programme.models import (
    CareerField,
    Cohort,
    ConsentNotice,
    Degree,
    MeetingFormat,
    StudySubject,
    Topic,
    WorkingLanguage,
)

# Promise C8: the time of sending counts; the address may be confirmed until this long after the window
# closed.
CONFIRMATION_GRACE = timedelta(hours=72)


class GermanLevel(models.TextChoices):
    """A person's own assessment of their German."""

    NATIVE = "native", _("first language or very good (C1, C2)")
    GOOD = "good", _("good (B2)")
    BASIC = "basic", _("still learning (up to B1)")


class ApplicationQuerySet(StatefulQuerySet):
    def of(self, user: Any) -> Self:
        """The applications of one person."""
        return self.filter(applicant=user)

    def readable(self) -> Self:
        """Those that coordinators may read: with a confirmed address. Form, mail and link page say that
        nobody reads an application before."""
        return self.exclude(confirmed_at=None)

    def coordinated_by(self, user: Any) -> Self:
        """Those to cohorts the coordinator is assigned to, limited to those coordinators may read."""
        return self.readable().filter(cohort__in=Cohort.objects.coordinated_by(user))

    def standing(self) -> Self:
        """Confirmed and not withdrawn: at most one per person and cohort (promise C8)."""
        return self.exclude(state__in=NOT_STANDING)

    def sent_by(self, user: Any) -> Self:
        """The applications of one person that have been sent, whatever became of them."""
        return self.of(user).exclude(state=ApplicationState.DRAFT)

    def with_words(self) -> Self:
        """With all vocabulary entries of the answers, in seven queries for any number of rows."""
        return self.select_related(
            "cohort", "applicant", "subject__group", "degree", "notice"
        ).prefetch_related("career_fields", "languages", "topics__topic", "wishes__mentor")


def without_spare(sent: Iterable[Application]) -> list[Application]:
    """A person's applications without unconfirmed ones to a cohort for which there is a confirmed one: they
    can't be confirmed, and anybody who knows the address may have sent them."""
    sent = list(sent)
    standing = {one.cohort_id for one in sent if one.state not in NOT_STANDING}
    return [
        one
        for one in sent
        if one.state != ApplicationState.UNCONFIRMED or one.cohort_id not in standing
    ]


class Application(StatefulModel):
    """A student's application to one cohort."""

    TABLE = APPLICATION
    AUDIT_LABELS = {
        "lapse": pgettext_lazy(
            "history", "let the application lapse, as the address was never confirmed"
        ),
        "forget": pgettext_lazy(
            "history", "deleted the application, as the address was never confirmed"
        ),
        "renew_link": pgettext_lazy("history", "sent the confirmation link again"),
        "revise": pgettext_lazy("history", "changed the answers"),
        "join_wishes": pgettext_lazy("history", "linked a wish to the network"),
    }
    AUDIT_FIELDS = {"topics": _("topics"), "wishes": _("wishes for mentors")}

    state = StateField(APPLICATION)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="applications", verbose_name=_("cohort")
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="applications",
        verbose_name=_("applicant"),
    )
    name = models.CharField(_("name"), max_length=150)
    salutation = models.CharField(_("form of address"), max_length=80, blank=True)
    subject = models.ForeignKey(StudySubject, models.PROTECT, verbose_name=_("study subject"))
    degree = models.ForeignKey(Degree, models.PROTECT, verbose_name=_("degree"))
    semester = models.PositiveSmallIntegerField(
        _("semester"), validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    semesters_left = models.PositiveSmallIntegerField(
        _("semesters still enrolled"), validators=[MaxValueValidator(20)]
    )
    german = models.CharField(_("German"), max_length=8, choices=GermanLevel.choices)
    career_fields = models.ManyToManyField(CareerField, blank=True, verbose_name=_("career fields"))
    languages = models.ManyToManyField(
        WorkingLanguage, blank=True, verbose_name=_("working languages")
    )
    meeting_format = models.CharField(
        _("preferred way to meet"), max_length=14, choices=MeetingFormat.choices, blank=True
    )
    meetings_a_month = models.PositiveSmallIntegerField(
        _("meetings per month"), null=True, blank=True, validators=[MaxValueValidator(8)]
    )
    motivation = models.TextField(_("motivation"), max_length=4000)
    goals = models.TextField(_("goals"), max_length=4000)
    expectations = models.TextField(_("expectations"), max_length=4000)
    situation = models.TextField(_("personal situation"), max_length=4000, blank=True)
    words_for_mentor = models.TextField(
        _("message to the mentor"), max_length=1500, blank=True
    )  # the only free text a mentor reads before confirming
    notice = models.ForeignKey(ConsentNotice, models.PROTECT, verbose_name=_("notice agreed to"))
    form_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    revised_at = models.DateTimeField(_("answers changed"), null=True, editable=False)
    decide_by = models.DateTimeField(_("decision due"), null=True, editable=False)
    talk_at = models.DateTimeField(_("selection interview"), null=True, blank=True)
    talk_place = models.CharField(_("place of the interview"), max_length=200, blank=True)
    withdrawn_from = models.CharField(max_length=20, blank=True, editable=False)
    office_note = models.TextField(_("coordinators’ note"), blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-sent_at"]
        indexes = [
            models.Index(fields=["cohort", "state", "-sent_at"], name="application_desk"),
            models.Index(fields=["name"], name="application_name"),
        ]
        constraints = [
            # promise C8: unique among confirmed ones that are not withdrawn
            models.UniqueConstraint(
                fields=["cohort", "applicant"],
                condition=~Q(state__in=NOT_STANDING),
                name="one_application_per_person_and_cohort",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.cohort})"

    @property
    def confirm_until(self) -> datetime:
        """Until when the address can be confirmed: 72 hours after the window closed (promise C8)."""
        return self.cohort.applications_close_at + CONFIRMATION_GRACE

    def can_revise(self, now: datetime) -> bool:
        """Whether the answers can be changed at ``now``: while applications are taken, and nobody was invited
        to a talk or decided on because of them."""
        return self.state in BEFORE_THE_TALK and self.cohort.takes_applications(now)

    @property
    def undo_until(self) -> datetime | None:
        """Until when a withdrawal can be undone; None when there is nothing to undo."""
        if self.state != ApplicationState.WITHDRAWN or not self.withdrawn_from:
            return None
        return self.state_since + timedelta(hours=self.cohort.undo_hours)

    def can_undo(self, now: datetime) -> bool:
        """Whether the withdrawal can be undone at ``now``."""
        return self.undo_until is not None and now < self.undo_until

    @property
    def waits_until(self) -> datetime | None:
        """The deadline of the next step, shown to both sides. None when nothing is open."""
        if self.state == ApplicationState.UNCONFIRMED:
            return self.confirm_until
        if self.state == ApplicationState.WITHDRAWN:
            return self.undo_until
        return self.decide_by if self.state in TO_DECIDE else None


class ApplicationTopic(models.Model):
    """A topic somebody wants help with, by priority: 1 is the most important."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="topics")
    topic = models.ForeignKey(Topic, models.PROTECT, verbose_name=_("topic"))
    priority = models.PositiveSmallIntegerField(_("priority"))

    class Meta:
        verbose_name = _("topic in an application")
        verbose_name_plural = _("topics in an application")
        ordering = ["priority"]
        constraints = [
            models.UniqueConstraint(fields=["application", "topic"], name="one_priority_per_topic"),
            models.UniqueConstraint(
                fields=["application", "priority"], name="one_topic_per_priority"
            ),
        ]

    def __str__(self) -> str:
        return str(self.topic)


class MentorWishQuerySet(models.QuerySet["MentorWish"]):
    def by_name(self) -> Self:
        """Wishes that name a mentor and are not linked to one of the network."""
        return self.filter(mentor=None)

    def found_in_network(self, now: datetime) -> Self:
        """Wishes by name whose name a mentor of the network has (case-insensitive), of applications that are
        open or led to a place in a cohort that is not over at ``now``. ``iexact`` would read every mentor for
        each wish, and a “%” in a wish as any name."""
        mentors = Mentor.objects.in_network().alias(lower_name=Lower("name"))
        namesake = mentors.filter(lower_name=Lower(models.OuterRef("name")))
        return self.by_name().filter(
            models.Exists(namesake),
            application__state__in=TO_DECIDE_OR_ACCEPTED,
            application__cohort__ends_on__gte=localdate(now),
        )


class MentorWish(models.Model):
    """A mentor the applicant proposes: from the pool, or by name."""

    NAME_LENGTH = 150

    application = models.ForeignKey(Application, models.CASCADE, related_name="wishes")
    rank = models.PositiveSmallIntegerField(_("rank"))
    mentor = models.ForeignKey(
        Mentor,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="wishes",
        verbose_name=_("mentor"),
    )
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)

    objects = MentorWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish for a mentor")
        verbose_name_plural = _("wishes for mentors")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["application", "rank"], name="one_wish_per_rank"),
            models.CheckConstraint(
                condition=Q(mentor__isnull=False) | ~Q(name=""), name="wish_names_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.mentor.name if self.mentor else self.name

    @property
    def is_told(self) -> bool:
        """Whether the applicant may see the mentor the wish is linked to: one in the public directory, or one
        chosen there. Otherwise the network's members are not revealed."""
        return self.mentor is not None and (self.mentor.public or not self.name)


class MenteeQuerySet(StatefulQuerySet):
    def of(self, user: Any) -> Self:
        """The participations of one person."""
        return self.filter(user=user)

    def taking_part(self) -> Self:
        """Those that have not ended."""
        return self.filter(state=MenteeState.TAKING_PART)

    def coordinated_by(self, user: Any) -> Self:
        """Those in cohorts the coordinator is assigned to."""
        return self.filter(cohort__in=Cohort.objects.coordinated_by(user))


class Mentee(StatefulModel):
    """A user's participation in one cohort; at most one per person."""

    TABLE = MENTEE
    AUDIT_LABELS = {"join": pgettext_lazy("history", "accepted the person as a mentee")}

    state = StateField(MENTEE)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentee", verbose_name=_("person")
    )
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="mentees", verbose_name=_("cohort")
    )
    # RESTRICT, not PROTECT: erasing a person deletes both together.
    application = models.OneToOneField(
        Application, models.RESTRICT, related_name="mentee", verbose_name=_("application")
    )
    joined_at = models.DateTimeField(_("taking part since"))
    left_reason = models.CharField(_("reason for leaving"), max_length=200, blank=True)

    objects = MenteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentee")
        verbose_name_plural = _("mentees")
        ordering = ["user__name"]
        indexes = [models.Index(fields=["cohort", "state"], name="mentee_cohort_state")]

    def __str__(self) -> str:
        return self.user.name


class FormerMentee(models.Model):
    """The keyed hash of an address that took part: kept beyond the retention period, since nobody takes part
    twice."""

    address_hash = models.CharField(max_length=64, unique=True)
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("record of a former mentee")
        verbose_name_plural = _("records of former mentees")

    def __str__(self) -> str:
        return self.address_hash[:8]
