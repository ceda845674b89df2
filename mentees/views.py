"""Applying, and a person's own applications."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crispy_forms.utils import render_crispy_form
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from core import kept_input, limits, page_cache
from core.audit import Actor
from core.errors import RuleViolation
from core.forms import add_violation
from core.forms.edits import lock_row, saves_under_lock
from core.forms.sending import carry_out
from core.http import now_of, sent
from core.limits import MINUTE, Limit
from core.page_cache import cached_page
from mentees import actions, questions, vocabulary
from mentees import status as application_status
from mentees.forms import NO_ID, ApplicationForm, RevisionForm
from mentees.models import CONFIRMATION_GRACE, Application
from mentees.states import TO_DECIDE, ApplicationState
from programme.consents import current_notice
from programme.facts import current_cohort, current_organisation
from programme.models import Cohort, ConsentPurpose

# per network: on the last evening many students may apply from one network
POSTS_A_MINUTE = 60  # from one address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@cached_page("view")
def apply(request: HttpRequest) -> HttpResponse:
    """The application form while a cohort's window is open, else the time of the next one.

    The form is one page whose parts are shown one after the other by links to anchors: nothing is stored
    before it is sent, the browser's back button works, and without style sheets the whole form is visible. It
    is shown as a whole with ``?view=single``, and after an error.
    """
    now = now_of(request)
    cohort = _cohort(request, now)
    if cohort is None:
        return _closed(request, now)
    try:
        notice = current_notice(ConsentPurpose.APPLICATION, now)
    except RuleViolation:
        return _closed(request, now)
    page = {
        "cohort": cohort,
        "notice": notice,
        "steps": questions.STEPS,
        "stepped": request.GET.get("view") != "single",
    }
    known = _known(request)
    if request.method != "POST" and not known and kept_input.current() is None:
        return render(request, "mentees/apply.html", {**page, "form_html": _blank_form(page)})
    form = ApplicationForm(
        *sent(request),
        offer=vocabulary.offer(),
        cohort=cohort,
        notice=notice,
        initial=known,
    )
    limit = Limit(limits.sender(request), POSTS_A_MINUTE, MINUTE)
    if form.is_bound and not limits.take_if_counted("apply", limit):
        status: int | None = 429
        form.add_error(
            None,
            _("Many forms have been sent from your network. Please send yours again in a minute."),
        )
    else:
        status = carry_out(
            form,
            may_send=lambda: _may_write(request, form, cohort),
            verb=lambda: actions.send_application(
                cohort,
                by=_sender(request),
                now=now,
                application_data=form.application_data(),
                form_id=form.cleaned_data["form_id"],
                language=get_language() or "de",
            ),
        )
    if status is None:
        return redirect("apply_sent")
    page |= {"form": form, "stepped": page["stepped"] and not form.errors}
    page["form_html"] = _form_html(form, page)
    return render(request, "mentees/apply.html", page, status=status)


def _form_html(form: ApplicationForm, page: Mapping[str, Any]) -> SafeString:
    """The form by its layout."""
    shown = {**page, "offer": form.offer, "organisation": current_organisation()}
    return render_crispy_form(form, context=shown)


def _blank_form(page: Mapping[str, Any]) -> SafeString:
    """The form that nobody has filled in: the same for everybody, but for its id."""
    cohort, notice = page["cohort"], page["notice"]

    def make() -> SafeString:
        form = ApplicationForm(
            offer=vocabulary.offer(), cohort=cohort, notice=notice, initial={"form_id": NO_ID}
        )
        return _form_html(form, page)

    html = page_cache.kept(f"apply:{cohort.pk}:{notice.pk}:{page['stepped']}", make)
    return SafeString(html.replace(str(NO_ID), str(page_cache.form_id())))


def _may_write(request: HttpRequest, form: ApplicationForm, cohort: Cohort) -> bool:
    """Whether the sender's limits allow a confirmation mail to the address in the form."""
    data = form.application_data()
    return limits.may_write_to(
        request, data["email"], data.key(form.cleaned_data["form_id"], cohort.pk)
    )


def _cohort(request: HttpRequest, now: datetime) -> Cohort | None:
    """The cohort of the form: the one it was opened for, else the one that closes first."""
    kept = kept_input.current()  # a form stays with its cohort after the window has closed
    begun = request.POST.get("cohort") or (kept.data.get("cohort", "") if kept else "")
    asked = begun or request.GET.get("cohort", "")
    try:
        wanted = Cohort.objects.filter(pk=uuid.UUID(asked)).first()
    except ValueError:
        wanted = None
    if wanted is not None and (begun or wanted.takes_applications(now)):
        return wanted
    cohort = current_cohort(now)
    return cohort if cohort is not None and cohort.takes_applications(now) else None


def _known(request: HttpRequest) -> dict[str, Any]:
    """The initial values: data of the signed-in person, and a mentor chosen in the directory (``?wish=``)."""
    known: dict[str, Any] = {}
    user: Any = request.user
    if user.is_authenticated and not user.is_staff:
        known.update(name=user.name, email=user.email, salutation=user.salutation)
    chosen = request.GET.get("wish", "")
    if chosen:
        mentors = vocabulary.offer().mentors
        wished = (vocabulary.label(one) for one in mentors if str(one.pk) == chosen)
        known["wish_1"] = next(wished, "")
    return known


def _sender(request: HttpRequest) -> Actor:
    if request.user.is_authenticated:
        return Actor.person(request.user, "applicant")
    return Actor(None, "applicant")  # the confirmation shows whose address it is


def _closed(request: HttpRequest, now: datetime) -> HttpResponse:
    """The page without a form: when the next window opens, when the last one closed."""
    context = {
        "upcoming": Cohort.objects.filter(applications_open_at__gt=now)
        .order_by("applications_open_at")
        .first(),
        "past": Cohort.objects.filter(applications_close_at__lte=now)
        .order_by("-applications_close_at")
        .first(),
    }
    return render(request, "mentees/closed.html", context)


@require_safe
def apply_sent(request: HttpRequest) -> HttpResponse:
    """The same page for every form that was sent, for known and unknown addresses (promise P3)."""
    now = now_of(request)
    candidates = list(
        Cohort.objects.filter(
            applications_open_at__lte=now, applications_close_at__gt=now - CONFIRMATION_GRACE
        )[:2]
    )
    # With two open windows only the mail can name the right deadline.
    until = (
        candidates[0].applications_close_at + CONFIRMATION_GRACE if len(candidates) == 1 else None
    )
    return render(request, "mentees/sent.html", {"until": until})


# ── one's own applications ───────────────────────────────────────────────────
def _mine(request: HttpRequest, pk: uuid.UUID) -> Application:
    """An application of the signed-in person; 404 for any other (promise A1)."""
    return get_object_or_404(Application.objects.of(request.user).with_words(), pk=pk)


@login_required
@require_safe
def my_application(request: HttpRequest) -> HttpResponse:
    """The person's latest application, else how to apply."""
    latest = application_status.latest(request.user)
    if latest is None:
        open_cohort = Cohort.objects.open_for_applications(now_of(request)).first()
        return render(request, "mentees/me/none.html", {"cohort": open_cohort})
    return _show(request, latest)


@login_required
@require_safe
def my_application_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One application of the person: its state, the next step with its deadline, the answers."""
    return _show(request, _mine(request, pk))


def _show(request: HttpRequest, application: Application) -> HttpResponse:
    now = now_of(request)
    others = Application.objects.of(request.user).exclude(pk=application.pk)
    context = {
        "application": application,
        "application_data": questions.rows(application),
        "standing": application_status.standing(application, now),
        "steps": application_status.steps(application),
        "can_withdraw": application.TABLE.allows(application.state, "withdraw"),
        "can_undo": application.can_undo(now),
        "can_revise": application.can_revise(now),
        "talk_ahead": application.state == ApplicationState.INVITED
        and application.talk_at is not None
        and now < application.talk_at,
        "others": others.select_related("cohort").order_by("-sent_at"),
    }
    return render(request, "mentees/me/application.html", context)


@login_required
@require_POST
def confirm_application(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirms by being signed in: the sign-in code was sent to the same address as the link."""
    return _act(
        request,
        pk,
        actions.confirm,
        _("Your application is confirmed."),
        done_in=TO_DECIDE,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@saves_under_lock
def revise_application(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The questions with the person's answers, to be changed while applications are taken; later redirects to
    the application, which names a contact."""
    now = now_of(request)
    if request.method == "POST":
        lock_row(User, str(request.user.pk))  # its name may change: persons first (C4)
        lock_row(Application, str(pk))
    application = _mine(request, pk)
    begun = request.method == "POST" or kept_input.current() is not None
    if not begun and not application.can_revise(now):
        return redirect("my_application_detail", pk=application.pk)
    offer = vocabulary.offer()
    form = RevisionForm(*sent(request), offer=offer, application=application)
    if form.is_valid():
        try:
            actions.revise(
                application,
                by=Actor.person(request.user, "applicant"),
                now=now,
                application_data=form.application_data(),
            )
        except RuleViolation as violation:
            add_violation(form, violation)
        else:
            messages.success(request, _("Your answers have been saved."))
            return redirect("my_application_detail", pk=application.pk)
    context = {"form": form, "application": application, "offer": offer}
    status = 400 if form.errors else 200
    return render(request, "mentees/me/revise.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_application(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks once, then withdraws; can be undone for a while."""
    if request.method == "POST":
        return _act(
            request,
            pk,
            actions.withdraw,
            _("Your application has been withdrawn."),
            done_in=(ApplicationState.WITHDRAWN,),
        )
    application = _mine(request, pk)
    if not application.TABLE.allows(application.state, "withdraw"):
        return redirect("my_application_detail", pk=application.pk)
    return render(request, "mentees/me/withdraw.html", {"application": application})


@login_required
@require_POST
def undo_withdrawal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Undoes a withdrawal."""
    return _act(
        request,
        pk,
        actions.undo_withdrawal,
        _("Your application is active again."),
        done_in=TO_DECIDE,
    )


def _act(
    request: HttpRequest, pk: uuid.UUID, verb: Any, done: str, done_in: tuple[str, ...] = ()
) -> HttpResponse:
    """Carries out a verb on one's own application and shows it; a refusal is shown there. In the states of
    ``done_in`` the verb was carried out before: a repetition gets the same response (promise C8)."""
    application = _mine(request, pk)
    if application.state in done_in:
        messages.success(request, done)
        return redirect("my_application_detail", pk=application.pk)
    try:
        verb(application, by=Actor.person(request.user, "applicant"), now=now_of(request))
    except RuleViolation as violation:
        messages.error(request, str(violation))
    else:
        messages.success(request, done)
    return redirect("my_application_detail", pk=application.pk)
