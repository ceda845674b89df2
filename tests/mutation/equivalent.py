"""Faults that change nothing anybody could see, by name, each with its reason. They are not counted."""

from __future__ import annotations

from tests.mutation.faults import Fault

# (path, function, before, after or "" for any) → why nothing changes
EQUIVALENT: dict[tuple[str, str, str, str], str] = {
    (
        "matching/engine/rules.py",
        "_exclude_same_person",
        'mentee.person or ""',
        "(mentee.person)",
    ): "nobody is filed under None either; the type checker asks for a text",
    (
        "mentees/actions/sending.py",
        "revise",
        '"name" in changed and person.name == application.name and by.user_id == person.pk',
        "(person.name == application.name) and (by.user_id == person.pk)",
    ): "a name that has not changed is the one the person has, and writing it again writes nothing",
    (
        "meetings/actions/common.py",
        "require_ahead",
        "meeting.state == MeetingState.SCHEDULED and meeting.starts_at and meeting.starts_at <= now",
        "(meeting.state == MeetingState.SCHEDULED) and (meeting.starts_at <= now)",
    ): "a constraint gives every meeting that is set a beginning; the type checker does not know it",
    (
        "outbox/actions.py",
        "send_again",
        "mail.recipient is None or not mail_kinds[mail.kind].may_reach(mail.recipient)",
        "(not mail_kinds[mail.kind].may_reach(mail.recipient))",
    ): "a constraint gives every mail that needs a person a recipient; the type checker does not know it",
    ("outbox/delivery.py", "", "40", "41"): "how many mails are claimed at a time is tuning",
    (
        "outbox/smtp.py",
        "connect",
        "1",
        "2",
    ): "a socket's option is on for every number but 0",
}


def is_equivalent(fault: Fault) -> bool:
    """Whether the table has this fault; spaces and line breaks count as one space."""
    before, after = " ".join(fault.before.split()), " ".join(fault.after.split())
    place = (fault.path, fault.function, before)
    return (*place, after) in EQUIVALENT or (*place, "") in EQUIVALENT
