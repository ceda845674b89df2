"""Headers, hosts, redirects and languages: what stands on every response."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from core.audit.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db
PATHS = [
    "/health/live",
    "/account/login/",
    "/static/ui/site.css",
    "/gibt-es-nicht/",
    "/l/" + "x" * 43 + "/",
    "/dev/style/",
    "/admin/",
]
REDIRECTS = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example%2f..",
    "/%0d%0aLocation: https://evil.example",
    "//localhost@evil.example",
    "https://localhost@evil.example/",
    "/\t/evil.example",
    "\t//evil.example",
    "http:\\\\evil.example",
    "//[::1]@evil.example",
    "////evil.example/%2e%2e",
    "https://evil.example#localhost",
    "https://evil.example?localhost",
    "ftp://evil.example",
    "//evil。example",
    "/\x00/evil.example",
    "mailto:x@evil.example",
]


# the whole of it, word for word, as promise P6 has it
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}


@pytest.mark.parametrize("path", PATHS)
def test_p6_every_response_carries_the_whole_policy(client: Client, path: str) -> None:
    response = client.get(path)
    parts = response["Content-Security-Policy"].split("; ")
    assert dict(part.split(" ", 1) for part in parts) == POLICY
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_p7_a_foreign_host_is_refused(client: Client) -> None:
    assert client.get("/account/login/", HTTP_HOST="evil.example").status_code == 400


def test_p7_a_forwarded_host_changes_nothing(client: Client) -> None:
    response = client.get("/admin/", HTTP_X_FORWARDED_HOST="evil.example")
    assert "evil" not in response["Location"]


def _name(target: str) -> str:
    """A name for the test without “::”, which the spreading over processes takes for the end of a module:
    the one test would run apart from its module, among tests that take the database away."""
    return ascii(target).replace("::", ":")


@pytest.mark.parametrize("target", REDIRECTS, ids=_name)
def test_p7_no_next_leaves_the_house(client: Client, target: str) -> None:
    user = factories.coordinator()
    user.set_password("drei Takte Pause bitte")
    user.save()
    response = client.post(
        f"/account/login/?next={target}",
        {"login": user.email, "password": "drei Takte Pause bitte", "next": target},
    )
    assert response.status_code == 302
    assert response["Location"].startswith("/")
    assert not response["Location"].startswith(("//", "/\\"))


@pytest.mark.parametrize("target", REDIRECTS, ids=_name)
def test_p7_the_saved_language_leads_nowhere_else(client: Client, target: str) -> None:
    answer = client.post("/language/", {"lang": "en", "next": target})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "path", ["//evil.example/", "///evil.example/", "/\\evil.example/", "//evil.example"], ids=_name
)
def test_p7_the_language_switch_stays_in_the_house(client: Client, path: str) -> None:
    """The path as it comes over the wire: the test client would take the host out of it."""
    response = client.get("/", {"lang": "en"}, PATH_INFO=path)
    assert response.status_code == 302
    assert "evil.example" in response["Location"]
    assert not response["Location"].startswith(("//", "/\\", "http"))


def test_p5_a_fresh_visit_to_a_content_page_sets_no_cookie(client: Client) -> None:
    client.get("/gibt-es-nicht/")
    client.get("/health/live")
    assert not client.cookies


def test_the_language_is_the_cookies_then_the_browsers_then_german(client: Client) -> None:
    def said(**headers: str) -> str:
        return client.get("/account/login/", headers=headers)["Content-Language"]

    assert said() == "de"
    assert said(**{"accept-language": "fr-FR,fr;q=0.9"}) == "de"
    assert said(**{"accept-language": "fr, en-GB;q=0.8, de;q=0.5"}) == "en"
    response = client.get("/account/login/?lang=en&next=/me/")
    assert response["Location"] == "/account/login/?next=%2Fme%2F"
    assert response.cookies["django_language"].value == "en"
    assert said(**{"accept-language": "de"}) == "en"


def test_without_a_cookie_a_persons_saved_choice_of_language_comes_before_the_browsers(
    client: Client,
) -> None:
    user = factories.person(language="en")
    client.force_login(user)

    def said() -> str:
        return client.get("/me/", headers={"accept-language": "de"})["Content-Language"]

    assert said() == "en"
    client.get("/me/?lang=de")  # this browser alone
    assert said() == "de"
    user.refresh_from_db()
    assert user.language == "en"


def test_who_is_signed_in_saves_the_language_by_the_switch_of_every_page(client: Client) -> None:
    user = factories.person(language="de")
    client.force_login(user)
    page = client.get("/workshops/?view=all").content.decode()
    assert 'action="/language/"' in page
    assert 'name="next" value="/workshops/?view=all"' in page
    answer = client.post("/language/", {"lang": "en", "next": "/workshops/?view=all"})
    assert answer["Location"] == "/workshops/?view=all"
    user.refresh_from_db()
    assert user.language == "en"
    assert client.get("/me/")["Content-Language"] == "en"
    client.post("/language/", {"lang": "en", "next": "/"})
    [event] = AuditEvent.objects.of(user)
    assert (event.verb, event.fields, event.actor_id) == ("change", ["language"], user.pk)


def test_the_language_switch_changes_nothing_by_a_link_or_for_a_stranger(client: Client) -> None:
    user = factories.person(language="de")
    client.force_login(user)
    assert client.get("/language/?next=/&lang=en", follow=True).status_code == 405
    assert client.post("/language/", {"lang": "fr"}).status_code == 400
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(user)
    assert forged.post("/language/", {"lang": "en"}).status_code == 403
    user.refresh_from_db()
    assert user.language == "de"


def test_l7_pages_behind_links_are_not_kept(client: Client) -> None:
    user = factories.person(is_staff=True)
    from django.utils import timezone

    from core.links import actions as links

    link = links.issue("staff-invitation", user, user, now=timezone.now())
    response = client.get(f"/l/{links.token_of(link)}/")
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_a_failed_csrf_check_offers_the_page_again() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/account/login/", {"login": "a@example.org", "password": "x"})
    assert response.status_code == 403
    assert "/account/login/" in response.content.decode()


def test_the_installed_bootstrap_is_the_one_we_looked_at() -> None:
    prefix, folder = settings.STATICFILES_DIRS[1]
    assert prefix == "bootstrap"
    digests = {
        name: hashlib.sha256((Path(folder) / "css" / name).read_bytes()).hexdigest()
        for name in ("bootstrap-reboot.min.css", "bootstrap-grid.min.css")
    }
    assert digests == {
        "bootstrap-reboot.min.css": "0b56cde507cfa4d5d219f71df2e2d0a9b14bd6f589583818b874fb026f0f47f7",
        "bootstrap-grid.min.css": "8d09c629f0198c538a1f46908e742b247d2b1398e95669c4a820ab3d65c92ffc",
    }
