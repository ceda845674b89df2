"""What a view takes from a request: the time at which it arrived, and what was posted with it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict


def now_of(request: HttpRequest) -> datetime:
    """The time at which the request arrived, in UTC; everything in the request uses it (promise S12)."""
    return cast(datetime, request.now)  # type: ignore[attr-defined]


class Sent(NamedTuple):
    """What a form is bound to: the first two arguments of every form, both None where nothing was posted."""

    data: QueryDict | None = None
    files: MultiValueDict[str, UploadedFile] | None = None

    def get(self, name: str) -> str:
        """The entry of this name, "" for none."""
        return str(self.data.get(name, "")) if self.data is not None else ""


UNSENT = Sent()


def sent(request: HttpRequest) -> Sent:
    """What was posted, files included; nothing for another method. ::

    form = ContactForm(*sent(request))
    """
    return Sent(request.POST, request.FILES) if request.method == "POST" else UNSENT
