"""Organisation, cohorts, who coordinates them, the shared vocabulary, editable texts and consents."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.links.actions import LONGEST
from programme.look import BUILT_IN, Inks


def in_language(obj: Any, field: str) -> str:
    """``field_en`` on English pages where it is filled, else ``field_de``."""
    if (get_language() or "de").startswith("en"):
        return getattr(obj, f"{field}_en") or getattr(obj, f"{field}_de")
    return getattr(obj, f"{field}_de")


class Drawn(models.TextChoices):
    """What is drawn on the pages of an organisation."""

    BUILT_IN = "built_in", _("the Invention in C major by J. S. Bach")
    OWN = "own", _("a piece of your own")
    NOTHING = "nothing", _("nothing")


class Organisation(models.Model):
    """The one organisation that runs the programme: names, office and imprint. One row."""

    AUDIT_LABELS: ClassVar[dict[str, Any]] = {
        "send_message": pgettext_lazy("history", "wrote to us using the contact form"),
    }

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name_de = models.CharField(_("name (German)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    office = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("office mailbox"),
        help_text=_("Messages to the programme are sent here."),
    )
    office_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    signed_by = models.CharField(_("signature on emails"), max_length=120, blank=True)
    address = models.TextField(_("postal address"), blank=True)
    represented_by = models.CharField(_("represented by"), max_length=160, blank=True)
    supervised_by = models.CharField(_("supervisory authority"), max_length=160, blank=True)
    programme_name = models.CharField(_("name of the programme"), max_length=40, blank=True)
    ink = models.CharField(_("ink"), max_length=7, default=BUILT_IN.ink)
    second_ink = models.CharField(_("second ink"), max_length=7, default=BUILT_IN.second_ink)
    highlight = models.CharField(_("highlight colour"), max_length=7, default=BUILT_IN.highlight)
    drawn = models.CharField(
        _("bars on the pages"), max_length=10, choices=Drawn.choices, default=Drawn.BUILT_IN
    )
    piece = models.JSONField(_("piece for two voices"), null=True, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="only_one_organisation")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return in_language(self, "name")

    @property
    def office_email(self) -> str:
        """The address of the office."""
        return self.office.email

    @property
    def inks(self) -> Inks:
        """Its colours."""
        return Inks(self.ink, self.second_ink, self.highlight)


def office_mailbox() -> str:
    """The mailbox used as organizer of a new event's calendar entries, unchanged as long as the event exists:
    calendar programs ignore a change that comes from another one (RFC 5546, 3.2.2)."""
    found = Organisation.objects.select_related("office").first()
    return found.office_email if found else settings.MAIL_FROM


# ── vocabulary ───────────────────────────────────────────────────────────────
class VocabularyQuerySet(models.QuerySet[Any]):
    def offered(self) -> Self:
        """The entries that forms offer, in their order."""
        return self.filter(offered=True)


class Vocabulary(models.Model):
    """Base of the editable word lists: a German and an English name, an order, offered or retired."""

    code = models.SlugField(_("code"), unique=True)
    name_de = models.CharField(_("German"), max_length=120)
    name_en = models.CharField(_("English"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    offered = models.BooleanField(_("offered in forms"), default=True)

    objects = VocabularyQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "name_de"]

    def __str__(self) -> str:
        return in_language(self, "name")


class SubjectGroup(Vocabulary):
    """A group of related subjects; subjects of one group count as related in the matching score."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("subject group")
        verbose_name_plural = _("subject groups")


class StudySubject(Vocabulary):
    """A subject of study. ``may_apply`` is false for subjects that have a mentoring offer of their own."""

    group = models.ForeignKey(SubjectGroup, models.PROTECT, verbose_name=_("group"))
    may_apply = models.BooleanField(_("eligible"), default=True)

    class Meta(Vocabulary.Meta):
        verbose_name = _("study subject")
        verbose_name_plural = _("study subjects")


class Degree(Vocabulary):
    """A degree, its length and the semester from which an application is recommended."""

    semesters = models.PositiveSmallIntegerField(_("semesters"), default=8)
    recommended_from = models.PositiveSmallIntegerField(_("recommended from semester"), default=1)
    may_apply = models.BooleanField(_("eligible"), default=True)

    class Meta(Vocabulary.Meta):
        verbose_name = _("degree")
        verbose_name_plural = _("degrees")


class CareerField(Vocabulary):
    """A field of work people aim at or come from."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("career field")
        verbose_name_plural = _("career fields")


class Topic(Vocabulary):
    """A topic of mentoring: auditions, fees, stage fright …"""

    class Meta(Vocabulary.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class Instrument(Vocabulary):
    """An instrument or voice."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")


class WorkingLanguage(Vocabulary):
    """A language a tandem can work in."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("working language")
        verbose_name_plural = _("working languages")


class MeetingFormat(models.TextChoices):
    """How somebody wants to meet; the last two exclude each other."""

    BOTH = "both", _("online or in person")
    ONLINE = "online", _("preferably online")
    ON_SITE = "on_site", _("preferably in person")
    ONLY_ONLINE = "only_online", _("online only")
    ONLY_ON_SITE = "only_on_site", _("in person only")


# ── cohorts ──────────────────────────────────────────────────────────────────
# A question answered by link is open no longer than its link (L5).
LINK_DAYS = [MaxValueValidator(LONGEST.days)]


class CohortQuerySet(models.QuerySet["Cohort"]):
    def coordinated_by(self, user: Any) -> Self:
        """The cohorts a coordinator is assigned to; all for a superuser (emergency access)."""
        if user.is_superuser:
            return self
        return self.filter(roles__user=user)

    def open_for_applications(self, now: datetime) -> Self:
        """Those whose application window is open at ``now``, the one that closes first first."""
        return self.filter(applications_open_at__lte=now, applications_close_at__gt=now).order_by(
            "applications_close_at"
        )


class Cohort(models.Model):
    """One run of the programme with its dates, places and rules: all figures are set here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=40, unique=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    applications_open_at = models.DateTimeField(_("applications open"))
    applications_close_at = models.DateTimeField(_("applications close"))
    talks_from = models.DateField(_("selection interviews from"), null=True, blank=True)
    talks_until = models.DateField(_("selection interviews until"), null=True, blank=True)
    kickoff_on = models.DateField(_("kick-off"), null=True, blank=True)
    closing_on = models.DateField(_("closing event"), null=True, blank=True)
    places = models.PositiveSmallIntegerField(
        _("places"), default=25, validators=[MinValueValidator(1)]
    )
    workshop_hours = models.PositiveSmallIntegerField(_("workshop hours"), default=80)
    credit_points = models.PositiveSmallIntegerField(_("credit points"), default=4)
    credit_share = models.DecimalField(
        _("share of workshop hours for credit points"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.50"),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    workload_hours = models.PositiveSmallIntegerField(_("workload in hours"), default=120)
    semesters_left = models.PositiveSmallIntegerField(
        _("minimum number of semesters still enrolled"), default=2
    )
    meetings_a_month = models.PositiveSmallIntegerField(
        _("minimum number of meetings per month"), default=1
    )
    probation_until = models.DateField(_("trial period until"), null=True, blank=True)
    agreement_required = models.BooleanField(_("agreement required"), default=False)
    mentee_answer_days = models.PositiveSmallIntegerField(
        _("days for a mentee to answer"), default=7
    )
    mentor_answer_days = models.PositiveSmallIntegerField(
        _("days for a mentor to answer"), default=10, validators=LINK_DAYS
    )
    approval_days = models.PositiveSmallIntegerField(_("days to approve a tandem"), default=7)
    date_answer_days = models.PositiveSmallIntegerField(
        _("days to pick a date"), default=5, validators=LINK_DAYS
    )
    decision_days = models.PositiveSmallIntegerField(
        _("days for a decision on an application"), default=28
    )
    undo_hours = models.PositiveSmallIntegerField(_("hours to change an answer"), default=72)
    languages = models.ManyToManyField(WorkingLanguage, blank=True, verbose_name=_("languages"))
    note_de = models.TextField(_("notes about this cohort (German)"), blank=True)
    note_en = models.TextField(_("notes about this cohort (English)"), blank=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="cohort_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(applications_close_at__gt=F("applications_open_at")),
                name="application_window_has_length",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def note(self) -> str:
        """The text about this cohort in the language of the page."""
        return in_language(self, "note")

    def takes_applications(self, now: datetime) -> bool:
        """Whether the application window is open at ``now``."""
        return self.applications_open_at <= now < self.applications_close_at


class CohortRole(models.Model):
    """A coordinator's assignment to a cohort."""

    AUDIT_LABELS: ClassVar[dict[str, Any]] = {
        "assign": pgettext_lazy("history", "assigned a coordinator"),
        "dismiss": pgettext_lazy("history", "removed a coordinator"),
    }

    cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="roles", verbose_name=_("cohort")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="cohort_roles",
        verbose_name=_("coordinator"),
    )

    class Meta:
        verbose_name = _("coordinator of a cohort")
        verbose_name_plural = _("coordinators of a cohort")
        constraints = [
            models.UniqueConstraint(fields=["cohort", "user"], name="one_role_per_cohort")
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.cohort}"


# ── texts and consents ───────────────────────────────────────────────────────
class PageText(models.Model):
    """The coordinators' text of a public page, in place of the built-in one (``programme/texts.py``).

    Written without HTML: blank lines separate paragraphs, ``## `` begins a heading, ``- `` a list item.
    """

    AUDIT_LABELS: ClassVar[dict[str, Any]] = {
        "restore": pgettext_lazy("history", "restored the standard text")
    }

    page = models.SlugField(_("page"), unique=True)
    title_de = models.CharField(_("title (German)"), max_length=120)
    title_en = models.CharField(_("title (English)"), max_length=120)
    body_de = models.TextField(_("text (German)"))
    body_en = models.TextField(_("text (English)"))
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("page text")
        verbose_name_plural = _("page texts")
        ordering = ["page"]

    def __str__(self) -> str:
        return in_language(self, "title")


class ConsentPurpose(models.TextChoices):
    """What a consent is about."""

    APPLICATION = "application", _("application")
    MENTOR = "mentor", _("mentor in the network")


class ConsentNotice(models.Model):
    """One version of the notice a consent refers to; the newest valid one is shown."""

    purpose = models.CharField(_("purpose"), max_length=20, choices=ConsentPurpose.choices)
    version = models.CharField(_("version"), max_length=20)
    valid_from = models.DateTimeField(_("valid from"))
    text_de = models.TextField(_("text (German)"))
    text_en = models.TextField(_("text (English)"))

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["purpose", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="one_notice_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version}"

    @property
    def text(self) -> str:
        """The notice in the language of the page."""
        return in_language(self, "text")


class Consent(models.Model):
    """A recorded, revocable consent of a person to one version of a notice."""

    AUDIT_LABELS: ClassVar[dict[str, Any]] = {
        "give": pgettext_lazy("history", "recorded the consent"),
        "withdraw": pgettext_lazy("history", "recorded the withdrawal of the consent"),
    }
    AUDIT_LABELS_OF_ONESELF: ClassVar[dict[str, Any]] = {
        "give": pgettext_lazy("history", "gave consent"),
        "withdraw": pgettext_lazy("history", "withdrew the consent"),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents", verbose_name=_("person")
    )
    notice = models.ForeignKey(ConsentNotice, models.PROTECT, verbose_name=_("notice"))
    given_at = models.DateTimeField(_("given"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    how = models.CharField(_("how"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "notice"],
                condition=Q(withdrawn_at=None),
                name="one_valid_consent_per_notice",
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.given_at:%Y-%m-%d}"
