"""Mentors from first contact on, and the verdicts on the five criteria."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import LANGUAGES, User
from core.states import StateField, StatefulModel, StatefulQuerySet
from mentors.states import MENTOR, PARTED, MentorState
from programme.models import (
    CareerField,
    Consent,
    ConsentPurpose,
    Instrument,
    MeetingFormat,
    SubjectGroup,
    Topic,
    WorkingLanguage,
)


class Criterion(models.IntegerChoices):
    """The five criteria for mentors."""

    EXPERIENCE = 1, _("several years of professional experience")
    INCOME = 2, _("earns a living from their craft or art")
    RENOWN = 3, _("a reputation in the music profession")
    AFFINITY = 4, _("an affinity with and understanding of mentoring")
    FEASIBLE = 5, _("has the time and means for a voluntary role")


class Verdict(models.TextChoices):
    """The possible verdicts on a criterion."""

    OPEN = "open", _("open")
    MET = "met", _("met")
    NOT_MET = "not_met", _("not met")


class PauseReason(models.TextChoices):
    """Why a mentor gets no new matches for now."""

    WISH = "wish", _("at the mentor’s wish")
    OFFICE = "office", _("decided by the coordinators")
    CRITERION = "criterion", _("a criterion is open again")
    CONSENT = "consent", _("the consent was withdrawn")


# The pauses that begin when something that an active mentor needs is lost.
FOR_LACK = (PauseReason.CRITERION, PauseReason.CONSENT)


class MentorQuerySet(StatefulQuerySet):
    def with_valid_consent(self) -> Self:
        """Those whose consent to be in the network is recorded and not withdrawn."""
        return self.filter(consent_stands())

    def without_valid_consent(self) -> Self:
        """Those whose consent is missing or was withdrawn."""
        return self.filter(~consent_stands())

    def matchable(self) -> Self:
        """Active and with consent: can be in a plan, if they have a free place."""
        return self.with_valid_consent().filter(state=MentorState.ACTIVE)

    def in_network(self) -> Self:
        """Those who are or may become mentors: not those who declined, were rejected or left."""
        return self.exclude(state__in=PARTED)

    def listed(self) -> Self:
        """Those who agreed to be shown in the public directory."""
        return self.matchable().filter(public=True)


def consent_stands() -> Exists:
    """Query expression: whether the mentor's consent to be in the network is recorded and not withdrawn."""
    return Exists(
        Consent.objects.filter(
            person=OuterRef("user"), notice__purpose=ConsentPurpose.MENTOR, withdrawn_at=None
        )
    )


class Mentor(StatefulModel):
    """A mentor or prospective mentor. ``user``, who gets mails and links, is empty until there is an address.

    An entered address gives no right over the account behind it, which may be anybody's: until the person has
    answered a link sent there (``confirmed_at``) the record keeps the entered data in fields of its own, and
    shows and changes nothing of the account (promise A7). ``made_account``: the account was created for this
    record, since the address was unknown.
    """

    TABLE = MENTOR
    AUDIT_LABELS = {
        "enter": pgettext_lazy("history", "added the mentor"),
        "note_interest_by_form": pgettext_lazy("history", "wrote to us using the form"),
        "change": pgettext_lazy("history", "changed entries"),
        "check_criterion": pgettext_lazy("history", "checked a criterion"),
        "ask_for_consent": pgettext_lazy("history", "asked for consent"),
        "ask_to_confirm": pgettext_lazy("history", "asked to confirm the address"),
        "consent_not_now": pgettext_lazy("history", "answered “not now”"),
        "record_consent": pgettext_lazy("history", "recorded the consent"),
        "withdraw_consent": pgettext_lazy("history", "recorded the withdrawal of the consent"),
        "keep_address": pgettext_lazy("history", "kept the address that was entered"),
        "confirm_person": pgettext_lazy("history", "confirmed the address"),
    }
    AUDIT_LABELS_OF_ONESELF = {
        "record_consent": pgettext_lazy("history", "gave consent"),
        "withdraw_consent": pgettext_lazy("history", "withdrew the consent"),
    }
    AUDIT_FIELDS = {"verdict": _("assessment"), "evidence": _("based on")}  # of the criteria

    state = StateField(MENTOR)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="mentor",
        verbose_name=_("person"),
    )
    confirmed_at = models.DateTimeField(_("confirmed by the person"), null=True, editable=False)
    made_account = models.BooleanField(default=False, editable=False)
    # as entered; blank once the person has confirmed and the account holds it
    email = models.EmailField(_("email address"), max_length=254, blank=True)
    salutation = models.CharField(_("form of address"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="de")
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=150)
    profession = models.CharField(
        _("profession"),
        max_length=160,
        help_text=_("As it should appear: “solo cellist of a chamber orchestra”."),
    )
    about = models.TextField(_("about the person"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    motivation = models.TextField(
        _("why the person wants to be a mentor"), blank=True
    )  # as the person wrote it; shown to the office only
    career_fields = models.ManyToManyField(CareerField, blank=True, verbose_name=_("career fields"))
    topics = models.ManyToManyField(Topic, blank=True, verbose_name=_("topics offered"))
    instruments = models.ManyToManyField(Instrument, blank=True, verbose_name=_("instruments"))
    subject_groups = models.ManyToManyField(
        SubjectGroup, blank=True, verbose_name=_("subject groups")
    )
    languages = models.ManyToManyField(
        WorkingLanguage, blank=True, verbose_name=_("working languages")
    )
    meeting_format = models.CharField(
        _("preferred way to meet"), max_length=14, choices=MeetingFormat.choices, blank=True
    )
    region = models.CharField(_("region"), max_length=80, blank=True)
    meetings_a_month = models.PositiveSmallIntegerField(
        _("meetings per month"), null=True, blank=True, validators=[MaxValueValidator(8)]
    )
    capacity = models.PositiveSmallIntegerField(
        _("places"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    held = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    public = models.BooleanField(_("may appear in the public directory"), default=False)
    source = models.CharField(_("how we met"), max_length=200, blank=True)
    paused_because = models.CharField(
        _("paused because"), max_length=10, choices=PauseReason.choices, blank=True, editable=False
    )
    form_id = models.UUIDField(
        null=True, unique=True, editable=False
    )  # of the public form by which the person wrote
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = MentorQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentor")
        verbose_name_plural = _("mentors")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["state", "name"], name="mentor_state_name"),
            models.Index(fields=["name"], name="mentor_name"),  # the order of the list
            models.Index(Lower("name"), name="mentor_lower_name"),  # wishes for somebody by name
        ]
        constraints = [
            # promise C7: also a database constraint
            models.CheckConstraint(
                condition=Q(held__lte=F("capacity")), name="mentor_within_capacity"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def contact(self) -> Mentor | User:
        """The object whose ``email``, ``salutation``, ``language`` and ``phone`` are shown: the account once
        its person has confirmed, else this record."""
        return self.user if self.user is not None and self.confirmed_at is not None else self

    @property
    def free(self) -> int:
        """The number of free places."""
        return self.capacity - self.held

    @staticmethod
    def audit_note(values: Mapping[str, Any]) -> str:
        """The addition to a verdict in the history: criterion and verdict."""
        if "criterion" not in values:
            return ""
        return f"{Criterion(values['criterion']).label}: {Verdict(values['verdict']).label}"


class CriterionCheck(models.Model):
    """The verdict on one criterion for one mentor: evidence, who, when."""

    mentor = models.ForeignKey(
        Mentor, models.CASCADE, related_name="checks", verbose_name=_("mentor")
    )
    criterion = models.PositiveSmallIntegerField(_("criterion"), choices=Criterion.choices)
    verdict = models.CharField(
        _("assessment"), max_length=8, choices=Verdict.choices, default=Verdict.OPEN
    )
    evidence = models.TextField(_("based on"), blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    class Meta:
        verbose_name = _("criterion check")
        verbose_name_plural = _("criterion checks")
        ordering = ["criterion"]
        constraints = [
            models.UniqueConstraint(fields=["mentor", "criterion"], name="one_check_per_criterion")
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}: {self.get_verdict_display()}"
