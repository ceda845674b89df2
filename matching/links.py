"""The mentor's personal link: the question, the answer, undoing it, and every state after.

The page shows what the decision needs and no contact data (promise L6); those are mailed with the
confirmation. GET changes nothing; an answer sent twice gets the same page (promises L1, L3).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.audit import Actor
from core.errors import RuleViolation
from core.http import UNSENT, Sent
from core.links.models import ActionLink
from core.links.purposes import LinkPage, LinkPurpose
from core.templatetags.ui import person, until_when
from matching import actions, explanation_text
from matching.actions.common import mentee_is_free
from matching.forms import CONFIRM, DECLINE, QUESTION, TandemAnswerForm, UndoForm
from matching.models import Tandem
from matching.states import HELD, TandemState
from mentees import questions
from mentees.models import Application

BODY = "matching/links/invitation.html"


def describe(link: ActionLink, sent: Sent, now: datetime) -> LinkPage:
    """The page for the mentor, depending on the tandem's state."""
    tandem = Tandem.objects.with_people().get(pk=link.object_id)
    return page_for(tandem, sent, now)


def page_for(tandem: Tandem, sent: Sent, now: datetime) -> LinkPage:
    """The page about ``tandem`` for its mentor, by link or signed in."""
    if tandem.state == TandemState.MENTOR_ASKED:
        return _question(tandem, sent, now)
    if tandem.state in HELD:
        return _accepted(tandem, sent, now)
    if tandem.state == TandemState.DECLINED and tandem.answered_at is not None:
        return _declined(tandem, sent, now)
    title, lead = _closed(tandem)
    return LinkPage(title, lead, BODY, {"stage": "closed"}, closed=True)


def decide(link: ActionLink, cleaned: Mapping[str, Any], now: datetime) -> None:
    """Carries out the answer of the form."""
    tandem = Tandem.objects.get(pk=link.object_id)
    carry_out(tandem, cleaned, by=Actor.person(link.holder, "mentor"), now=now)


def carry_out(tandem: Tandem, cleaned: Mapping[str, Any], *, by: Actor, now: datetime) -> None:
    """Calls the verb that belongs to an answer. Raises RuleViolation where a rule refuses."""
    answer = cleaned["answer"]
    if answer == CONFIRM:
        actions.confirm(tandem, by=by, now=now, word=cleaned.get("word", ""))
    elif answer == DECLINE:
        actions.decline(tandem, by=by, now=now, reason=cleaned.get("reason", ""))
    elif answer == QUESTION:
        actions.ask_question(tandem, by=by, now=now, question=cleaned.get("question", ""))
    else:
        actions.undo(tandem, by=by, now=now)


PURPOSE = LinkPurpose(describe=describe, decide=decide)


# ── the question ─────────────────────────────────────────────────────────────
def _question(tandem: Tandem, sent: Sent, now: datetime) -> LinkPage:
    if tandem.answer_by is not None and now >= tandem.answer_by:
        return LinkPage(
            _("The time to answer has passed"),
            _(
                "We are now looking for somebody else. Please write to us if you would "
                "still like to take part."
            ),
            BODY,
            {"stage": "closed"},
            closed=True,
        )
    # A submitted yes is processed even without a free place: the coordinators are notified.
    if tandem.mentor.free <= 0 and sent.data is None:
        return _no_place(tandem)
    name = person(str(tandem.mentee))
    rests = tandem.question_at is not None
    lead = (
        _("We have your question and will be in touch. The deadline is paused until then.")
        if rests
        else _(
            "The mentee and the coordinators are proposing this tandem to you. The "
            "decision is yours: you need no account and do not have to give a reason."
        )
    )
    if tandem.answer_by is not None:
        lead += " " + _("Please answer by %(day)s.") % {"day": until_when(tandem.answer_by)}
    return LinkPage(
        title=format_html(_("Would you like to mentor {}?"), name),
        lead=lead,
        template=BODY,
        context={"stage": "asked", "tandem": tandem, "rests": rests, **about(tandem, now)},
        form=TandemAnswerForm(*_current(sent)),
        turn=not rests,
        deadline=tandem.answer_by,
        button=_("Send your answer"),
        action="confirm-tandem",
        after=ngettext(
            "You can change your answer with the same link for one hour.",
            "You can change your answer with the same link for %(hours)d hours.",
            tandem.cohort.undo_hours,
        )
        % {"hours": tandem.cohort.undo_hours},
    )


def _current(sent: Sent) -> Sent:
    """A repeated undo form from an old tab changes nothing now."""
    return UNSENT if sent.get("answer") == "undo" else sent


def about(tandem: Tandem, now: datetime) -> dict[str, Any]:
    """The facts about mentee and cohort that the decision needs, in the active language."""
    application = Application.objects.with_words().get(pk=tandem.mentee.application_id)
    return {
        "rows": questions.rows_for_mentor(application),
        "why": explanation_text.reasons(tandem.reasons, explanation_text.words(), "mentor"),
        "meetings": tandem.cohort.meetings_a_month,
        "cohort": tandem.cohort,
        "probation": tandem.probation_ahead(localdate(now)),
    }


def _no_place(tandem: Tandem) -> LinkPage:
    return LinkPage(
        _("This place is no longer free"),
        _(
            "All the places you offered have been taken by other tandems. Thank you for "
            "being willing to do more; the coordinators know and will be in touch. You do"
            " not need to do anything."
        )
        if tandem.no_place_at
        else _(
            "All the places you offered have been taken by other tandems. You do not need"
            " to do anything. If you could take one more mentee, please write to us."
        ),
        BODY,
        {"stage": "no_place", "tandem": tandem},
        closed=True,
    )


# ── after the answer ─────────────────────────────────────────────────────────
def _undo(tandem: Tandem, sent: Sent, now: datetime) -> dict[str, Any]:
    """The part of the page that undoes the answer, as long as that is possible.

    An answer that is sent a second time finds no form and is redirected to this page (promise L3).
    """
    if not tandem.may_undo(now) or sent.get("answer") in _ANSWERS:
        return {}
    return {
        "form": UndoForm(*sent),
        "deadline": tandem.undo_until(),
        "button": _("Withdraw your answer"),
        "action": "undo-tandem",
    }


_ANSWERS = (CONFIRM, DECLINE, QUESTION)


def _accepted(tandem: Tandem, sent: Sent, now: datetime) -> LinkPage:
    name = person(str(tandem.mentee))
    until = tandem.undo_until()
    if tandem.may_undo(now):
        lead = _("Thank you. You can withdraw your answer here until %(until)s.") % {
            "until": until_when(until, "moment")
        }
    else:
        lead = _(
            "Your tandem is under way. The contact details are in the email you received from us."
        )
    return LinkPage(
        title=format_html(_("You are mentoring {}"), name),
        lead=lead,
        template=BODY,
        context={
            "stage": "accepted",
            "tandem": tandem,
            "probation": tandem.probation_ahead(localdate(now)),
        },
        **_undo(tandem, sent, now),
    )


def _declined(tandem: Tandem, sent: Sent, now: datetime) -> LinkPage:
    may_undo = tandem.may_undo(now) and _may_be_asked_again(tandem)
    if may_undo:
        lead = _(
            "You have declined this time. We keep looking, and you remain part of the "
            "network. You can still change your answer here until %(until)s."
        ) % {"until": until_when(tandem.undo_until(), "moment")}
    else:
        lead = _(
            "You have declined this time and remain part of the network. You do not need "
            "to do anything else."
        )
    return LinkPage(
        title=_("Thank you for considering it"),
        lead=lead,
        template=BODY,
        context={"stage": "declined", "tandem": tandem, "may_undo": may_undo},
        **(_undo(tandem, sent, now) if may_undo else {}),
    )


def _may_be_asked_again(tandem: Tandem) -> bool:
    """Whether the mentee is free, so that a no can still become a yes."""
    try:
        mentee_is_free(tandem)
    except RuleViolation:
        return False
    return True


def _closed(tandem: Tandem) -> tuple[str, str]:
    """Heading and sentence where nothing is left to decide; without data of any person (promise L5)."""
    if tandem.state == TandemState.EXPIRED:
        return (
            _("The time to answer has passed"),
            _(
                "We are now looking for somebody else. Please write to us if you would "
                "still like to take part."
            ),
        )
    if tandem.state == TandemState.DISSOLVED:
        return (
            _("This tandem has ended"),
            _("You do not need to do anything else. Thank you for all you gave to it."),
        )
    if tandem.state == TandemState.COMPLETED:
        return (
            _("This tandem is complete"),
            _("The year is over. Thank you for your time and commitment."),
        )
    return (
        _("There is nothing to decide at the moment"),
        _("We will write to you as soon as there is something for you to answer."),
    )
