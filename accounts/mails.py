"""The mails about an account, and which goes when: sign-in codes, invitations of staff, new addresses."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.links.models import ActionLink
from outbox.actions import nudge, queue
from outbox.kinds import MailKind
from outbox.models import MailStatus, OutgoingMail, dedupe_key

CODE_LIFETIME = timedelta(minutes=15)

_UNTIL = "2026-10-12T10:00:00+00:00"
KINDS = (
    MailKind(
        "sign-in-code",
        "accounts",
        _("sign-in code"),
        {"code": "K7QW-PX2M"},
        lost_reply="resend",
        secret=True,
    ),
    MailKind("staff-invitation", "accounts", _("invitation to a coordinator"), {"until": _UNTIL}),
    MailKind(
        "address-confirm",
        "accounts",
        _("request to confirm a new address"),
        {"until": _UNTIL},
        lost_reply="resend",
    ),
    MailKind(
        "address-noticed",
        "accounts",
        _("notice of a new address, to the current one"),
        {"new_email": "osterloh@example.org", "by_oneself": False, "until": _UNTIL},
        lost_reply="resend",
    ),
    MailKind(
        "address-changed",
        "accounts",
        _("notice of a new address, to the previous one"),
        {"url": "/contact/"},
        lost_reply="resend",
    ),
)


def sign_in_code(user: User, code: str, *, now: datetime) -> None:
    """The code a person signs in with; worth nothing after 15 minutes."""
    queue(
        "sign-in-code",
        user,
        user,
        {"code": code},
        now=now,
        useful_until=now + CODE_LIFETIME,
        version=0,
        offset=uuid.uuid4().hex,
    )


def decoy(*, now: datetime) -> None:
    """A row like that of a sign-in code, written for an address nobody is known by and never sent.

    Costs the same queries and the same call of the broker as ``sign_in_code`` (promise P3). Tells nothing of the address.
    """
    row = OutgoingMail(
        dedupe_key=dedupe_key("sign-in-code", uuid.uuid4(), uuid.uuid4(), 0, ""),
        kind="sign-in-code",
        recipient=None,
        object_type=User._meta.label,
        object_id=uuid.uuid4(),
        created_at=now,
        due_at=now,
        status=MailStatus.CANCELLED,
        resolved_at=now,
    )
    OutgoingMail.objects.bulk_create([row], ignore_conflicts=True)
    nudge()
    OutgoingMail.objects.get(dedupe_key=row.dedupe_key)


def _with_link(
    kind: str,
    user: User,
    link: ActionLink,
    facts: dict[str, Any],
    *,
    about: Model | None = None,
    **how: Any,
) -> None:
    """A mail that carries a link and says until when it works; about the person where nothing else is named."""
    until = link.expires_at.isoformat() if link.expires_at else ""
    queue(
        kind, user, about or user, {**facts, "until": until}, version=link.version, link=link, **how
    )


def staff_invitation(user: User, link: ActionLink, *, now: datetime) -> None:
    """The link by which a member of staff sets a password."""
    _with_link(
        "staff-invitation", user, link, {}, about=link, now=now, useful_until=link.expires_at
    )


def address_confirm(user: User, link: ActionLink, *, now: datetime) -> None:
    """To the new address, which may be a stranger's by a typing error: what it is about, and no name."""
    _with_link(
        "address-confirm", user, link, {}, now=now, useful_until=link.expires_at,
        offset="new", to_address=user.new_email,
    )  # fmt: skip


def address_noticed(user: User, link: ActionLink, *, by_oneself: bool, now: datetime) -> None:
    """At once to the address that holds, with what to do if that was not meant."""
    _with_link(
        "address-noticed", user, link, {"new_email": user.new_email, "by_oneself": by_oneself}, now=now,
        offset="held", to_address=user.email,
    )  # fmt: skip


def address_changed(user: User, former: str, *, version: int, now: datetime) -> None:
    """To the former address, when the new one is confirmed."""
    queue(
        "address-changed",
        user,
        user,
        {"url": "/contact/"},
        now=now,
        version=version,
        offset="former",
        to_address=former,
    )
