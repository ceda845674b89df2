"""The reminder sources of all apps: wanted reminders, and verbs whose deadline has passed."""

from __future__ import annotations

from collections.abc import Mapping

from accounts import actions as accounts
from matching import actions as matching
from matching import reminders as matching_reminders
from meetings import actions as meetings
from meetings import reminders as meetings_reminders
from mentees import actions as mentees
from outbox.reminders import ReminderSource
from workshops import reminders as workshops_reminders

REMINDER_SOURCES: Mapping[str, ReminderSource] = {
    "accounts": ReminderSource(pass_deadlines=accounts.pass_deadlines),
    "matching": ReminderSource(matching_reminders.wanted, matching.pass_deadlines),
    "meetings": ReminderSource(meetings_reminders.wanted, meetings.pass_deadlines),
    "mentees": ReminderSource(pass_deadlines=mentees.pass_deadlines),
    "workshops": ReminderSource(workshops_reminders.wanted),
}
