"""The public pages about mentors: the directory, and the form for people who would like to join."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from core import limits
from core.audit import Actor
from core.forms.sending import carry_out
from core.http import now_of, sent
from core.page_cache import cached_page
from core.paging import CappedPaginator
from mentors import actions
from mentors.forms import JoinForm
from mentors.models import Mentor
from programme.facts import current_cohort, facts
from programme.models import CareerField, Cohort

PER_PAGE = 24


@require_safe
@cached_page("field", "page")
def directory(request: HttpRequest) -> HttpResponse:
    """Mentors who agreed to be shown, by name; ``?field=`` a career field's code, ``?page=``."""
    listed = Mentor.objects.listed()
    # Asked field by field until one mentor is found: a join would read the fields of every mentor.
    theirs = Mentor.career_fields.through.objects.filter(careerfield=OuterRef("pk"))
    theirs = theirs.filter(Exists(listed.filter(pk=OuterRef("mentor"))))
    fields = CareerField.objects.filter(Exists(theirs))
    chosen = next((one for one in fields if one.code == request.GET.get("field")), None)
    if chosen is not None:
        listed = listed.filter(career_fields=chosen)
    shown = listed.only("id", "name", "profession", "about").order_by("name", "pk")
    asked = request.GET.get("page")
    rows = shown.prefetch_related("career_fields", "topics")
    page = CappedPaginator(rows, PER_PAGE, shown=asked).get_page(asked)
    context = {
        "page": page,
        "fields": fields,
        "chosen": chosen,
        # while applications are open, the directory links to a wish for each of them
        "is_open": Cohort.objects.open_for_applications(now_of(request)).exists(),
    }
    return render(request, "mentors/directory.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@cached_page()
def join(request: HttpRequest) -> HttpResponse:
    """The form for people who would like to be mentors; the same response for every address (P3)."""
    form = JoinForm(*sent(request))
    status = carry_out(
        form,
        may_send=lambda: limits.may_write_to(
            request, form.cleaned_data["email"], form.cleaned_data["form_id"]
        ),
        verb=lambda: actions.note_interest_by_form(
            **form.cleaned_data,
            language=(get_language() or "de")[:2],
            by=Actor(None, "person"),
            now=now_of(request),
        ),
    )
    if status is None:
        return redirect("mentor_join_received")
    known = facts(current_cohort(now_of(request)), None)
    return render(request, "mentors/join.html", {"form": form, "facts": known}, status=status)


@require_safe
@cached_page()
def received(request: HttpRequest) -> HttpResponse:
    """The page after the form was sent, the same for everybody."""
    return render(request, "mentors/received.html")
