"""The participant's home: who this is about, what is theirs to do, how far things are."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from mentoring.home.page import compose


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One page for whatever part somebody takes: applicant, mentee, mentor, or nobody yet."""
    context: dict[str, Any] = compose(request.user, request.now)  # type: ignore[attr-defined,arg-type]
    if cue := context["cue"]:
        context["cue_body"] = render_to_string(cue.template, {**cue.context, "cue": cue}, request)
    return render(request, "home/home.html", context)
