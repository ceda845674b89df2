"""What the public pages tell the house."""

from mentoring.public.mails import CONTACT
from outbox.kinds import mail_kinds

mail_kinds.add(CONTACT.kind, CONTACT)
