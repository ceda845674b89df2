"""Files that are sent: they reach forms and object actions, up to the limit of each route."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import path

from backoffice.object_actions import ObjectAction
from core.http import sent
from mentoring.urls import *  # noqa: F403 - the site's own pages and error pages
from mentoring.urls import urlpatterns as site
from mentors.admin import MentorAdmin
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
MEGA = 1_000_000
HERE = {"Origin": "http://testserver"}
PAGE = """{% include "ui/includes/messages.html" %}<form method="post"
{% if form.is_multipart %} enctype="multipart/form-data"{% endif %}>{% csrf_token %}{{ form }}</form>"""


class LetterForm(forms.Form):
    """A form with a file and words beside it."""

    body_limit = 5 * MEGA

    word = forms.CharField()
    file = forms.FileField()


def letter(request: HttpRequest) -> HttpResponse:
    form = LetterForm(*sent(request))
    if form.is_valid():
        file = form.cleaned_data["file"]
        on_disk = isinstance(file, TemporaryUploadedFile)
        return HttpResponse(f"{form.cleaned_data['word']} {file.size} {on_disk}")
    page = engines["django"].from_string(PAGE).render({"form": form}, request)
    return HttpResponse(page)


letter.body_limit = LetterForm.body_limit  # type: ignore[attr-defined]
urlpatterns = [path("letter/", letter), *site]


def of(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("brief.pdf", b"x" * size)


class Unread(io.BytesIO):
    """A body that nobody may begin to read."""

    def read(self, *size: Any) -> bytes:
        raise AssertionError("it is read")


def announced(client: Client, path: str, size: int, body: io.BytesIO) -> Any:
    """The answer to a form with files of this length, whose body may be another."""
    rest: Any = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": MULTIPART_CONTENT}
    return client.generic("POST", path, headers=HERE, **rest, **{"wsgi.input": body})


def test_a_file_reaches_the_form_and_a_large_one_lies_on_the_disk(client: Client) -> None:
    small = client.post("/letter/", {"word": "klein", "file": of(10)})
    large = client.post("/letter/", {"word": "groß", "file": of(4 * MEGA)})
    assert (small.content.decode(), large.content.decode()) == (
        "klein 10 False",
        f"groß {4 * MEGA} True",
    )
    assert 'enctype="multipart/form-data"' in client.get("/letter/").content.decode()


def test_c11_a_file_above_the_limit_is_a_calm_page_and_the_words_beside_it_stay(
    client: Client,
) -> None:
    page = client.get("/letter/").content.decode()
    [seal] = re.findall(r'name="form-seal" value="([^"]+)"', page)
    data = {"form-seal": seal, "word": "Nur Geduld", "file": of(6 * MEGA)}
    answer = client.post("/letter/", data, headers=HERE)
    said = answer.content.decode()
    assert (answer.status_code, answer.headers["Content-Language"]) == (413, "de")
    assert "bis zu 4,8\xa0MB" in said
    assert 'href="/letter/"' in said
    again = client.get("/letter/").content.decode()
    assert 'value="Nur Geduld"' in again
    assert "Die Datei, die Sie gewählt hatten" in again
    # from another site nothing is kept, and of what is far too large nothing is read
    assert "Wir heben es 30 Minuten" not in client.post("/letter/", data).content.decode()
    assert announced(client, "/letter/", 90 * MEGA, Unread()).status_code == 413


def test_a_route_without_a_limit_of_its_own_takes_no_more_than_before(client: Client) -> None:
    assert client.post("/contact/", {"name": "Leyla", "file": of(3 * MEGA)}).status_code == 413
    many = client.post("/letter/", {"word": "x" * 3 * MEGA, "file": of(1)})
    assert many.status_code == 400  # the larger limit is for files, not for words


def test_whoever_wrote_too_much_is_not_told_of_a_file(client: Client) -> None:
    plain = "application/x-www-form-urlencoded"
    page = client.post("/contact/", b"message=" + b"x" * 3 * MEGA, content_type=plain)
    said = page.content.decode()
    assert page.status_code == 413
    assert "Datei" not in said
    assert "Bitte schreiben Sie dort weniger." in said


def test_of_a_body_above_the_limit_of_a_page_without_files_nothing_is_read(client: Client) -> None:
    """Whoever sends it slowly would occupy a thread for an hour."""
    assert announced(client, "/contact/", 3 * MEGA, Unread()).status_code == 413


def test_p2_whoever_may_not_enter_the_admin_sends_no_larger_body_than_anybody_else(
    client: Client,
) -> None:
    for url in ("/admin/", "/admin/mentors/mentor/add/", "/admin/none/"):
        assert client.post(url, {"file": of(3 * MEGA)}).status_code == 413, url
        assert client.post(url, {"file": of(10)}).status_code == 302, url


def test_a_form_with_a_file_that_ended_early_is_refused(client: Client) -> None:
    whole = encode_multipart(BOUNDARY, {"word": "halb", "file": of(1000)})

    for url in ("/letter/", "/contact/"):
        broken = announced(client, url, len(whole), io.BytesIO(whole[:-300]))
        assert broken.status_code == 400
        assert "field-wrong" not in broken.content.decode()  # no form was read


def test_a_file_reaches_an_object_action(
    staff_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    got: list[tuple[str, int]] = []

    def attach(obj: Any, *, by: Any, now: Any, word: str = "", file: Any = None) -> None:
        if file:  # not for the preview of the mails
            got.append((word, file.size))

    offered = ObjectAction(
        attach,
        form=LetterForm,
        label="Anhängen",
        possible=lambda obj: True,
        done="Angehängt an %(object)s.",
    )
    monkeypatch.setattr(
        MentorAdmin, "object_actions", {**MentorAdmin.object_actions, "attach": offered}
    )
    client = staff_client(factories.coordinator())
    url = f"/admin/mentors/mentor/{factories.mentor().pk}/do/attach/"
    assert 'enctype="multipart/form-data"' in client.get(url).content.decode()
    assert client.post(url, {"word": "Zeugnis", "file": of(4 * MEGA)}).status_code == 302
    assert got == [("Zeugnis", 4 * MEGA)]
    assert client.post(url, {"word": "Zeugnis", "file": of(6 * MEGA)}).status_code == 413
    other = url.replace("attach", "pause")  # declares no limit
    assert client.post(other, {"reason": "wish", "file": of(3 * MEGA)}).status_code == 413
