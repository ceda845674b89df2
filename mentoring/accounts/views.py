"""Where people arrive after signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


@login_required
def arrive(request: HttpRequest) -> HttpResponse:
    """Staff to their desk, participants to their home."""
    return redirect("/admin/" if request.user.is_staff else "/me/")
