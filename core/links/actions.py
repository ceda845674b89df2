"""Issuing, finding and closing personal links."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction

from core.links.models import ActionLink

LONGEST = timedelta(days=60)  # promise L5: no decision by link is open for longer


def token_of(link: ActionLink) -> str:
    """The link's token: 256 bits in 43 URL-safe characters, HMAC-SHA256(LINK_KEY, id, version) (L4)."""
    message = link.id.bytes + link.version.to_bytes(4, "big")
    digest = hmac.new(settings.LINK_KEY.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """The SHA-256 of a token, which the database stores."""
    return hashlib.sha256(token.encode()).hexdigest()


def url_of(link: ActionLink) -> str:
    """The whole address, always under BASE_URL (P7)."""
    return f"{settings.BASE_URL}/l/{token_of(link)}/"


def find(token: str) -> ActionLink | None:
    """The link of a token in any state, or None. Looked up by hash, so that timing reveals nothing of the
    token."""
    if len(token) != 43 or not token.isascii():
        return None
    return ActionLink.objects.select_related("holder").filter(token_hash=hash_of(token)).first()


@transaction.atomic
def issue(
    purpose: str,
    obj: models.Model,
    holder: Any,
    *,
    now: datetime,
    expires_at: datetime | None = None,
) -> ActionLink:
    """Issues a fresh link for ``holder`` to decide about ``obj``; replaces an earlier one of the same
    purpose.

    A link that expires does so within ``LONGEST``; for a later deadline a fresh one is sent.
    """
    previous = ActionLink.objects.select_for_update().about(purpose, obj).filter(holder=holder)
    latest = previous.order_by("-version").values_list("version", flat=True).first()
    previous.live().update(closed_at=now, closed_as="replaced")
    link = ActionLink(
        id=uuid.uuid4(),
        purpose=purpose,
        object_type=obj._meta.label,
        object_id=obj.pk,
        holder=holder,
        version=0 if latest is None else latest + 1,
        created_at=now,
        expires_at=_within_longest(expires_at, now),
    )
    link.token_hash = hash_of(token_of(link))
    link.save(force_insert=True)
    return link


def withdraw(purpose: str, obj: models.Model, *, now: datetime) -> int:
    """Closes the live links of the purpose and object; returns how many."""
    return (
        ActionLink.objects.about(purpose, obj).live().update(closed_at=now, closed_as="withdrawn")
    )


@contextmanager
def withdrawing_from(
    holder: Any, *, now: datetime, but_not: ActionLink | None = None
) -> Iterator[None]:
    """Context manager: on exit every link the person held before is closed, except ``but_not`` and those
    issued inside. A reader of a former mailbox can then decide nothing (promise L5)."""
    held = ActionLink.objects.live().filter(holder=holder)
    former = set(held.values_list("pk", flat=True)) - {but_not.pk if but_not else None}
    yield
    ActionLink.objects.live().filter(pk__in=former).update(closed_at=now, closed_as="withdrawn")


def mark_used(link: ActionLink, *, now: datetime) -> None:
    """Notes the moment of the (latest) answer."""
    ActionLink.objects.filter(pk=link.pk).update(used_at=now)
    link.used_at = now


def reopen(link: ActionLink, *, now: datetime, expires_at: datetime | None) -> None:
    """Reopens a used link after its holder took the answer back, for ``LONGEST`` at most."""
    expires_at = _within_longest(expires_at, now)
    ActionLink.objects.filter(pk=link.pk).update(used_at=None, expires_at=expires_at)
    link.used_at, link.expires_at = None, expires_at


def _within_longest(expires_at: datetime | None, now: datetime) -> datetime | None:
    return min(expires_at, now + LONGEST) if expires_at is not None else None
