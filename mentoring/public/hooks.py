"""What the public pages tell the house."""

from mentoring.public.mails import CONTACT
from mentoring.registries import mail_kinds

mail_kinds.add(CONTACT.kind, CONTACT)
