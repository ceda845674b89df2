"""What the public pages enter into the registries."""

from mentoring.public import mails
from outbox.kinds import register

register(mails.KINDS)
