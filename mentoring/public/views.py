"""Start, information, contact and legal pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.languages import LANGUAGES, remember
from core import kept_input, limits
from core.forms.sending import carry_out
from core.http import now_of, sent
from core.page_cache import cached_page
from mentoring.public import actions
from mentoring.public.forms import ContactForm
from mentoring.public.schedule import steps_of
from mentors import quotations
from programme.facts import current_cohort, current_organisation, facts
from programme.models import ConsentNotice
from programme.texts import texts
from workshops.eligibility import eligibility_of
from workshops.models import Workshop
from workshops.pages import rows_of

WORKSHOPS_SHOWN = 3


@require_safe
@cached_page()
def start(request: HttpRequest) -> HttpResponse:
    """The start page: a link to apply while applications are open, the dates of the cohort, three mentors, who
    may apply, the next three workshops with a free place, a text for mentors."""
    now = now_of(request)
    cohort, organisation = current_cohort(now), current_organisation()
    known = facts(cohort, organisation, vocabulary=True)
    words = texts(("start", "start-tandem", "start-mentors"), known)
    upcoming = Workshop.objects.inviting(now).prefetch_related("sessions")
    context = {
        "organisation": organisation,
        "cohort": cohort,
        "is_open": cohort is not None and cohort.takes_applications(now),
        "opens_later": cohort is not None and cohort.applications_open_at > now,
        "steps": steps_of(cohort, known, now) if cohort else [],
        "people": quotations.on_start(cohort),
        "facts": known,
        "opening": words["start"],
        "tandem": words["start-tandem"],
        "mentors": words["start-mentors"],
        "rows": rows_of(upcoming[:WORKSHOPS_SHOWN], eligibility_of(request.user), {}, now),
    }
    return render(request, "public/start.html", context)


@require_safe
@cached_page()
def about(request: HttpRequest, page: str) -> HttpResponse:
    """One of the three pages about the programme, with the dates of the cohort and the words of a mentor
    beside it; ``page`` is its slug in ``texts.PAGES``."""
    now = now_of(request)
    cohort, organisation = current_cohort(now), current_organisation()
    known = facts(cohort, organisation, vocabulary=page == "about-mentees")
    steps = steps_of(cohort, known, now) if cohort else []
    context = {
        "organisation": organisation,
        "page": page,
        "text": texts((page,), known)[page],
        "steps": [one for one in steps if page == "about-mentees" or not one.to_get_in],
        "quotation": quotations.on_page(page, cohort),
        "is_open": cohort is not None and cohort.takes_applications(now),
        "cohort": cohort,
    }
    return render(request, "public/about.html", context)


@require_safe
@cached_page()
def legal(request: HttpRequest, page: str) -> HttpResponse:
    """Imprint, privacy and accessibility; the privacy page also shows the notices people agree to."""
    organisation = current_organisation()
    context: dict[str, Any] = {
        "organisation": organisation,
        "text": texts((page,), facts(None, organisation))[page],
    }
    if page == "privacy":
        context["notices"] = _current_notices(now_of(request))
    return render(request, "public/legal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@cached_page()
def contact(request: HttpRequest) -> HttpResponse:
    """The office's contact data and a message form. Entries are kept whatever goes wrong."""
    form = ContactForm(*sent(request))
    status = carry_out(
        form,
        may_send=lambda: _may_write(request, form.cleaned_data["email"]),
        verb=lambda: actions.send_message(**form.cleaned_data, now=now_of(request)),
    )
    if status is None:
        return redirect("contact_received")
    organisation = current_organisation()
    context = {
        "organisation": organisation,
        "form": form,
        "text": texts(("contact",), facts(None, organisation))["contact"],
    }
    return render(request, "public/contact.html", context, status=status)


def _may_write(request: HttpRequest, writer: str) -> bool:
    ten = limits.take_if_counted(
        "contact", limits.of_network(limits.sender(request), 10, limits.HOUR)
    )
    return ten is not None and limits.may_write_first(request, writer)


@require_safe
@cached_page()
def contact_received(request: HttpRequest) -> HttpResponse:
    """The page shown after a message was sent."""
    return render(request, "public/contact_received.html")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language switch of a signed-in person, stored for their mails too. Redirects to ``next``, or to the
    page of the form that was sent along."""
    wanted, back = request.POST.get("lang", ""), request.POST.get("next", "")
    if wanted not in LANGUAGES:
        raise BadRequest("no such language")
    if sent := kept_input.opened(request):  # with the form's entries
        back = sent.page
        kept_input.keep(request, switching=True)
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = "/"
    response = redirect(back)
    remember(request, response, wanted)
    return response


def _current_notices(now: datetime) -> list[ConsentNotice]:
    """The newest valid notice of each purpose."""
    newest: dict[str, ConsentNotice] = {}
    for notice in ConsentNotice.objects.filter(valid_from__lte=now).order_by("valid_from"):
        newest[notice.purpose] = notice
    return list(newest.values())
