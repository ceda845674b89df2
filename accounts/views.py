"""The project's own sign-in pages, and the redirect after signing in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import views as allauth
from allauth.account.internal.templatekit import get_entrance_context_data
from allauth.account.mixins import NextRedirectMixin, RedirectAuthenticatedUserMixin
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from accounts import codes
from accounts.codes import Asked, Verdict
from accounts.forms import AddressForm, CodeForm
from core.http import now_of


class _WayBack:
    """Lets a person who has begun to sign in begin again; allauth would redirect to the step that was begun."""

    request: HttpRequest
    passthrough_next_url: Callable[[str], str]

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether a code was asked for, so that the page links to it."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        asked = codes.pending(self.request) is not None
        url = self.passthrough_next_url(reverse("account_confirm_login_code"))
        return {**context, "code_url": url if asked else ""}


class SignIn(_WayBack, allauth.LoginView):  # type: ignore[misc]
    """Both ways to sign in: a code by mail, or a password."""


class AskForCode(  # type: ignore[misc, type-arg]
    _WayBack, RedirectAuthenticatedUserMixin, NextRedirectMixin, FormView
):
    """Asks for the address a code is sent to. Responds the same for every address (promise P3)."""

    form_class = AddressForm
    template_name = "account/request_login_code.html"

    def form_valid(self, form: AddressForm) -> HttpResponse:
        """Redirects to the page where the code is entered."""
        asked = codes.ask(self.request, form.cleaned_data["email"], now=now_of(self.request))
        if asked is Asked.TOO_MANY:
            form.add_error(None, _too_many())
            return self.render_to_response(self.get_context_data(form=form), status=429)
        if asked is Asked.NEWEST_IS_GOOD:
            messages.warning(self.request, _newest_is_good())
        return HttpResponseRedirect(
            self.passthrough_next_url(reverse("account_confirm_login_code"))
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the addresses of the other ways to sign in."""
        return {**super().get_context_data(**kwargs), **get_entrance_context_data(self.request)}


@method_decorator(never_cache, name="dispatch")
class EnterCode(NextRedirectMixin, FormView):  # type: ignore[misc, type-arg]
    """Asks for the code from the mail, and sends another one on request."""

    form_class = CodeForm
    template_name = "account/confirm_login_code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Redirects people who are signed in, and those who have asked for no code."""
        if request.user.is_authenticated:
            return redirect(self.get_next_url() or "account_arrive")
        self.asked = codes.pending(request)
        if self.asked is None:
            if request.method == "POST":
                messages.warning(
                    request,
                    _(
                        "That code has expired: each is valid for 15 minutes. Please "
                        "request a new one."
                    ),
                )
            return self._begin_again()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Checks the code, or sends another one."""
        if request.POST.get("action") == "resend":
            return self._send_again()
        return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """Signs in, or shows the page again with a sentence."""
        verdict, user = codes.judge(self.request, form.cleaned_data["code"])
        if user is not None:
            return codes.enter(self.request, user, self.get_next_url())
        if verdict is Verdict.LAST_WRONG:
            messages.error(
                self.request,
                _(
                    "Too many wrong codes were entered. Please request a new code, or try "
                    "again later."
                ),
            )
            return self._begin_again()
        wrong = _("This is not the code we sent. Please use the one in our latest email.")
        later = _(
            "Too many wrong codes have been entered recently. Please wait a minute; if that "
            "does not help, try again in an hour."
        )
        form.add_error("code", wrong if verdict is Verdict.WRONG else later)
        return self.form_invalid(form)

    def _send_again(self) -> HttpResponse:
        assert self.asked is not None
        asked = codes.ask(self.request, self.asked["address"], now=now_of(self.request))
        if asked is Asked.SENT:
            messages.success(
                self.request,
                _(
                    "If this address is registered with the programme, another code is on"
                    " its way. Earlier ones still work."
                ),
            )
        else:
            again = _newest_is_good() if asked is Asked.NEWEST_IS_GOOD else _too_many()
            messages.warning(self.request, again)
        return HttpResponseRedirect(
            self.passthrough_next_url(reverse("account_confirm_login_code"))
        )

    def _begin_again(self) -> HttpResponse:
        return HttpResponseRedirect(
            self.passthrough_next_url(reverse("account_request_login_code"))
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the address the code was sent to."""
        assert self.asked is not None
        context = super().get_context_data(**kwargs)
        return {
            **context,
            **get_entrance_context_data(self.request),
            "email": self.asked["address"],
        }


def _newest_is_good() -> str:
    return _(
        "Several codes have been requested for this address within the last hour. Please "
        "use the one in our latest email; it works here."
    )


def _too_many() -> str:
    return _(
        "Many codes have been requested recently. Please try again in an hour, or write to us."
    )


@login_required
def arrive(request: HttpRequest) -> HttpResponse:
    """Redirects staff to the admin, participants to ``/me/``."""
    return redirect("/admin/" if request.user.is_staff else "/me/")
