"""Recording and withdrawing consents."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts.models import User
from core.audit import Actor
from core.errors import RuleViolation
from core.page_cache import kept
from core.verbs import (
    Step,
    Steps,
    unlocked,
    verb,
)
from programme.models import Consent, ConsentNotice
from programme.signals import consent_withdrawn


def current_notice(purpose: str, now: datetime) -> ConsentNotice:
    """The newest notice valid at ``now``; to be shown, at its minute. Raises RuleViolation when none is
    entered."""
    valid = ConsentNotice.objects.filter(purpose=purpose, valid_from__lte=now)
    notice = kept(f"notice:{purpose}", valid.order_by("-valid_from").first)
    if notice is None:
        raise RuleViolation(_("No privacy notice has been entered for this yet."), code="notice")
    return notice


def has_consent(person: User | None, purpose: str) -> bool:
    """Whether a consent of this purpose is recorded and not withdrawn."""
    if person is None:
        return False
    return _standing(person, purpose).exists()


def _standing(person: User, purpose: str) -> QuerySet[Consent]:
    return Consent.objects.filter(person=person, notice__purpose=purpose, withdrawn_at=None)


def _lock_standing(person: User, purpose: str) -> tuple[User, str]:
    list(_standing(person, purpose).select_for_update().order_by("pk"))
    return person, purpose


@verb("give", lock=unlocked)
def give(
    person: User, notice: ConsentNotice, *, by: Actor, now: datetime, how: str = ""
) -> Steps[Consent]:
    """Records a consent; a repetition returns the existing one. Reopens a closed account, if its holder gives
    the consent (promise A7). Raises RuleViolation when somebody else records it for a closed account."""
    if not person.is_active:
        if by.user_id != person.pk:
            raise RuleViolation(
                _("This person has to agree by the personal link. Please ask for the consent."),
                code="closed",
            )
        person.is_active = accounts.reopen(person, by=by, now=now).is_active
    consent, created = Consent.objects.get_or_create(
        person=person, notice=notice, withdrawn_at=None, defaults={"given_at": now, "how": how}
    )
    if created:
        yield Step(consent, values={"notice": str(notice.pk)}, save=False)
    return consent


@verb("withdraw", lock=_lock_standing)
def withdraw(person: User, purpose: str, *, by: Actor, now: datetime) -> Steps[int]:
    """Withdraws every valid consent of the purpose and sends the signal. Returns how many."""
    standing = list(_standing(person, purpose))
    for consent in standing:
        consent.withdrawn_at = now
        yield Step(consent, save=["withdrawn_at"], signal=consent_withdrawn)
    return len(standing)
