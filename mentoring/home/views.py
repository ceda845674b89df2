"""A participant's home page: their role, next actions and progress."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions as accounts
from core import limits
from core.audit import Actor
from core.errors import RuleViolation
from core.forms import NewAddressForm, add_violation
from core.http import UNSENT, now_of, sent
from core.limits import HOUR, Limit
from mentoring.home.page import compose

ADDRESSES_AN_HOUR = 5  # mails to new addresses, per person and per mailbox


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One page for every role: applicant, mentee, mentor, or none yet."""
    context: dict[str, Any] = compose(request.user, now_of(request))  # type: ignore[attr-defined,arg-type]
    if next_action := context["next_action"]:
        context["next_action_body"] = render_to_string(
            next_action.template, {**next_action.context, "next_action": next_action}, request
        )
    return render(request, "home/home.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Shows and changes one's own address. Staff change theirs in the admin, behind the second factor. The
    response is the same whether or not somebody is known by the new address (promise P3)."""
    user: Any = request.user
    if user.is_staff:
        return redirect("admin:accounts_user_verb", user.pk, "change-address")
    now = now_of(request)
    by = Actor.person(user, "person")
    asked = request.method == "POST" and "change-address" in request.POST
    form = NewAddressForm(*(sent(request) if asked else UNSENT))
    status = 200
    try:
        if asked and form.is_valid():
            email = form.cleaned_data["email"]
            if not _may_write_to(request, email):
                return render(request, "429.html", status=429)
            accounts.ask_for_address(user, email=email, by=by, now=now)
            return redirect("my_address")
        if "ask-again" in request.POST:
            if not _may_write_to(request, user.new_email):
                return render(request, "429.html", status=429)
            accounts.ask_again(user, by=by, now=now)
            messages.success(request, _("A new link is on its way to your new address."))
            return redirect("my_address")
        if "drop-address" in request.POST:
            accounts.drop_address(user, by=by, now=now)
            messages.success(request, _("Your address stays as it is."))
            return redirect("my_address")
    except RuleViolation as violation:
        if not form.is_bound:
            messages.error(request, str(violation))
            return redirect("my_address")
        add_violation(form, violation)
    if form.errors:
        status = 400
    until = user.new_email_at + accounts.ADDRESS_LIFETIME if user.new_email_at else None
    return render(request, "home/address.html", {"form": form, "until": until}, status=status)


def _may_write_to(request: HttpRequest, address: str) -> bool:
    whose = (
        Limit(str(request.user.pk), ADDRESSES_AN_HOUR, HOUR),
        Limit(address, ADDRESSES_AN_HOUR, HOUR),
    )
    return limits.take_if_counted("own-address", *whose) is not None and limits.may_write_first(
        request, address
    )
