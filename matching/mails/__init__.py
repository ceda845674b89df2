"""Which mail goes when: to the mentee, the mentor and the coordinators of a tandem.

Contact data leave with the confirmation and never before (promise L6). A fact stands here only when its
mail needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate

from accounts.models import User
from core.links.models import ActionLink
from matching import explanation_text
from matching.models import Tandem
from matching.states import HELD, TandemState
from mentees import questions
from outbox import actions as outbox
from programme.roles import coordinators_of

# Outdated by the next step: withdrawn where they still wait (promise S11).
ASKING = ("tandem-proposal", "tandem-invitation", "tandem-question-answered")
ANSWERED = (
    "tandem-confirmed-mentee",
    "tandem-confirmed-mentor",
    "tandem-confirmed-office",
    "tandem-declined-mentee",
    "tandem-declined-office",
)


def thread(tandem: Tandem) -> str:
    """The thread of all mails about a tandem and its meetings: mail programs show them together."""
    return f"tandem:{tandem.pk}"


def _iso(value: date | datetime | None) -> str:
    return value.isoformat() if value else ""


def _queue(
    kind: str,
    recipient: User | None,
    tandem: Tandem,
    facts: Callable[[], Mapping[str, Any]],
    now: datetime,
    **options: Any,
) -> None:
    """One mail; ``facts`` is called in the recipient's language. Nobody without address gets one."""
    if recipient is None:
        return
    with translation.override(recipient.language):
        found = facts()
    outbox.queue(kind, recipient, tandem, found, now=now, thread=thread(tandem), **options)


def _to_office(
    kind: str, tandem: Tandem, now: datetime, facts: Callable[[], Mapping[str, Any]], **options: Any
) -> None:
    """The same mail to each coordinator of the cohort, with the names and the way to the tandem."""
    common = {
        "mentee": str(tandem.mentee),
        "mentor": tandem.mentor.name,
        "url": reverse("admin:matching_tandem_change", args=[tandem.pk]),
    }
    for coordinator in coordinators_of(tandem.cohort_id):
        _queue(kind, coordinator, tandem, lambda: {**common, **facts()}, now, **options)


def _mine(tandem: Tandem) -> str:
    return reverse("matching:tandem", args=[tandem.pk])


# ── the proposal ─────────────────────────────────────────────────────────────
def proposal(tandem: Tandem, *, now: datetime) -> None:
    """To the mentee: who is proposed, why, and until when we ask for an answer."""

    def facts() -> Mapping[str, Any]:
        return {
            "mentor": tandem.mentor.name,
            "profession": tandem.mentor.profession,
            "why": explanation_text.reasons(tandem.reasons, explanation_text.words(), "mentee"),
            "deadline": _iso(tandem.answer_by),
            "url": _mine(tandem),
        }

    _queue("tandem-proposal", tandem.mentee.user, tandem, facts, now, useful_until=tandem.answer_by)


def to_approve(tandem: Tandem, *, now: datetime) -> None:
    """To the coordinators: the mentee agrees, and until when they have to approve."""
    outbox.cancel(tandem, now=now, kinds=ASKING)
    _to_office(
        "tandem-to-approve",
        tandem,
        now,
        lambda: {"word": tandem.mentee_word, "deadline": _iso(tandem.answer_by)},
    )


def proposal_declined(tandem: Tandem, *, now: datetime) -> None:
    """To the coordinators: the mentee declined the proposal."""
    outbox.cancel(tandem, now=now, kinds=ASKING)
    _to_office("tandem-proposal-declined", tandem, now, lambda: {"word": tandem.mentee_word})


# ── the mentor's question ────────────────────────────────────────────────────
def invitation(tandem: Tandem, *, link: ActionLink, now: datetime) -> None:
    """To the mentor: the question, with the personal link. Cancels the one before, if it still waits."""
    outbox.cancel(tandem, now=now, kinds=("tandem-invitation", "tandem-to-approve"))

    def facts() -> Mapping[str, Any]:
        topics = tandem.mentee.application.topics.select_related("topic")
        return {
            "mentee": str(tandem.mentee),
            "study": questions.studies(tandem.mentee.application),
            "topics": [str(one.topic) for one in topics],
            "meetings": tandem.cohort.meetings_a_month,
            "ends": _iso(tandem.cohort.ends_on),
            "deadline": _iso(tandem.answer_by),
            "undo_hours": 0 if tandem.cohort.undo_hours == 1 else tandem.cohort.undo_hours,
            "undo_one_hour": tandem.cohort.undo_hours == 1,
        }

    _queue(
        "tandem-invitation",
        tandem.mentor.user,
        tandem,
        facts,
        now,
        link=link,
        offset=f"link-{link.version}",
        useful_until=tandem.answer_by,
    )


def reminder_facts(tandem: Tandem) -> dict[str, Any]:
    """The facts of both reminders: who the partner is, and until when we ask for an answer."""
    to_mentee = tandem.state == TandemState.DRAFT
    return {
        "partner": tandem.mentor.name if to_mentee else str(tandem.mentee),
        "deadline": _iso(tandem.answer_by),
        "url": _mine(tandem),
    }


def question(tandem: Tandem, *, now: datetime) -> None:
    """To the coordinators: the mentor asks something first."""
    _to_office(
        "tandem-question-office",
        tandem,
        now,
        lambda: {"question": tandem.question},
        offset=_iso(tandem.question_at),
    )


def question_answered(tandem: Tandem, answer: str, *, link: ActionLink, now: datetime) -> None:
    """To the mentor: the answer, and the new deadline."""
    _queue(
        "tandem-question-answered",
        tandem.mentor.user,
        tandem,
        lambda: {
            "mentee": str(tandem.mentee),
            "answer": answer,
            "deadline": _iso(tandem.answer_by),
        },
        now,
        link=link,
        offset=_iso(tandem.answer_by),
        useful_until=tandem.answer_by,
    )


# ── the answer ───────────────────────────────────────────────────────────────
def confirmed(tandem: Tandem, *, link: ActionLink | None, now: datetime) -> None:
    """To both: how to reach each other and what comes next; to the coordinators: that the mentor accepted."""
    outbox.cancel(tandem, now=now, kinds=ASKING)
    undo_until = _iso(tandem.undo_until())

    def about(partner: str, user: User | None) -> Mapping[str, Any]:
        return {
            "partner": partner,
            "partner_email": user.email if user else "",
            "partner_phone": user.phone if user else "",
            "undo_until": undo_until,
            "probation_until": _iso(tandem.probation_ahead(localdate(now))),
            "url": _mine(tandem),
        }

    mentee, mentor = tandem.mentee.user, tandem.mentor.user
    _queue(
        "tandem-confirmed-mentee", mentee, tandem, lambda: about(tandem.mentor.name, mentor), now
    )
    _queue(
        "tandem-confirmed-mentor",
        mentor,
        tandem,
        lambda: about(str(tandem.mentee), mentee),
        now,
        link=link,
    )
    _to_office(
        "tandem-confirmed-office",
        tandem,
        now,
        lambda: {"word": tandem.word_to_office, "undo_until": undo_until},
    )


def declined(tandem: Tandem, *, now: datetime) -> None:
    """To the mentee, without the mentor's reason; to the coordinators with it."""
    outbox.cancel(tandem, now=now, kinds=ASKING)
    _queue(
        "tandem-declined-mentee",
        tandem.mentee.user,
        tandem,
        lambda: {"mentor": tandem.mentor.name, "url": "/me/"},
        now,
    )
    _to_office(
        "tandem-declined-office",
        tandem,
        now,
        lambda: {"word": tandem.word_to_office, "undo_until": _iso(tandem.undo_until())},
    )


def undone(tandem: Tandem, *, was_confirmed: bool, now: datetime) -> None:
    """To the mentee and the coordinators: the mentor took the answer back and decides again."""
    outbox.cancel(tandem, now=now, kinds=ANSWERED)
    _queue(
        "tandem-undone-mentee",
        tandem.mentee.user,
        tandem,
        lambda: {
            "mentor": tandem.mentor.name,
            "was_confirmed": was_confirmed,
            "deadline": _iso(tandem.answer_by),
            "url": _mine(tandem),
        },
        now,
    )
    _to_office(
        "tandem-undone-office",
        tandem,
        now,
        lambda: {"was_confirmed": was_confirmed, "deadline": _iso(tandem.answer_by)},
    )


def no_place(tandem: Tandem, *, now: datetime) -> None:
    """To the coordinators: the mentor said yes, but every place was taken (promise C7)."""
    _to_office("tandem-no-place-office", tandem, now, lambda: {"word": tandem.word_to_office})


def places_taken(tandem: Tandem, others: Sequence[Tandem], *, now: datetime) -> None:
    """To the coordinators: the last place is taken while others still wait for an answer."""
    waiting = [str(one.mentee) for one in others]
    _to_office("tandem-conflict-office", tandem, now, lambda: {"waiting": waiting})


# ── the ends ─────────────────────────────────────────────────────────────────
def dissolved(tandem: Tandem, *, before: str, now: datetime) -> None:
    """To those who knew of it: that it ends, not why. A mentor who was not asked yet gets no mail."""
    outbox.cancel(tandem, now=now)
    kind = "tandem-dissolved" if before in HELD else "tandem-withdrawn"
    mentee, mentor = tandem.mentee.user, tandem.mentor.user
    _queue(kind, mentee, tandem, lambda: {"partner": tandem.mentor.name, "url": "/me/"}, now)
    if before in HELD or before == TandemState.MENTOR_ASKED:
        _queue(kind, mentor, tandem, lambda: {"partner": str(tandem.mentee), "url": ""}, now)


def expired(tandem: Tandem, *, before: str, now: datetime) -> None:
    """To those concerned: the time to answer has passed. A mentor without a free place could not accept and
    gets no mail; the mentee then gets the mail about a refusal."""
    outbox.cancel(tandem, now=now)
    mentee, mentor = tandem.mentee.user, tandem.mentor.user
    asked = before == TandemState.MENTOR_ASKED
    no_place = asked and (tandem.no_place_at is not None or tandem.mentor.free <= 0)
    kind = "tandem-expired-mentee" if asked else "tandem-expired-proposal"
    if no_place:
        kind = "tandem-declined-mentee"
    _queue(kind, mentee, tandem, lambda: {"mentor": tandem.mentor.name, "url": "/me/"}, now)
    if asked and not no_place:
        _queue("tandem-expired-mentor", mentor, tandem, lambda: {"mentee": str(tandem.mentee)}, now)
    silent = {"silent_mentee": not asked, "silent_mentor": asked and not no_place}
    _to_office("tandem-expired-office", tandem, now, lambda: {**silent, "no_place": no_place})
