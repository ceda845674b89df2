"""Shows the mails a verb would send, by carrying it out and undoing it: what is shown is what goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from mentoring.outbox.actions import capturing, leaving
from mentoring.outbox.render import LINK_HERE, Rendered, render
from mentoring.registries import mail_kinds
from mentoring.transitions import RuleViolation


@dataclass(frozen=True)
class Preview:
    """One mail that would go out: to whom, and the finished words."""

    kind: str
    recipient: Any
    mail: Rendered
    due_at: Any


class _Undo(Exception):
    """Leaves the transaction without a trace."""


def preview(verb: Callable[[], Any]) -> tuple[list[Preview], RuleViolation | None]:
    """The mails that ``verb()`` would queue, in their order, or the rule that forbids it.

    Runs the verb inside a transaction that is always rolled back.
    """
    found: list[Preview] = []
    try:
        with transaction.atomic(), capturing() as keys:
            verb()
            for row in leaving(keys).select_related("recipient").order_by("due_at", "kind"):
                mail = render(
                    mail_kinds[row.kind], row.facts, row.recipient, has_link=row.link_id is not None
                )
                found.append(
                    Preview(
                        row.kind,
                        row.recipient,
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
