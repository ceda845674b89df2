"""Shows the mails a verb would send, by carrying it out and rolling it back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from core.errors import RuleViolation
from outbox.actions import capturing, leaving
from outbox.kinds import mail_kinds
from outbox.render import (
    LINK_HERE,
    Rendered,
    letterhead_in,
    render,
)


@dataclass(frozen=True)
class Preview:
    """One mail that would be sent: the recipient and the rendered text."""

    kind: str
    recipient: Any
    mail: Rendered
    due_at: Any


class _Undo(Exception):
    """Raised to roll the transaction back."""


@dataclass(frozen=True)
class _Somebody:
    """Stands in for a recipient whom the reader may not know: shows the address and nothing else."""

    email: str
    language: str
    greeting: str = "…"
    is_staff: bool = False

    def __str__(self) -> str:
        return self.email


def preview(
    verb: Callable[[], Any], *, knows: Callable[[Collection[Any]], Container[Any]]
) -> tuple[list[Preview], RuleViolation | None]:
    """The mails that ``verb()`` would queue, in their order, or the RuleViolation that it raises.

    ``knows`` selects from the keys of all recipients those whom the reader may know. For the others name,
    form of address and language are not shown: they may be anybody whose address was typed (promise A7). Runs
    the verb inside a transaction that is always rolled back.
    """
    found: list[Preview] = []
    letterhead = cache(letterhead_in)  # once per language, as changed by this verb
    try:
        with transaction.atomic(), capturing() as keys:
            verb()
            rows = leaving(keys).select_related("recipient").order_by("due_at", "kind")
            known = knows({row.recipient_id for row in rows})
            for row in rows:
                whom: Any = row.recipient
                if row.recipient_id not in known:
                    whom = _Somebody(row.address, (get_language() or "de")[:2])
                mail = render(
                    mail_kinds[row.kind],
                    row.facts,
                    whom,
                    has_link=row.link_id is not None,
                    letterhead=letterhead(whom.language),
                )
                found.append(
                    Preview(
                        row.kind,
                        whom,
                        Rendered(
                            mail.subject,
                            mail.text.replace(LINK_HERE, "…"),
                            mail.html,
                            mail.language,
                        ),
                        row.due_at,
                    )
                )
            raise _Undo
    except _Undo:
        return found, None
    except RuleViolation as violation:
        return [], violation
