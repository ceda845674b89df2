"""What the meetings enter into the registries."""

from core.appointments import calendar
from core.links.purposes import link_purposes
from meetings import appointments, links, reminders
from meetings.mails.kinds import KINDS
from outbox.kinds import register

register(KINDS)
link_purposes.add(reminders.PICK_DATE, links.PURPOSE)
calendar.add("meetings", appointments.of_person)
