"""The link by which a member of staff sets a password."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from accounts import actions
from core.audit import Actor
from core.errors import RuleViolation
from core.http import Sent
from core.links.actions import mark_used
from core.links.forms import AnswerForm
from core.links.models import ActionLink
from core.links.purposes import LinkPage, LinkPurpose


class SetPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        help_text=_(
            "At least 12 characters. Several words in a row are easy to remember and hard to guess."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Repeat the password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """The password. Raises ValidationError where a rule of promise P4 refuses it."""
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any] | None:
        """Refuses two different passwords."""
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords do not match."))
        return data


def describe(link: ActionLink, sent: Sent, now: datetime) -> LinkPage:
    """The page with the two fields, or with the next step once the password is set."""
    done = link.state_at(now) == "used"
    return LinkPage(
        title=_("Your password has been set") if done else _("Welcome to the coordinators’ area"),
        lead=_("Sign in with your email address and password; then set up the second factor.")
        if done
        else _("Choose a password. You will then set up a second factor, an app on your phone."),
        template="accounts/links/staff_invitation.html",
        context={"done": done},
        form=None if done else SetPasswordForm(*sent, user=link.holder),
        deadline=link.expires_at,
        button=_("Set the password"),
        action="set-password",
    )


def decide(link: ActionLink, cleaned: Mapping[str, Any], now: datetime) -> None:
    """Sets the password."""
    actions.set_password_by_link(link, password=cleaned["password"], now=now)


def renew(link: ActionLink, now: datetime) -> None:
    """Sends a fresh invitation to the address on file. Raises RuleViolation for a person who is no longer
    staff: an old link restores no rights (promise L5)."""
    if not (link.holder.is_staff and link.holder.is_active):
        raise RuleViolation(_("This question is settled"), code="closed")
    actions.invite_staff(link.holder.email, by=Actor.system(), now=now)


PURPOSE = LinkPurpose(describe=describe, decide=decide, renew=renew)


# ── another address ──────────────────────────────────────────────────────────
CONFIRM_ANSWERS: list[tuple[str, Any]] = [
    ("confirm", _("Yes, please write to me at this address")),
    ("not_mine", _("No, this is not for me")),
]
STOP_ANSWERS: list[tuple[str, Any]] = [
    ("keep", _("No, everything stays as it is")),
    ("agree", _("Yes, the new address is right")),
]


def describe_confirm(link: ActionLink, sent: Sent, now: datetime) -> LinkPage:
    """The page for the reader of the new address: asks whether we may write there. Names nobody (promise L6)."""
    done = link.state_at(now) == "used"
    return LinkPage(
        title=_("Thank you, your address is confirmed")
        if done
        else _("May we write to you at this address?"),
        lead=_(
            "From now on we will write to you here, and you sign in with this address. Links sent to "
            "the previous address no longer work."
        )
        if done
        else _(
            "This address was given to the mentoring programme as somebody’s new one. It takes effect once "
            "you say yes."
        ),
        template="accounts/links/address.html",
        context={"address": "" if done else link.holder.new_email},
        form=None if done else AnswerForm(*sent, answers=CONFIRM_ANSWERS),
        deadline=link.expires_at,
        button=_("Send your answer"),
        action="confirm-address",
        nameless=True,
    )


def decide_confirm(link: ActionLink, cleaned: Mapping[str, Any], now: datetime) -> None:
    """Carries out the answer from the new mailbox."""
    if cleaned["answer"] == "confirm":
        actions.confirm_address(link, now=now)
    else:
        actions.drop_address(link.holder, by=Actor.person(link.holder, "person"), now=now)


def describe_stop(link: ActionLink, sent: Sent, now: datetime) -> LinkPage:
    """The page for the reader of the present address: what is about to change, and how to stop it."""
    waits = bool(link.holder.new_email)
    return LinkPage(
        title=_("Your address stays as it is") if not waits else _("Is this your new address?"),
        lead=_("Nothing has changed. We will continue to write to you here.")
        if not waits
        else _("Until it is confirmed there, we will continue to write to you here."),
        template="accounts/links/address.html",
        context={"address": link.holder.new_email},
        form=AnswerForm(*sent, answers=STOP_ANSWERS) if waits else None,
        deadline=link.expires_at,
        button=_("Send your answer"),
        action="stop-address",
    )


def decide_stop(link: ActionLink, cleaned: Mapping[str, Any], now: datetime) -> None:
    """Stops the change, or leaves the confirmation to the new mailbox."""
    if cleaned["answer"] == "keep":
        actions.stop_address(link, now=now)
    else:
        mark_used(link, now=now)


CONFIRM = LinkPurpose(describe=describe_confirm, decide=decide_confirm)
STOP = LinkPurpose(describe=describe_stop, decide=decide_stop)
