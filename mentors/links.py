"""The standing link by which a mentor consents and may withdraw at any time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.audit import Actor
from core.http import Sent
from core.links.actions import mark_used
from core.links.models import ActionLink
from core.links.purposes import LinkPage, LinkPurpose
from mentors import actions
from mentors.forms import ASKED, GIVEN, UNCONFIRMED, ConsentForm
from mentors.models import Mentor
from mentors.states import PARTED
from programme.consents import current_notice
from programme.models import Consent, ConsentPurpose


def describe(link: ActionLink, sent: Sent, now: datetime) -> LinkPage:
    """The page with the notice and the two answers that are possible now; no contact data (L6).

    An answer of another pair (sent twice, from an old tab) is accepted as a repetition, so that the second
    post leads to the same page without an error (L3). Where the office recorded the consent, the address is
    to be confirmed first; then the page does not name the account's holder, who may be a stranger (A7).
    """
    mentor = Mentor.objects.get(pk=link.object_id)
    consent = (
        Consent.objects.filter(
            person=link.holder_id, notice__purpose=ConsentPurpose.MENTOR, withdrawn_at=None
        )
        .select_related("notice")
        .order_by("-given_at")
        .first()
    )
    parted = mentor.state in PARTED
    notice = consent.notice if consent else current_notice(ConsentPurpose.MENTOR, now)
    answer = sent.get("answer")
    unconfirmed = consent is not None and mentor.confirmed_at is None
    pair = ASKED if consent is None else UNCONFIRMED if unconfirmed else GIVEN
    pairs = (pair, ASKED, GIVEN, UNCONFIRMED)
    pair = next((one for one in pairs if answer in dict(one)), pair)
    form = ConsentForm(*sent, answers=pair, shown=notice)
    if unconfirmed:
        title, lead = (
            _("Is this your email address?"),
            _(
                "The coordinators entered it for a mentor of our network, whose consent has"
                " been given to them. Please say whether it is yours."
            ),
        )
    elif consent is not None:
        title, lead = _("Your consent is recorded"), _("You can withdraw it here at any time.")
    elif parted:
        title, lead = (
            _("There is nothing to decide"),
            _("You are not part of the network, and we have no record of your consent."),
        )
    elif link.used_at is not None:
        title, lead = (
            _("Thank you for your answer"),
            _("We have no record of your consent. You can change your mind here at any time."),
        )
    else:
        title, lead = (
            _("May we include you in our network?"),
            _("Please read how we would use your details, and then answer as you wish."),
        )
    return LinkPage(
        title=title,
        lead=lead,
        template="mentors/links/consent.html",
        context={"mentor": mentor, "consent": consent, "notice": notice},
        form=None if parted and consent is None else form,
        button=_("Send your answer"),
        action="answer-consent",
        turn=consent is None or unconfirmed,
        nameless=unconfirmed,
        after=_("This link remains valid, so you can change your answer at any time."),
    )


def decide(link: ActionLink, cleaned: Mapping[str, Any], now: datetime) -> None:
    """Carries out the answer; a repetition changes nothing."""
    mentor = Mentor.objects.get(pk=link.object_id)
    by = Actor.person(link.holder, "mentor")
    answer = cleaned["answer"]
    if answer == "agree":
        actions.record_consent(mentor, by=by, now=now, how=str(_("by personal link")))
    elif answer == "mine":
        actions.confirm_address(mentor, by=by, now=now)
    elif answer == "withdraw":
        actions.withdraw_consent(mentor, by=by, now=now)
    elif answer == "not_now":
        actions.consent_not_now(mentor, by=by, now=now)
    mark_used(link, now=now)


PURPOSE = LinkPurpose(describe=describe, decide=decide)
