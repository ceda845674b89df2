"""Pages of the embedded default only: the mailbox and the components."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.http import now_of
from matching.models import Tandem
from mentoring.devtools import demo
from mentoring.devtools.demo.look import second
from outbox import mailbox
from programme.look import look_of, style_sheet
from programme.models import Organisation

PER_PAGE = 50


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Every component of the user interface on one page, in the built-in look or, with ``?look=second``, in
    that of the demo's second university."""
    name = "second" if request.GET.get("look") == "second" else "first"
    organisation = _looks()[name]
    context = {
        "shown": name,
        "organisation": organisation,
        "look": look_of(organisation),
        "tandem": Tandem.objects.held().with_people().order_by("proposed_at").first(),
    }
    return render(request, "ui/style.html", context)


@require_safe
def style_sheet_of(request: HttpRequest, name: str) -> HttpResponse:
    """The colours of one of both looks."""
    if name not in _looks():
        raise Http404
    return HttpResponse(style_sheet(_looks()[name].inks), content_type="text/css")


def _looks() -> dict[str, Organisation]:
    return {"first": Organisation(), "second": Organisation(**second())}


@require_safe
@never_cache
def mails(request: HttpRequest) -> HttpResponse:
    """All mails, newest first; ``?to=`` filters by address. At the top the current codes of the demo's second
    factors."""
    to = request.GET.get("to", "").strip()[:254]
    page = Paginator(mailbox.finished_keys(to), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "operations/mails.html",
        {
            "page": page,
            "entries": mailbox.entries(page.object_list),
            "waiting": [] if to or page.number > 1 else mailbox.waiting(),
            "codes": demo.current_codes(),
            "to": to,
        },
    )


def _opened(request: HttpRequest, key: str) -> mailbox.Opened:
    found = mailbox.open_mail(key, now_of(request))
    if found is None:
        raise Http404
    return found


@require_safe
@never_cache
@csp_update({"frame-src": [SELF]})
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail: its HTML in a frame, text, headers and attachments."""
    return render(request, "operations/mail.html", {"key": key, "mail": _opened(request, key)})


# The one exception to promise P6: a mail has inline style, so its preview has a policy of its own that allows
# no script, loading or sending, and may be framed by the same origin only.
PREVIEW: dict[str, Any] = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@require_safe
@never_cache
@xframe_options_sameorigin
@csp(PREVIEW)
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML of a mail; its links open outside the frame."""
    html = _opened(request, key).html
    return HttpResponse(html.replace("<head>", '<head>\n<base target="_blank">', 1))


@require_safe
@never_cache
def mail_source(request: HttpRequest, key: str) -> HttpResponse:
    """The mail as it is sent by SMTP."""
    source = _opened(request, key).source
    return HttpResponse(source, content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def mail_part(request: HttpRequest, key: str, index: int) -> HttpResponse:
    """A file of the mail, always as a download."""
    parts = _opened(request, key).parts
    if index >= len(parts):
        raise Http404
    part = parts[index]
    return HttpResponse(
        part.content,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(True, part.filename) or "attachment"
        },
    )
