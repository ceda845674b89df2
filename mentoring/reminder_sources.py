"""The reminder sources of all apps: wanted reminders, and verbs whose deadline has passed."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.actions import lapse_overdue as lapse_addresses
from matching import actions as matching
from matching import reminders as matching_reminders
from meetings import actions as meetings
from meetings import reminders as meetings_reminders
from mentees import reminders as mentees_reminders
from outbox.reminders import ReminderSource
from workshops import reminders as workshops_reminders

REMINDER_SOURCES: Mapping[str, ReminderSource] = {
    "accounts": ReminderSource(pass_deadlines=lapse_addresses),
    "matching": ReminderSource(matching_reminders.wanted, matching.pass_deadlines),
    "meetings": ReminderSource(meetings_reminders.wanted, meetings.lapse_overdue),
    "mentees": ReminderSource(pass_deadlines=mentees_reminders.pass_deadlines),
    "workshops": ReminderSource(workshops_reminders.wanted),
}
