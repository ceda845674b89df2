"""Recognises people who took part before, by a keyed hash of the address that outlives the retention period."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from django.conf import settings

from accounts.models import User
from mentees.models import FormerMentee, Mentee


def address_hash(email: str) -> str:
    """HMAC-SHA256 over the normalised address, 64 hexadecimal digits.

    Keyed with ``LINK_KEY``, which is kept with the backups and does not rotate with ``SECRET_KEY``; after a
    change of ``LINK_KEY`` the stored hashes match nobody.
    """
    message = f"former-mentee\x1f{email}".encode()
    return hmac.new(settings.LINK_KEY.encode(), message, hashlib.sha256).hexdigest()


def took_part(person: User) -> bool:
    """Whether the person takes part now or did so before, as far as rows or hashes show it."""
    return (
        Mentee.objects.filter(user=person).exists()
        or FormerMentee.objects.filter(address_hash=address_hash(person.email)).exists()
    )


def remember(person: User, now: datetime) -> None:
    """Stores the hash of this address; a repetition changes nothing."""
    FormerMentee.objects.get_or_create(
        address_hash=address_hash(person.email), defaults={"noted_at": now}
    )
