"""Which mail goes when, with what facts; the kinds: ``kinds.py``, the calendar files: ``files.py``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.audit import Actor
from core.templatetags.ui import full_day, span
from outbox.actions import queue
from outbox.models import WAITING, MailStatus, OutgoingMail
from workshops.mails.kinds import CHANGED
from workshops.models import Registration, Session
from workshops.states import RegistrationState


def registered(registration: Registration, *, now: datetime) -> None:
    """The person has a place; with the calendar entries."""
    sessions = _upcoming(registration, now)
    facts = {**_about(registration, sessions), **_files(registration, sessions, now)}
    _tell("workshop-registered", registration, facts, now=now)


def waitlisted(registration: Registration, rank: int, *, now: datetime) -> None:
    """No place was free: the rank on the waiting list."""
    facts = {**_about(registration, _upcoming(registration, now)), "rank": rank}
    _tell("workshop-waitlisted", registration, facts, now=now)


def promoted(registration: Registration, *, now: datetime) -> None:
    """The person moved up from the waiting list; with the calendar entries."""
    sessions = _upcoming(registration, now)
    facts = {**_about(registration, sessions), **_files(registration, sessions, now)}
    _tell("workshop-promotion", registration, facts, now=now)


def extra_place(registration: Registration, *, now: datetime) -> None:
    """A coordinator gave a place beyond the waiting list; with the calendar entries."""
    sessions = _upcoming(registration, now)
    facts = {**_about(registration, sessions), **_files(registration, sessions, now)}
    _tell("workshop-extra-place", registration, facts, now=now)


@dataclass(frozen=True)
class Former:
    """What was announced of a workshop before it was changed."""

    title: str
    where: str
    sessions: list[Session]


def changed(
    registration: Registration, gone: Iterable[Session], former: Former, *, now: datetime
) -> None:
    """Time, place or title changed: names the former ones and updates the calendar entries; those of ``gone``
    sessions are removed."""
    sessions, workshop = _upcoming(registration, now), registration.workshop
    held = {one.pk: (one.starts_at, one.ends_at) for one in workshop.sessions.all()}
    moved = [one for one in former.sessions if held.get(one.pk) not in (None, (one.starts_at, one.ends_at))]  # fmt: skip
    facts = {
        "former_title": former.title if former.title != workshop.title else "",
        "former_place": former.where if former.where != workshop.where else "",
        "former_dates": _dates(moved, registration.person.language),
        **_about(registration, sessions),
        **_files(registration, sessions, now),
        "gone": _plain(gone),
        "gone_dates": _dates(gone, registration.person.language),
    }
    _tell(CHANGED, registration, facts, now=now)


def registration_cancelled(
    registration: Registration,
    *,
    had_place: bool,
    untold: Sequence[Mapping[str, Any]],
    by: Actor,
    now: datetime,
) -> None:
    """The registration or the rank is cancelled; removes the calendar entries."""
    sessions = _upcoming(registration, now)
    facts = {
        **_about(registration, sessions),
        **_removed(registration, sessions if had_place else [], untold, now),
        "by_office": by.user_id != registration.person_id,
        "had_place": had_place,
    }
    _tell("workshop-registration-cancelled", registration, facts, now=now)


def workshop_cancelled(
    registration: Registration,
    *,
    had_place: bool,
    untold: Sequence[Mapping[str, Any]],
    by: Actor,
    now: datetime,
) -> None:
    """The workshop is cancelled; removes the calendar entries."""
    sessions = _upcoming(registration, now)
    facts = {
        **_about(registration, sessions),
        **_removed(registration, sessions if had_place else [], untold, now),
        "had_place": had_place,
        "reason": registration.workshop.cancel_reason,
    }
    _tell("workshop-cancelled", registration, facts, now=now)


def mailbox_changed(registration: Registration, former: str, *, now: datetime) -> None:
    """Somebody with a place has another mailbox: removes the entries from the former calendar and adds them to
    the new one. Sends nothing where no session lies ahead."""
    sessions = _upcoming(registration, now)
    if not sessions:
        return
    facts = {**_about(registration, sessions), **_files(registration, sessions, now)}
    untold = gone_untold(registration)
    gone = {
        **facts,
        "sequence": sequence_of(registration) - 1,
        "sessions": [*facts["sessions"], *untold],
    }
    mark = f"mailbox-{registration.mailbox_changes}"
    _tell("workshop-mailbox-changed", registration, gone, now=now, offset=mark, to_address=former)
    _tell("workshop-registered", registration, facts, now=now, offset=mark)


def gone_untold(registration: Registration) -> list[dict[str, Any]]:
    """The removed sessions that the person's calendar still shows, since the mail about it is not sent yet."""
    waiting = OutgoingMail.objects.about(registration).filter(
        kind=CHANGED, to_address="", status__in=(*WAITING, MailStatus.CLAIMED)
    )
    return [one for facts in waiting.values_list("facts", flat=True) for one in facts["gone"]]


def reminder_facts(registration: Registration, session: Session) -> dict[str, Any]:
    """What the reminder of one session announces."""
    workshop = registration.workshop
    with translation.override(registration.person.language):
        return {
            "title": workshop.title,
            "starts_at": session.starts_at.isoformat(),
            "time": span(session.starts_at, session.ends_at),
            "place": workshop.where or _("still to be announced"),
            "led_by": workshop.led_by,
            "url": reverse("workshop", args=[workshop.slug]),
        }


def sequence_of(registration: Registration) -> int:
    """The SEQUENCE of this person's calendar files: higher than in any file sent to them before.

    The version of the dates rises with every change; a later place in line belongs to a later
    registration of the same person; cancelling takes the odd number between the two, and so does the removal
    from a former mailbox.
    """
    left = 1 if registration.state == RegistrationState.CANCELLED else 0
    steps = registration.place_in_line + registration.mailbox_changes
    return registration.workshop.schedule_version + 2 * steps + left


def _tell(
    kind: str,
    registration: Registration,
    facts: Mapping[str, Any],
    *,
    now: datetime,
    **options: str,
) -> None:
    queue(
        kind,
        registration.person,
        registration,
        facts,
        now=now,
        thread=f"workshop-{registration.pk}",
        **options,  # type: ignore[arg-type]
    )


def _upcoming(registration: Registration, now: datetime) -> list[Session]:
    return [one for one in registration.workshop.sessions.all() if one.ends_at > now]


def _about(registration: Registration, sessions: list[Session]) -> dict[str, Any]:
    workshop, language = registration.workshop, registration.person.language
    with translation.override(language):
        place = workshop.where or _("still to be announced")
        dates = _dates(sessions, language) or _("no date left")
    return {
        "title": workshop.title,
        "starts_at": sessions[0].starts_at.isoformat() if sessions else "",
        "dates": dates,
        "place": place,
        "led_by": workshop.led_by,
        "url": reverse("workshop", args=[workshop.slug]),
    }


def _dates(sessions: Iterable[Session], language: str) -> str:
    """One line for each session, in the recipient's language."""
    with translation.override(language):
        return "\n".join(
            f"{full_day(one.starts_at)}, {span(one.starts_at, one.ends_at)}" for one in sessions
        )


def _files(
    registration: Registration, sessions: Iterable[Session], now: datetime
) -> dict[str, Any]:
    return {
        "workshop": str(registration.workshop_id),
        "sequence": sequence_of(registration),
        "organizer": registration.workshop.organizer,
        "changed_at": now.isoformat(),
        "sessions": _plain(sessions),
    }


def _removed(
    registration: Registration,
    sessions: Iterable[Session],
    untold: Sequence[Mapping[str, Any]],
    now: datetime,
) -> dict[str, Any]:
    """The files that take ``sessions`` out of the calendar, and those of ``gone_untold``."""
    files = _files(registration, sessions, now)
    return {**files, "sessions": [*files["sessions"], *untold]}


def _plain(sessions: Iterable[Session]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.pk,
            "starts_at": one.starts_at.isoformat(),
            "ends_at": one.ends_at.isoformat(),
        }
        for one in sessions
    ]
