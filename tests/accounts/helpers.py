"""People who get another address."""

from __future__ import annotations

from datetime import datetime

from accounts import actions
from accounts.models import User
from core.links.models import ActionLink
from tests import factories
from tests.conftest import NOW


def confirm_new_address(person: User, now: datetime = NOW) -> User:
    """The new mailbox says yes."""
    link = ActionLink.objects.about(actions.CONFIRM_ADDRESS, person).live().get()
    return actions.confirm_address(link, now=now)


def move(person: User, email: str, now: datetime = NOW) -> User:
    """The person gives another address, and the mailbox there says yes."""
    actions.ask_for_address(person, email=email, by=factories.by(person, "person"), now=now)
    return confirm_new_address(person, now)
