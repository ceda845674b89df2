"""Serving static files."""

from __future__ import annotations

from posixpath import normpath
from typing import Any

from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.http import HttpRequest
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise without collectstatic's list of all files, which is not public."""

    def __call__(self, request: HttpRequest) -> Any:
        """The file, else the next application's response."""
        if normpath(request.path_info) == f"{self.static_prefix}{ManifestFilesMixin.manifest_name}":
            return self.get_response(request)
        return super().__call__(request)
