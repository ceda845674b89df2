"""Computed plans with their suggestions, the pairs people fixed or excluded, and the tandems."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import StateField, StatefulModel, StatefulQuerySet
from matching.states import AWAITED, HELD, LIVE, OPEN, TANDEM, TandemState
from mentees.models import Mentee
from mentors.models import Mentor
from mentors.states import MentorState
from programme.models import Cohort


class Objective(models.TextChoices):
    """What a plan optimises."""

    TOTAL = "total", _("best total fit")
    FAIR = "fair", _("best possible fit for the weakest pair")


class MatchingRun(models.Model):
    """One computed plan of a cohort with its weights, its inputs' fingerprint and result."""

    AUDIT_LABELS: ClassVar[dict[str, Any]] = {
        "compute": pgettext_lazy("history", "computed a plan")
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="runs", verbose_name=_("cohort")
    )
    number = models.PositiveIntegerField(_("number"))
    objective = models.CharField(
        _("objective"), max_length=8, choices=Objective.choices, default=Objective.TOTAL
    )
    weights = models.JSONField(_("weights"), default=dict)
    fingerprint = models.CharField(_("fingerprint of the inputs"), max_length=64)
    result = models.JSONField(_("result"), default=dict)
    created_at = models.DateTimeField(_("computed"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("computed by"),
    )

    class Meta:
        verbose_name = _("matching run")
        verbose_name_plural = _("matching runs")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="run_number_per_cohort")
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.number}"


class Suggestion(models.Model):
    """Mentee × mentor in one run: score, components and reasons, or why the pair is excluded."""

    run = models.ForeignKey(MatchingRun, models.CASCADE, related_name="suggestions")
    mentee = models.ForeignKey(
        Mentee, models.CASCADE, related_name="suggestions", verbose_name=_("mentee")
    )
    mentor = models.ForeignKey(
        Mentor, models.CASCADE, related_name="suggestions", verbose_name=_("mentor")
    )
    score = models.FloatField(_("fit"), null=True)
    known = models.PositiveSmallIntegerField(_("details given"), default=0)
    excluded = models.CharField(_("excluded because"), max_length=40, blank=True)
    planned = models.BooleanField(_("in the plan"), default=False)
    reasons = models.JSONField(_("reasons"), default=list)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "mentee", "mentor"], name="one_suggestion_per_pair"
            )
        ]
        indexes = [models.Index(fields=["run", "mentee", "-score"], name="suggestion_ranking")]

    def __str__(self) -> str:
        return f"{self.mentee} – {self.mentor}"


class PairRule(models.Model):
    """A pair that coordinators fixed or excluded, with an optional reason."""

    AUDIT_LABELS: ClassVar[dict[str, Any]] = {
        "set": pgettext_lazy("history", "set a rule"),
        "lift": pgettext_lazy("history", "lifted the rule"),
    }

    class Kind(models.TextChoices):
        PIN = "pin", _("fixed")
        FORBID = "forbid", _("excluded by the coordinators")
        VETO = "veto", _("veto of one side")
        TEACHES = "teaches", _("teaches the mentee")
        EXAMINES = "examines", _("examines the mentee")
        EMPLOYS = "employs", _("employs the mentee")

    mentee = models.ForeignKey(
        Mentee, models.CASCADE, related_name="pair_rules", verbose_name=_("mentee")
    )
    mentor = models.ForeignKey(
        Mentor, models.CASCADE, related_name="pair_rules", verbose_name=_("mentor")
    )
    cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="pair_rules", verbose_name=_("cohort")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("rule for a pair")
        verbose_name_plural = _("rules for pairs")
        constraints = [
            models.UniqueConstraint(fields=["mentee", "mentor"], name="one_rule_per_pair"),
            models.UniqueConstraint(
                fields=["mentee"], condition=Q(kind="pin"), name="one_pin_per_mentee"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentee} – {self.mentor}: {self.get_kind_display()}"


# What the page of a person shows of a tandem: a few of the 170 columns of the rows it joins.
SHOWN_TO_MEMBERS = (
    *("state", "answer_by", "question_at", "probation_until", "proposed_at"),
    *("mentee_answered_at", "approved_at", "confirmed_at", "ended_at"),
    *("cohort__name", "cohort__starts_on", "cohort__ends_on", "cohort__closing_on"),
    *("cohort__probation_until", "cohort__meetings_a_month"),
    *("mentor__user", "mentor__name", "mentor__profession", "mentor__held", "mentor__capacity"),
    *("mentee__user__name", "mentee__application__subject"),
)


class TandemQuerySet(StatefulQuerySet):
    def open(self) -> Self:
        """From the mentee's yes to the end: at most one per mentee."""
        return self.filter(state__in=OPEN)

    def live(self) -> Self:
        """From the proposal to the end: what a mentee has or may get."""
        return self.filter(state__in=LIVE)

    def held(self) -> Self:
        """Those that take one of the mentor's places."""
        return self.filter(state__in=HELD)

    def reserving(self) -> Self:
        """Proposed or asked for and not confirmed: these mentors' places are not offered again."""
        return self.live().exclude(state__in=HELD)

    def coordinated_by(self, user: Any) -> Self:
        """Those in cohorts the coordinator is assigned to."""
        return self.filter(cohort__in=Cohort.objects.coordinated_by(user))

    def with_people(self) -> Self:
        """With the related rows that pages, mails and rules read, in one query."""
        return self.select_related("cohort", "mentee__user", "mentor__user")

    def without_place(self) -> Self:
        """Questions to mentors whose places have all been taken meanwhile (promise C7)."""
        return self.filter(state=TandemState.MENTOR_ASKED, mentor__held__gte=F("mentor__capacity"))

    def awaiting_answer(self, now: datetime) -> Self:
        """The proposals and questions that can still be answered at ``now``: the deadline lies ahead, and an
        asked mentor takes part and has a free place."""
        ahead = self.filter(state__in=AWAITED, answer_by__gt=now)
        may_say_yes = Q(mentor__state=MentorState.ACTIVE, mentor__held__lt=F("mentor__capacity"))
        return ahead.filter(Q(state=TandemState.DRAFT) | may_say_yes)

    def of_mentee(self, user: Any) -> Self:
        """Those the person is the mentee of."""
        return self.filter(mentee__user=user)

    def of_members(self, user: Any, mentee: Mentee | None) -> Self:
        """Those the person, who is this ``mentee`` or none, is mentee or mentor of, also before the mentor is
        asked: not all may be shown. Each with what their pages show of it, its people and the mentee's subject;
        anything else is a query more. With a subquery, so that the indexes of both sides are used."""
        mine = Q(mentor=Subquery(Mentor.objects.filter(user=user).values("pk")[:1]))
        if mentee is not None:
            mine |= Q(mentee=mentee)
        return (
            self.filter(mine)
            .select_related("cohort", "mentor", "mentee__user", "mentee__application__subject")
            .only(*SHOWN_TO_MEMBERS)
        )

    def of_mentor(self, user: Any) -> Self:
        """Those the person is the mentor of, once asked."""
        return self.filter(mentor__user=user).exclude(
            Q(state__in=(TandemState.DRAFT, TandemState.MENTEE_AGREED, TandemState.APPROVED))
            | Q(
                state__in=(TandemState.DECLINED, TandemState.EXPIRED, TandemState.DISSOLVED),
                approved_at=None,
            )
        )

    def of_person(self, user: Any) -> Self:
        """Those the person may read: as mentee all of theirs, as mentor once asked (promise A1)."""
        as_mentor = type(self)(self.model, using=self.db).of_mentor(user).values("pk")
        return self.filter(Q(mentee__user=user) | Q(pk__in=as_mentor))


class Tandem(StatefulModel):
    """A mentee and a mentor, from proposal to end."""

    TABLE = TANDEM
    AUDIT_LABELS: ClassVar = {
        "propose": pgettext_lazy("history", "proposed the tandem"),
        "ask_question": pgettext_lazy("history", "asked a question first"),
        "answer_question": pgettext_lazy("history", "answered the question"),
        "send_again": pgettext_lazy("history", "sent the link again"),
        "no_place": pgettext_lazy("history", "accepted, but no place was free"),
    }

    state = StateField(TANDEM)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="tandems", verbose_name=_("cohort")
    )
    mentee = models.ForeignKey(
        Mentee, models.PROTECT, related_name="tandems", verbose_name=_("mentee")
    )
    mentor = models.ForeignKey(
        Mentor, models.PROTECT, related_name="tandems", verbose_name=_("mentor")
    )
    suggestion = models.ForeignKey(
        Suggestion, models.SET_NULL, null=True, blank=True, verbose_name=_("suggestion")
    )
    reasons = models.JSONField(_("reasons"), default=list)  # copied, since runs may be deleted
    score = models.FloatField(_("fit"), null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )  # GDPR 22: a person, never the system
    proposed_at = models.DateTimeField(_("proposed"))
    answer_by = models.DateTimeField(_("answer due"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    mentee_answered_at = models.DateTimeField(_("mentee answered"), null=True)
    mentee_word = models.TextField(_("the mentee’s message"), max_length=1500, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True)
    word_to_office = models.TextField(_("the mentor’s message"), max_length=1500, blank=True)
    question = models.TextField(_("the mentor’s question"), max_length=1500, blank=True)
    question_at = models.DateTimeField(_("question open since"), null=True)
    no_place_at = models.DateTimeField(_("accepted without a free place"), null=True)
    probation_until = models.DateField(_("trial period until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    end_reason = models.CharField(_("reason for ending"), max_length=300, blank=True)

    objects = TandemQuerySet.as_manager()

    class Meta:
        verbose_name = _("tandem")
        verbose_name_plural = _("tandems")
        ordering = ["-proposed_at"]
        indexes = [
            models.Index(fields=["cohort", "state", "-proposed_at"], name="tandem_desk"),
            models.Index(fields=["state", "answer_by"], name="tandem_deadline"),
        ]
        constraints = [
            # promise C7: at most one open tandem per mentee
            models.UniqueConstraint(
                fields=["mentee"], condition=Q(state__in=OPEN), name="one_open_tandem_per_mentee"
            ),
            models.UniqueConstraint(
                fields=["mentee", "mentor"],
                condition=Q(state__in=LIVE),
                name="one_live_tandem_per_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentee} – {self.mentor}"

    def cohort_deadline(self, days: str, now: datetime) -> datetime:
        """The end of the step that begins ``now``: the cohort's setting named ``days``."""
        return now + timedelta(days=getattr(self.cohort, days))

    def may_undo(self, now: datetime) -> bool:
        """Whether the mentor may still undo the answer."""
        until = self.undo_until()
        return (
            self.state in (TandemState.CONFIRMED, TandemState.DECLINED)
            and until is not None
            and now < until
        )

    @property
    def awaited_until(self) -> datetime | None:
        """Until when mentee or mentor has to answer; None while the coordinators have to act or nobody has."""
        return self.answer_by if self.state in AWAITED else None

    def probation_ahead(self, today: date) -> date | None:
        """The last day of the probation that is still to come or in progress: the tandem's own, or the one
        the cohort plans; None once that day or the probation is over. A tandem that begins late in the cohort
        has none."""
        last_day = self.probation_until or self.cohort.probation_until
        if (
            last_day is None
            or last_day < today
            or self.state == TandemState.ACTIVE
            or self.state not in LIVE
        ):
            return None
        return last_day

    def undo_until(self) -> datetime | None:
        """Until when the mentor may undo the answer (by default 72 hours)."""
        if self.answered_at is None:
            return None
        return self.answered_at + timedelta(hours=self.cohort.undo_hours)
