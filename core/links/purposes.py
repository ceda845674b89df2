"""The purposes of personal links: what their page shows and what an answer does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.http import Sent
from core.registry import Registry

if TYPE_CHECKING:
    from django.forms import BaseForm


@dataclass(frozen=True)
class LinkPage:
    """What the holder of a link sees: heading, body template with its context, and the decision.

    ``form`` is None when there is nothing (more) to decide. ``holder_name`` stands in the page header.
    ``button`` is the label of the one button, ``action`` its name (the verb). ``turn`` is False where an
    answer is possible but nobody waits for it: then no next action is shown. ``nameless``: the page does not
    name the holder, because the link may be opened by a stranger (a mistyped address).
    """

    title: Any
    lead: Any
    template: str
    context: Mapping[str, Any]
    form: BaseForm | None = None
    deadline: datetime | None = None
    button: Any = ""
    action: str = ""
    after: Any = ""
    closed: bool = False
    turn: bool = True
    nameless: bool = False


@dataclass(frozen=True)
class LinkPurpose:
    """How links of one purpose are shown, decided and renewed.

    ``describe(link, sent, now)`` returns the page for an open or used link; its form is bound to what was
    sent: ``AnswerForm(*sent)``. ``decide(link, cleaned, now)`` carries out the answer in one transaction, begun
    again after a conflict; raises RuleViolation.
    ``renew(link, now)`` sends a fresh link to the address on file, or is None when there is none.
    """

    describe: Callable[[Any, Sent, datetime], LinkPage]
    decide: Callable[[Any, Mapping[str, Any], datetime], None]
    renew: Callable[[Any, datetime], None] | None = None


link_purposes: Registry[LinkPurpose] = Registry("link purpose")
