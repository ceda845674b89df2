"""What stands below /look/, and what each public page says of itself where it is shared."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from PIL import Image

from mentoring.devtools.demo.look import second
from programme.look import look_of
from programme.models import Organisation
from tests import factories as make
from tests.conftest import NOW

META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')
LINK = re.compile(r'<link rel="([^"]+)" href="([^"]+)"')
PAGES = [
    "/",
    "/about/mentees/",
    "/about/mentors/",
    "/about/matching/",
    "/apply/",
    "/mentors/",
    "/mentors/join/",
    "/workshops/",
    "/contact/",
    "/imprint/",
    "/privacy/",
    "/accessibility/",
]


@pytest.fixture
def another(db: None) -> Organisation:
    """A university with a look of its own, and a cohort that takes applications."""
    Organisation.objects.filter(pk=make.organisation().pk).update(**second())
    make.cohort()
    make.notice()
    return Organisation.objects.get()


def test_every_public_page_says_what_it_is(client: Client, another: Organisation, clock: object):
    workshop = make.workshop(published_at=NOW)
    titles = set()
    for path in [*PAGES, f"/workshops/{workshop.slug}/"]:
        answer = client.get(path, headers={"accept-language": "de"})
        page = answer.content.decode()
        meta, links = dict(META.findall(page)), dict(LINK.findall(page))
        titles.add(meta.get("og:title", path))
        assert meta.get("og:site_name") == "Zweiklang, Hochschule der Künste am Hafen", path
        assert meta.get("og:description") == meta.get("description"), path
        assert links["canonical"] == meta["og:url"] == settings.BASE_URL + path
        assert meta["og:image"].startswith(f"{settings.BASE_URL}/look/{look_of(another).version}/")
        picture = client.get(meta["og:image"].removeprefix(settings.BASE_URL))
        assert Image.open(BytesIO(picture.content)).size == (1200, 630)
    assert len(titles) == len(PAGES) + 1


def test_pages_have_different_pictures_that_are_drawn_once(client: Client, another, monkeypatch):
    args = {"version": look_of(another).version, "language": "de"}
    addresses = [
        reverse("look_share", kwargs={**args, "page": page}) for page in ("start", "imprint")
    ]
    one, other = (client.get(address).content for address in addresses)
    assert one != other
    monkeypatch.setattr(Image, "new", None)
    assert client.get(addresses[0]).content == one


def test_pages_of_all_kinds_have_the_look(client: Client, another: Organisation, staff_client):
    version = look_of(another).version
    desk = staff_client(make.person(is_staff=True, is_superuser=True))
    for page in (
        client.get("/"),
        client.get("/nowhere/"),
        desk.get("/admin/programme/organisation/"),
    ):
        found = dict(re.findall(r'<link rel="(\S+)" href="(/look/[^"]+)"', page.content.decode()))
        assert found["stylesheet"] == f"/look/{version}/style.css"
        for address in found.values():
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_built_in_look_needs_no_style_sheet_of_its_own(client: Client, db: None):
    for enter in (lambda: None, make.organisation):
        organisation = enter()
        caches["shared"].clear()  # no verb has entered it
        page = client.get("/contact/").content.decode()
        assert "style.css" not in page
        assert f"/look/{look_of(organisation).version}/icon.svg" in page
        assert client.get(f"/look/{look_of(organisation).version}/start.de.png").status_code == 200


def test_icons_and_manifest_are_the_organisation_s(client: Client, another: Organisation):
    base = f"/look/{look_of(another).version}/"
    manifest = client.get(f"{base}manifest.en.webmanifest").json()
    assert manifest["name"] == "Zweiklang, Harbour University of the Arts"
    assert manifest["theme_color"] == another.ink
    for icon in manifest["icons"]:
        picture = Image.open(BytesIO(client.get(icon["src"]).content)).convert("RGB")
        assert icon["sizes"] == "{}x{}".format(*picture.size)
        assert picture.getpixel((0, 0)) == (0x0B, 0x3D, 0x4A)
    drawn = client.get(f"{base}icon.svg").content.decode()
    assert another.ink in drawn
    assert another.second_ink in drawn
    assert client.get(f"{base}icon-33.png").status_code == 404
    assert client.get(f"{base}start.xx.png").status_code == 404


def test_a_former_version_leads_to_the_present_one(client: Client, another: Organisation):
    answer = client.get("/look/former/icon-32.png")
    assert answer["Location"] == f"/look/{look_of(another).version}/icon-32.png"
    assert "max-age" not in answer.get("Cache-Control", "")


def test_what_is_the_same_for_all_may_be_kept_by_who_is_signed_in(staff_client, another):
    desk = staff_client(make.person(is_staff=True, is_superuser=True))
    answer = desk.get(f"/look/{look_of(another).version}/style.css")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "--cover: #0b3d4a;" in answer.content.decode()
    assert "no-store" in desk.get("/")["Cache-Control"]
