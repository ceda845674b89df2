"""Serving static files."""

from __future__ import annotations

from posixpath import normpath
from typing import Any

from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.http import HttpRequest
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, but for the list of all files that collectstatic lays among them: it is nobody's to read."""

    def __call__(self, request: HttpRequest) -> Any:
        """The file, else whatever comes next."""
        if normpath(request.path_info) == f"{self.static_prefix}{ManifestFilesMixin.manifest_name}":
            return self.get_response(request)
        return super().__call__(request)
