"""All addresses: no language prefix; ``/dev/`` in the embedded default only."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("accounts.urls")),
    path("l/", include("core.links.urls")),
    path("health/", include("mentoring.operations.health_urls")),
    path("me/application/", include("mentees.me_urls")),
    path("me/tandem/", include("matching.urls")),
    path("me/meetings/", include("meetings.urls")),
    path("me/", include("mentoring.home.urls")),
    path("apply/", include("mentees.urls")),
    path("mentors/", include("mentors.urls")),
    path("workshops/", include("workshops.urls")),
    path("", include("mentoring.public.urls")),
]
if settings.EMBEDDED:
    urlpatterns += [path("dev/", include("mentoring.devtools.urls"))]

handler400 = "mentoring.operations.errors.bad_request"
handler403 = "mentoring.operations.errors.forbidden"
handler404 = "mentoring.operations.errors.not_found"
handler500 = "mentoring.operations.errors.server_error"
