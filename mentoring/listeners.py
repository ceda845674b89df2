"""All receivers of this project's signals, in the order they are called.

All run in the transaction of the verb that sent the signal; an error in one rolls back all of it. The apps
import downwards only, so only this level can name every receiver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.dispatch import Signal

Listener = Callable[..., object]


def listeners() -> Mapping[Signal, tuple[Listener, ...]]:
    """Signal → its receivers, called in this order with ``obj``, ``by=`` and ``now=``."""
    from accounts.signals import account_closed, account_closing, address_changed
    from matching import actions as matching
    from matching import reminders as matching_reminders
    from matching.signals import tandem_ended
    from meetings import actions as meetings
    from mentees import actions as mentees
    from mentees.signals import mentee_completed, mentee_left
    from mentors import actions as mentors
    from mentors.signals import (
        mentor_address_changed,
        mentor_availability_changed,
        mentor_retired,
        mentor_retiring,
    )
    from programme import actions as programme
    from programme.signals import consent_withdrawn
    from workshops import actions as workshops

    return {
        account_closing: (  # locks, in the order of ``docs/architecture.md`` (promise C4)
            matching.lock_for_closing,
            meetings.lock_for_closing,
            workshops.lock_for_closing,
        ),
        account_closed: (
            matching.dissolve_for_closing,
            mentors.end_part,  # a mentor retires only without a tandem
            workshops.follow_parting,
            mentees.end_parts,
            programme.end_roles,
        ),
        address_changed: (
            programme.keep_office,
            matching.lock_for_new_address,
            mentors.follow_new_address,
            meetings.follow_new_address,
            workshops.follow_new_address,
            mentees.remember_participation,
        ),
        consent_withdrawn: (mentees.withdraw_open_applications, mentors.follow_withdrawal),
        mentee_left: (matching.dissolve_for_leaving, workshops.follow_leaving),
        mentee_completed: (matching.dissolve_for_completing, workshops.follow_leaving),
        mentor_availability_changed: (matching_reminders.follow_mentor,),
        mentor_retiring: (matching.lock_for_retiring,),  # locks
        mentor_retired: (
            matching.dissolve_for_parting,
            meetings.withdraw_links,
            workshops.follow_retiring,
        ),
        mentor_address_changed: (matching.ask_at_new_address, meetings.ask_at_new_address),
        tandem_ended: (meetings.end_with_tandem,),
    }


def connect() -> None:
    """Connects all receivers; called once when Django is ready."""
    for signal, called in listeners().items():
        for listener in called:
            signal.connect(partial(_call, listener), weak=False, dispatch_uid=listener)


def _call(listener: Listener, *, obj: Any, by: Any, now: Any, **_: Any) -> None:
    listener(obj, by=by, now=now)
