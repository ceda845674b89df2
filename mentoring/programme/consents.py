"""Recording and withdrawing consents."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit
from mentoring.accounts import actions as accounts
from mentoring.accounts.models import User
from mentoring.audit import Actor
from mentoring.programme.models import Consent, ConsentNotice
from mentoring.programme.signals import consent_withdrawn
from mentoring.transitions import RuleViolation


def current_notice(purpose: str, now: datetime) -> ConsentNotice:
    """The newest notice valid at ``now``. Raises RuleViolation when none is entered."""
    notice = (
        ConsentNotice.objects.filter(purpose=purpose, valid_from__lte=now)
        .order_by("-valid_from")
        .first()
    )
    if notice is None:
        raise RuleViolation(_("No privacy notice has been entered for this yet."), code="notice")
    return notice


def has_consent(person: User | None, purpose: str) -> bool:
    """Whether a consent of this purpose is recorded and not withdrawn."""
    if person is None:
        return False
    return Consent.objects.filter(
        person=person, notice__purpose=purpose, withdrawn_at=None
    ).exists()


@transaction.atomic
def give(
    person: User, notice: ConsentNotice, *, by: Actor, now: datetime, how: str = ""
) -> Consent:
    """Records a consent; giving the same again returns the one that stands. Who agrees begins a part: an
    account that was closed is open again, by its holder alone (promise A7). Raises RuleViolation when
    somebody else records it for a closed account."""
    if not person.is_active:
        if by.user_id != person.pk:
            raise RuleViolation(
                _("This person has to agree by the personal link. Please ask for the consent."),
                code="closed",
            )
        accounts.reopen(person, by=by, now=now)
    consent, created = Consent.objects.get_or_create(
        person=person, notice=notice, withdrawn_at=None, defaults={"given_at": now, "how": how}
    )
    if created:
        audit.record(consent, "give", by=by, now=now, values={"notice": str(notice.pk)})
    return consent


@transaction.atomic
def withdraw(person: User, purpose: str, *, by: Actor, now: datetime) -> int:
    """Withdraws every standing consent of the purpose; consequences follow. Returns how many."""
    standing = list(
        Consent.objects.select_for_update().filter(
            person=person, notice__purpose=purpose, withdrawn_at=None
        )
    )
    for consent in standing:
        consent.withdrawn_at = now
        consent.save(update_fields=["withdrawn_at"])
        audit.record(consent, "withdraw", by=by, now=now)
        consent_withdrawn.send(Consent, obj=consent, by=by, now=now)
    return len(standing)
