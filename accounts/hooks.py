"""What accounts enter into the registries."""

from accounts import links, mails
from accounts.actions import (
    CONFIRM_ADDRESS,
    STAFF_INVITATION,
    STOP_ADDRESS,
)
from core.links.purposes import link_purposes
from outbox.kinds import register

register(mails.KINDS)
link_purposes.add(STAFF_INVITATION, links.PURPOSE)
link_purposes.add(CONFIRM_ADDRESS, links.CONFIRM)
link_purposes.add(STOP_ADDRESS, links.STOP)
