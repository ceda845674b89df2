"""What the public pages tell the house."""

from mentoring.public import mails
from outbox.kinds import register

register(mails.KINDS)
