"""Shared by the mentor verbs: the locks, the standing link, and that nobody judges their own case."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.audit import Actor
from core.errors import RuleViolation
from core.links import actions as links
from core.links.models import ActionLink
from core.verbs import Step, Steps
from mentors import mails
from mentors.models import Mentor
from mentors.signals import mentor_retiring
from mentors.states import TAKING_PART

CONSENT_LINK = "mentor-consent"


def lock_mentor(mentor: Mentor) -> Mentor:
    """The mentor, read after the lock (promise C3)."""
    return Mentor.objects.select_for_update(of=("self",)).select_related("user").get(pk=mentor.pk)


def lock_person_and_mentor(mentor: Mentor) -> Mentor:
    """Like ``lock_mentor``, with the account's person locked first (promise C4): for verbs that may change
    both. If the person changed between the two locks, the verb is retried."""
    list(User.objects.select_for_update(no_key=True).filter(mentor=mentor.pk).values_list("pk"))
    return lock_mentor(mentor)


def lock_for_retiring(mentor: Mentor) -> Mentor:
    """Like ``lock_mentor``, after the cohorts of what ends with the mentor (promise C4)."""
    mentor_retiring.send(Mentor, obj=mentor, by=None, now=None)  # the receivers only lock
    return lock_mentor(mentor)


def confirm_person(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[None]:
    """Part of a verb: records that the person has confirmed the record: from now on it is theirs, and name and address are
    read from the account (promise A7). Somebody who has been made active meanwhile is welcomed now. Does
    nothing when somebody else acts or it is already confirmed; the caller holds the mentor's lock."""
    if mentor.confirmed_at is not None or by.user_id is None or by.user_id != mentor.user_id:
        return
    mentor.confirmed_at = now
    mentor.email = mentor.salutation = mentor.phone = ""
    columns = ("confirmed_at", "email", "salutation", "phone")
    yield Step(mentor, verb="confirm_person", save=columns)
    if mentor.state in TAKING_PART:  # made active before the address was known to be theirs
        mails.welcome(mentor, link=standing_link(mentor, now=now), now=now)


def standing_link(mentor: Mentor, *, now: datetime) -> ActionLink:
    """The mentor's link to consent or withdraw: the live one, else a new one (without expiry, promise L5)."""
    found = ActionLink.objects.about(CONSENT_LINK, mentor).live().filter(holder=mentor.user).first()
    return found or links.issue(CONSENT_LINK, mentor, mentor.user, now=now)


def ask_for_address(mentor: Mentor, *, now: datetime) -> ActionLink:
    """Sends the mail with a fresh personal link that asks whether the entered address is theirs; returns the
    link. The caller holds the mentor's lock."""
    link = links.issue(CONSENT_LINK, mentor, mentor.user, now=now)
    mails.address_request(mentor, link=link, now=now)
    return link


def not_by_oneself(mentor: Mentor, by: Actor) -> None:
    """Raises RuleViolation when somebody would judge their own case."""
    if by.user_id is not None and by.user_id == mentor.user_id:
        raise RuleViolation(
            _("This concerns you personally: somebody else has to decide."), code="own_case"
        )
