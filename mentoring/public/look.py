"""What stands below ``/look/<version>/``: the organisation's colours, icons, manifest and pictures.

The version changes with the settings, so browsers keep these files for a year. A former version leads to the
present one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from accounts.languages import LANGUAGES
from core.voices.drawing import Scale, draw
from mentoring.public import pictures
from mentoring.public.bars import ENDINGS, PAGES, piece_of, span_of
from programme.facts import current_organisation
from programme.look import look_of, palette, style_sheet
from programme.models import Organisation

SIZES = (32, 180, 192, 512)  # pixels: browser tab, Apple's home screen, manifest
PROGRAMME = "Mentoring"  # until it is given a name
_YEAR = "public, max-age=31536000, immutable"
File = Callable[..., HttpResponse]


def _file(make: File) -> Callable[..., HttpResponse]:
    """The view of a file that is made from the organisation, which is its first argument."""

    @require_safe
    @wraps(make)
    def view(request: HttpRequest, version: str, **kwargs: Any) -> HttpResponse:
        organisation = current_organisation()
        present = look_of(organisation).version
        if version != present:
            name = request.resolver_match.view_name  # type: ignore[union-attr]
            return redirect(reverse(name, kwargs={"version": present, **kwargs}))
        response = make(organisation, **kwargs)
        response["Cache-Control"] = _YEAR
        return response

    return view


@_file
def style(organisation: Organisation | None) -> HttpResponse:
    """The organisation's colours."""
    return HttpResponse(style_sheet(look_of(organisation).inks), content_type="text/css")


@_file
def drawn_icon(organisation: Organisation | None) -> HttpResponse:
    """The mark as SVG."""
    inks = look_of(organisation).inks
    voices = "".join(
        f'<rect x="{left * 32:g}" y="{top * 32:g}" width="{(right - left) * 32:g}"'
        f' height="{(bottom - top) * 32:g}" fill="{colour}"/>'
        for (left, top, right, bottom), colour in zip(
            pictures.MARK, ("#fff", inks.second_ink), strict=True
        )
    )
    return HttpResponse(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" fill="{inks.ink}"/>{voices}</svg>',
        content_type="image/svg+xml",
    )


@_file
def icon(organisation: Organisation | None, size: int) -> HttpResponse:
    """The mark as PNG."""
    if size not in SIZES:
        raise Http404
    return HttpResponse(pictures.icon(look_of(organisation).inks, size), content_type="image/png")


@_file
def maskable_icon(organisation: Organisation | None) -> HttpResponse:
    """The mark with room for the masks of phones."""
    inks = look_of(organisation).inks
    return HttpResponse(pictures.icon(inks, SIZES[-1], maskable=True), content_type="image/png")


@_file
def manifest(organisation: Organisation | None, language: str) -> HttpResponse:
    """The web app manifest."""
    look, programme, name = look_of(organisation), *_names(organisation, language)
    icons = [
        {
            "src": reverse("look_icon", kwargs={"version": look.version, "size": size}),
            "sizes": f"{size}x{size}",
            "type": "image/png",
        }
        for size in SIZES[-2:]
    ]
    masked = reverse("look_maskable_icon", kwargs={"version": look.version})
    icons.append({**icons[-1], "src": masked, "purpose": "maskable"})
    content = {
        "name": f"{programme}, {name}" if name else programme,
        "short_name": programme,
        "lang": language,
        "start_url": "/",
        "scope": "/",
        "display": "browser",
        "theme_color": look.inks.ink,
        "background_color": palette(look.inks)[0]["paper"],
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@_file
def share(organisation: Organisation | None, page: str, language: str) -> HttpResponse:
    """The picture of a page, named as its address is; of one without bars that of the start page."""
    piece, inks = piece_of(organisation), look_of(organisation).inks
    bars = None
    if piece is not None:
        span = span_of(page if page in PAGES or page in ENDINGS else "start", piece)
        bars = draw(piece, *span, Scale(semitone=1, head=1)) if span else None
    picture = pictures.share(
        inks, palette(inks)[0]["on-cover-soft"], *_names(organisation, language), bars
    )
    return HttpResponse(picture, content_type="image/png")


def _names(organisation: Organisation | None, language: str) -> tuple[str, str]:
    """The names of the programme and of the organisation."""
    if language not in LANGUAGES:
        raise Http404
    if organisation is None:
        return PROGRAMME, ""
    with translation.override(language):
        return organisation.programme_name or PROGRAMME, organisation.name
