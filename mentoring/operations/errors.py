"""The error pages."""

from __future__ import annotations

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from redis.exceptions import RedisError

from core import kept_input


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400"""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for what exists and is not this person's."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; uses neither the database nor the session.

    503 where the shared cache is unavailable: the sign-in has no limits then, so nobody can sign in until it
    is back (promise P1); the page asks to try again in a minute.
    """
    if isinstance(sys.exception(), RedisError):
        page = loader.get_template("503.html").render({})
        return HttpResponse(page, status=503, headers={"Retry-After": "60"})
    return HttpResponse(loader.get_template("500.html").render({}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    """403 with a link back to the same page, where the form is shown again (promise L7) with its entries, if
    the browser says that the request came from this site (C11)."""
    sent = kept_input.opened(request)
    context = {
        "again": sent.page if sent else request.path,
        "kept": kept_input.keep(request, refused=True),
    }
    return render(request, "403_csrf.html", context, status=403)
