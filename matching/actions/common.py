"""Shared by the verbs of a tandem: locks in the common order, checks, links."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.audit import Actor
from core.errors import RuleViolation
from core.links import actions as links
from core.links.models import ActionLink
from matching.models import Tandem
from matching.reminders import INVITATION
from mentees.models import Mentee
from mentees.states import MenteeState
from mentors.models import Mentor
from mentors.states import MentorState
from programme import consents
from programme.models import Cohort, ConsentPurpose


def lock_tandem(tandem: Tandem) -> Tandem:
    """The tandem with its people, read after its mentor and it were locked (promises C3, C4)."""
    lock_mentor(Tandem.objects.values_list("mentor_id", flat=True).get(pk=tandem.pk))
    return Tandem.objects.with_people().select_for_update(of=("self",)).get(pk=tandem.pk)


def lock_tandem_and_cohort(tandem: Tandem) -> Tandem:
    """Like ``lock_tandem``, after locking the cohort: for verbs that must not run at the same time as a
    proposal to the same mentee or the mentee's leaving, which lock it too."""
    lock_cohort(Tandem.objects.values_list("cohort_id", flat=True).get(pk=tandem.pk))
    return lock_tandem(tandem)


def lock_pair(mentee: Mentee, mentor: Mentor) -> tuple[Mentee, Mentor]:
    """Mentee and mentor, read after the mentee's cohort and the mentor were locked."""
    lock_cohort(mentee.cohort_id)
    held = lock_mentor(mentor.pk)
    return Mentee.objects.select_related("user", "cohort").get(pk=mentee.pk), held


def lock_cohort(cohort_id: uuid.UUID) -> Cohort:
    """The cohort, read after the lock."""
    return Cohort.objects.select_for_update().get(pk=cohort_id)


def lock_mentor(mentor_id: uuid.UUID) -> Mentor:
    """The mentor, read after the lock."""
    return Mentor.objects.select_for_update(of=("self",)).get(pk=mentor_id)


def only_open_tandem(tandem: Tandem) -> None:
    """Raises RuleViolation where the mentee has another open tandem (promise C7). Of two simultaneous ones
    the database refuses the second, which is retried and refused here."""
    if Tandem.objects.open().filter(mentee=tandem.mentee_id).exclude(pk=tandem.pk).exists():
        raise RuleViolation(
            _("%(mentee)s already has an open tandem.") % {"mentee": tandem.mentee},
            code="one_open",
        )


def in_time(tandem: Tandem, now: datetime) -> None:
    """Raises RuleViolation when the deadline of the step has passed."""
    if tandem.answer_by is not None and now >= tandem.answer_by:
        raise RuleViolation(
            _("The time to answer has passed. Please write to the coordinators."), code="late"
        )


def by_a_person(by: Actor) -> None:
    """Raises RuleViolation unless a coordinator acts: the application only suggests (GDPR 22)."""
    if by.user_id is None or by.role not in ("coordinator", "admin"):
        raise RuleViolation(
            _("A tandem is proposed and approved by a person, never by the programme."),
            code="human",
        )


def not_ones_own(tandem: Tandem, by: Actor) -> None:
    """Raises RuleViolation when somebody would decide as coordinator about their own tandem."""
    if by.user_id in (tandem.mentee.user_id, tandem.mentor.user_id):
        raise RuleViolation(
            _("This concerns you personally: somebody else has to decide."), code="own_case"
        )


def undecided(mentee: Mentee) -> None:
    """Raises RuleViolation when the mentee has a proposal or an open tandem already."""
    if Tandem.objects.live().filter(mentee=mentee).exists():
        raise RuleViolation(
            _("%(mentee)s already has a proposal or a tandem.") % {"mentee": mentee},
            code="decided",
        )


def takes_part(mentor: Mentor) -> None:
    """Raises RuleViolation unless the mentor is active, has an address, and has consented (GDPR)."""
    if mentor.state != MentorState.ACTIVE:
        raise RuleViolation(
            _("%(mentor)s is not given new tandems at the moment: the status is “%(state)s”.")
            % {"mentor": mentor.name, "state": mentor.state_word().label},
            code="mentor_inactive",
        )
    if not consents.has_consent(mentor.user, ConsentPurpose.MENTOR):
        raise RuleViolation(
            _("No consent from %(mentor)s is recorded.") % {"mentor": mentor.name},
            code="no_consent",
        )


def mentee_is_free(tandem: Tandem) -> None:
    """Raises RuleViolation unless the mentee still takes part and has no proposal or tandem with somebody
    else."""
    if tandem.mentee.state != MenteeState.TAKING_PART:
        raise RuleViolation(
            _("The mentee is no longer taking part. Please write to the coordinators."),
            code="mentee_inactive",
        )
    if Tandem.objects.live().filter(mentee=tandem.mentee_id).exclude(pk=tandem.pk).exists():
        raise RuleViolation(
            _(
                "Another mentor has been proposed in the meantime. Please write to the "
                "coordinators."
            ),
            code="decided",
        )


# ── the mentor's link ────────────────────────────────────────────────────────
def live_link(tandem: Tandem) -> ActionLink | None:
    """The mentor's current link for this tandem."""
    return ActionLink.objects.about(INVITATION, tandem).live().first()


def new_link(tandem: Tandem, *, now: datetime) -> ActionLink:
    """A fresh link for the mentor, open as long as the question; the previous one is replaced."""
    return links.issue(
        INVITATION, tandem, tandem.mentor.user, now=now, expires_at=_open_until(tandem, now)
    )


def reopen_link(tandem: Tandem, *, now: datetime) -> ActionLink | None:
    """Reopens the link until the tandem's present deadline, if there is one."""
    link = live_link(tandem)
    if link is not None:
        links.reopen(link, now=now, expires_at=_open_until(tandem, now))
    return link


def use_link(tandem: Tandem, *, now: datetime) -> None:
    """Marks the link as used: the question was answered, by link or otherwise."""
    link = live_link(tandem)
    if link is not None:
        links.mark_used(link, now=now)


def _open_until(tandem: Tandem, now: datetime) -> datetime:
    # An open question suspends the deadline, not the link, which stays valid for the longest time allowed.
    return tandem.answer_by or now + links.LONGEST
