"""Pages kept for visitors: they change at once with all they show, and hold nothing of one visitor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg2
import pytest
import time_machine
from django.apps import apps
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from core import page_cache
from core.audit.models import AppendOnly, AuditEvent
from mentors import actions as mentors
from mentors.models import Mentor
from programme import actions as programme
from programme.models import Cohort, ConsentNotice, PageText
from tests import factories as make
from tests.corpus.pages import Page
from tests.races.harness import Ground
from tests.workshops import helpers
from workshops import actions as workshops
from workshops.models import Registration, Session, Workshop

pytestmark = pytest.mark.django_db
BY = make.SYSTEM
TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"')
# What a page shows when nobody is signed in, by the name of its address.
FORMS = ("/contact/", "/mentors/join/", "/apply/")
# What differs between two visitors of one page.
OWN = re.compile(
    rb'name="(csrfmiddlewaretoken|form-seal)" value="[^"]*"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
)
ARGUMENTS: dict[str, dict[str, str]] = {"workshop": {"slug": "kept"}}


@pytest.fixture(autouse=True)
def _kept_inside_a_test_too(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Iterator[None]:
    """A test's own transaction is the one in which nothing would be kept."""
    monkeypatch.setattr(page_cache, "_present", page_cache._reading.get)
    with time_machine.travel(now, tick=False):
        yield


def addresses() -> list[str]:
    """Every address whose page is kept, found by the mark of its view."""

    def walk(patterns: list[Any]) -> Iterator[str]:
        for one in patterns:
            if not isinstance(one, URLPattern):
                yield from walk(one.url_patterns)
            elif getattr(one.callback, "is_cached_page", False):
                yield reverse(one.name, kwargs=ARGUMENTS.get(one.name))

    return list(walk(get_resolver().url_patterns))


class Site:
    """One object of every kind that the pages show, a visitor and a coordinator."""

    def __init__(self, desk: Client, now: datetime) -> None:
        self.desk, self.now = desk, now
        self.visitor = Client(headers={"Accept-Language": "en"})
        self.office, self.cohort = make.organisation(), make.cohort()
        make.notice()
        self.text = PageText.objects.create(
            page="about-mentors", title_de="A", title_en="A", body_de="A", body_en="A"
        )
        self.subject, self.degree = make.subject("acting", may_apply=False), make.degree()
        self.language = make.language("fr")
        self.field, self.topic = make.career_field("opera"), make.topic("fees")
        self.mentor, self.other = self.listed("Zeigt Sich"), self.listed("Zeigt Sich Noch")
        self.workshop = helpers.workshop(1, slug="kept", title="Kept")

    def listed(self, name: str) -> Mentor:
        """A mentor in the directory."""
        mentor = make.mentor(name=name, public=True)
        mentor.career_fields.add(self.field)
        mentor.topics.add(self.topic)
        return mentor

    def see(self, path: str) -> bytes:
        """The page as the visitor reads it."""
        answer = self.visitor.get(path)
        assert answer.status_code == 200, path
        return answer.content

    def is_kept(self, path: str) -> bool:
        """Whether the visitor's page needs one query only, for the version."""
        with CaptureQueriesContext(connection) as asked:
            self.see(path)
        return len(asked) == 1 and "MAX(id)" in asked[0]["sql"]

    # ── how things change ────────────────────────────────────────────────────
    def admin(self, obj: Any, *rest: str, **values: Any) -> None:
        """A coordinator opens a page of the object, changes what its form sends, and saves."""
        path = "/".join(("/admin", *obj._meta.label_lower.split("."), *rest, ""))
        form = Page(self.desk.get(path).content.decode()).form_to(path, path)
        answer = self.desk.post(path, form.data() | values)
        assert answer.status_code == 302, answer.content.decode()[-6000:]

    def change(self, obj: Any, **values: Any) -> None:
        """Saves the admin page of the object."""
        self.admin(obj, str(obj.pk), "change", **values)

    def enter(self, obj: Any, **values: Any) -> None:
        """Sets the values and saves by the verb for models without rules of their own."""
        for name, value in values.items():
            setattr(obj, name, value)
        programme.save_entered(obj, by=BY, now=self.now, fields=list(values))

    def office_by_verb(self, email: str, phone: str) -> None:
        self.office.office_phone = phone
        programme.save_organisation(
            self.office, office_email=email, by=BY, now=self.now, fields=["office_phone"]
        )

    def mentor_by_verb(self, **values: Any) -> None:
        mentors.change_mentor(self.mentor, by=BY, now=self.now, values=values)

    def text_by_verb(self) -> None:
        self.text.title_en = "By verb"
        programme.replace_text(self.text, by=BY, now=self.now, fields=["title_en"])

    def notice_by_verb(self) -> None:
        fresh = {"text_de": "v", "text_en": "By verb", "valid_from": self.now}
        programme.enter_notice(
            ConsentNotice(purpose="application", version="2", **fresh), by=BY, now=self.now
        )

    def cohort_by_verb(self) -> None:
        self.cohort.note_en = "By verb"
        programme.change_cohort(self.cohort, by=BY, now=self.now, fields=["note_en"])

    def workshop_by_verb(self, **values: Any) -> None:
        workshops.change_workshop(
            Workshop.objects.get(), by=BY, now=self.now, **{"values": {}, **values}
        )

    def sessions_by_verb(self) -> None:
        held, day = Session.objects.get(), timedelta(days=1)
        moved = workshops.PlannedSession(held.starts_at + day, held.ends_at + day, held.pk)
        self.workshop_by_verb(sessions=[moved])

    def moved_by_admin(self) -> None:
        day = {"sessions-0-starts_at_0": "2026-12-01", "sessions-0-ends_at_0": "2026-12-01"}
        self.change(self.workshop, **day)


# Per table that the pages read: a page that shows it, and what changes it there, by a verb and in the admin.
CHANGES: dict[str, tuple[str, list[Callable[[Site], Any]]]] = {
    "programme_organisation": (
        "/",
        [
            lambda site: site.office_by_verb("mentoring@hochschule.example", "+49 1"),
            lambda site: site.change(site.office, office_phone="+49 2"),
        ],
    ),
    "accounts_user": (
        "/",
        [
            lambda site: site.office_by_verb("zwei@haus.example", "+49 2"),
            lambda site: site.change(site.office, office_email="drei@haus.example"),
        ],
    ),
    "programme_cohort": (
        "/",
        [Site.cohort_by_verb, lambda site: site.change(site.cohort, note_en="By admin")],
    ),
    "programme_pagetext": (
        "/about/mentors/",
        [Site.text_by_verb, lambda site: site.change(site.text, title_en="By admin")],
    ),
    "programme_studysubject": (
        "/",
        [
            lambda site: site.enter(site.subject, name_en="By verb"),
            lambda site: site.change(site.subject, name_en="By admin"),
        ],
    ),
    "programme_subjectgroup": (
        "/apply/",
        [
            lambda site: site.enter(site.subject.group, name_en="By verb"),
            lambda site: site.change(site.subject.group, name_en="By admin"),
        ],
    ),
    "programme_workinglanguage": (
        "/apply/",
        [
            lambda site: site.enter(site.language, name_en="By verb"),
            lambda site: site.change(site.language, name_en="By admin"),
        ],
    ),
    "programme_degree": (
        "/about/mentees/",
        [
            lambda site: site.enter(site.degree, name_en="By verb"),
            lambda site: site.change(site.degree, name_en="By admin"),
        ],
    ),
    "programme_careerfield": (
        "/mentors/",
        [
            lambda site: site.enter(site.field, name_en="By verb"),
            lambda site: site.change(site.field, name_en="By admin"),
        ],
    ),
    "programme_topic": (
        "/mentors/",
        [
            lambda site: site.enter(site.topic, name_en="By verb"),
            lambda site: site.change(site.topic, name_en="By admin"),
        ],
    ),
    "mentors_mentor": (
        "/mentors/",
        [
            lambda site: site.mentor_by_verb(profession="By verb"),
            lambda site: site.change(site.mentor, profession="By admin"),
        ],
    ),
    "mentors_mentor_career_fields": (
        "/mentors/?field=opera",
        [
            lambda site: site.mentor_by_verb(
                career_fields=[site.field, make.career_field("radio")]
            ),
            lambda site: site.change(site.mentor, career_fields=[make.career_field("choir").pk]),
        ],
    ),
    "mentors_mentor_topics": (
        "/mentors/",
        [
            lambda site: site.mentor_by_verb(topics=[make.topic("contracts")]),
            lambda site: site.change(site.mentor, topics=[make.topic("health").pk]),
        ],
    ),
    "programme_consent": (
        "/mentors/",
        [
            lambda site: mentors.withdraw_consent(site.other, by=BY, now=site.now),
            lambda site: site.admin(site.mentor, str(site.mentor.pk), "do", "withdraw-consent"),
        ],
    ),
    "programme_consentnotice": (
        "/privacy/",
        [
            Site.notice_by_verb,
            lambda site: site.admin(
                ConsentNotice,
                "add",
                purpose="mentor",
                version="2",
                valid_from_0="2026-09-01",
                valid_from_1="08:00",
                text_de="a",
                text_en="By admin",
            ),
        ],
    ),
    "workshops_workshop": (
        "/workshops/",
        [
            lambda site: site.workshop_by_verb(values={"title": "By verb"}),
            lambda site: site.change(site.workshop, title="By admin"),
        ],
    ),
    "workshops_session": ("/workshops/kept/", [Site.sessions_by_verb, Site.moved_by_admin]),
    "workshops_registration": (
        "/workshops/",
        [
            lambda site: helpers.join(site.workshop),
            lambda site: site.admin(
                Registration.objects.get(), str(Registration.objects.get().pk), "do", "cancel"
            ),
        ],
    ),
}


def _seen_after_each_change(site: Site) -> dict[str, list[bool]]:
    """Per table and change: whether the page, kept before, was a different one right after it."""
    found: dict[str, list[bool]] = {}
    for table, (path, changes) in CHANGES.items():
        found[table] = []
        for change in changes:
            before = OWN.sub(b"", site.see(path))
            assert site.is_kept(path), path
            change(site)
            found[table].append(OWN.sub(b"", site.see(path)) != before)
    return found


@pytest.fixture
def site(staff_client: Callable[[Any], Client], now: datetime) -> Site:
    desk = staff_client(make.coordinator())
    return Site(desk, now)


# ── one page for everybody, until something changes ──────────────────────────
def test_every_change_of_what_a_page_shows_is_seen_at_once(site: Site) -> None:
    """Of every table that any of these pages reads, so that a new one has to be entered in CHANGES."""
    assert {"/", "/mentors/", "/workshops/", "/workshops/kept/"} <= set(addresses())
    with CaptureQueriesContext(connection) as asked:
        for path in addresses():
            site.see(path)
    read = {table for one in asked for table in TABLE.findall(one["sql"])}
    known = {one._meta.db_table for one in apps.get_models(include_auto_created=True)}
    assert (read & known) - {AuditEvent._meta.db_table} == set(CHANGES)
    assert [path for path in addresses() if not site.is_kept(path)] == []
    seen = _seen_after_each_change(site)
    assert {table: both for table, both in seen.items() if not all(both)} == {}


def test_control_a_version_that_stands_still_shows_old_pages(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = site.see("/workshops/")
    monkeypatch.setattr(AppendOnly, "newest", lambda self: 0)
    caches["shared"].clear()
    site.see("/workshops/")
    site.workshop_by_verb(values={"title": "By verb"})
    assert site.see("/workshops/") == before


def test_a_page_changes_with_the_minute(site: Site, now: datetime) -> None:
    """For what happens by time alone: a deadline passes, a workshop begins."""
    Cohort.objects.update(applications_close_at=now + timedelta(minutes=1))
    assert b"start-application" in site.see("/")
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        assert b"start-application" not in site.see("/")


def test_each_language_and_address_has_a_page_of_its_own(site: Site) -> None:
    german = Client(headers={"Accept-Language": "de"})
    for path in ("/mentors/", "/mentors/?field=opera", "/mentors/?field=", "/workshops/?page=1"):
        assert site.see(path) == site.see(path)
        assert site.is_kept(path)
        assert b'<html lang="de"' in german.get(path).content
        assert b'<html lang="en"' in site.see(path)
    for path in ("/mentors/?x=1", "/?page=2", "/mentors/?field=" + "x" * 200):
        site.see(path)
        assert not site.is_kept(path)


def test_a_prefix_that_a_request_claims_puts_no_page_under_the_address_of_another(
    site: Site,
) -> None:
    right = site.see("/workshops/")
    caches["shared"].clear()
    claimed = site.visitor.get("/", SCRIPT_NAME="/workshops")
    assert (claimed.status_code, claimed.wsgi_request.get_full_path()) == (200, "/workshops/")
    assert site.see("/workshops/") == right


def test_only_html_is_kept(now: datetime) -> None:
    """A kept body is sent as HTML."""

    def calendar(request: HttpRequest) -> HttpResponse:
        return HttpResponse("BEGIN:VCALENDAR", headers={"Content-Type": "text/calendar"})

    request: Any = RequestFactory().get("/")
    request.session, request._messages = SessionBase(), CookieStorage(request)
    for _twice in range(2):
        with page_cache.reading(request, now):
            answer = page_cache.cached_page()(calendar)(request)
        assert answer.headers["Content-Type"] == "text/calendar"


def test_p6_a_kept_page_has_the_headers_of_a_fresh_one(site: Site) -> None:
    for path in addresses():
        caches["shared"].clear()
        fresh, kept, head = site.visitor.get(path), site.visitor.get(path), site.visitor.head(path)
        assert dict(fresh.headers) == dict(kept.headers) == dict(head.headers)
        assert fresh.cookies.keys() == kept.cookies.keys()
        assert OWN.sub(b"", fresh.content) == OWN.sub(b"", kept.content)
        assert head.content == b""


def test_p5_a_kept_page_without_a_form_sets_no_cookie(site: Site) -> None:
    for path in set(addresses()) - set(FORMS):
        site.see(path)
        assert not Client().get(path).cookies, path


def test_p7_each_visitor_of_a_kept_form_has_a_token_and_an_id_of_their_own(site: Site) -> None:
    """Whoever was first, whose page is kept, too. Each token sends the form."""
    assert {one for one in addresses() if b"csrfmiddlewaretoken" in site.see(one)} == set(FORMS)
    caches["shared"].clear()
    for path in FORMS:
        visitors = [Client(enforce_csrf_checks=True) for _one in range(3)]
        forms = [Page(one.get(path).content.decode()).form_to(path, path) for one in visitors]
        tokens = [one.data()["csrfmiddlewaretoken"][0] for one in forms]
        assert len(set(tokens)) == len({one.cookies["csrf"].value for one in visitors}) == 3
        assert len({one.data()["form_id"][0] for one in forms}) == 3
        for visitor, form in zip(visitors, forms, strict=True):
            assert visitor.post(path, form.data()).status_code == 400  # nothing is filled in
        stranger = Client(enforce_csrf_checks=True)
        stranger.get(path)
        foreign = form.data() | {"csrfmiddlewaretoken": tokens[0]}
        assert stranger.post(path, foreign).status_code == 403


def test_p7_control_a_page_with_a_token_that_was_not_announced_is_not_kept(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_cache, "is_for_this_visitor", lambda token: None)
    site.see("/contact/")
    assert not [key for key in caches["shared"]._cache if "/contact/" in key]


def test_what_is_no_page_is_not_kept(site: Site) -> None:
    for path in ("/workshops/none/", "/none/"):
        assert site.visitor.get(path).status_code == 404
    assert not [key for key in caches["shared"]._cache if "none" in key]


def test_a1_whoever_is_signed_in_neither_fills_nor_gets_a_kept_page(
    site: Site, client: Client
) -> None:
    person = helpers.mentee("Mara Vogel")
    signed_in = Client(headers={"Accept-Language": "en"})
    signed_in.force_login(person)
    for path in addresses():
        caches["shared"].clear()
        own = signed_in.get(path).content
        assert b"/account/logout/" in own
        assert b"/account/logout/" not in site.see(path)
        assert b"/account/logout/" in signed_in.get(path).content


def test_a_message_is_shown_once_and_to_its_visitor_alone(site: Site) -> None:
    """A message waits for visitors in a cookie, without a session."""
    site.see("/mentors/")
    waiting, answer = CookieStorage(RequestFactory().get("/")), HttpResponse()
    waiting.add(messages.INFO, "Only for you")
    waiting.update(answer)
    told = Client(headers={"Accept-Language": "en"})
    told.cookies["messages"] = answer.cookies["messages"].value
    assert b"Only for you" in told.get("/mentors/").content
    assert b"Only for you" not in told.get("/mentors/").content
    assert b"Only for you" not in site.see("/mentors/")


def test_what_was_kept_from_a_form_is_shown_only_where_it_was_written(site: Site) -> None:
    site.see("/mentors/")
    assert site.is_kept("/mentors/")
    writing = Client(headers={"Accept-Language": "en"})
    writing.cookies["kept"] = "x" * 32
    with CaptureQueriesContext(connection) as asked:
        writing.get("/mentors/")
    assert len(asked) > 1  # made for this browser


def test_inside_a_transaction_nothing_is_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    caches["shared"].clear()
    site.see("/")
    assert not caches["shared"]._cache


def seen_late(guarded: bool) -> list[bool]:
    """Runs on a PostgreSQL ground: whether a visitor sees a change while its transaction is open, and once it
    is committed, after an event with a higher number."""
    now = timezone.now()
    helpers.workshop(title="Kept", starts_at=now + timedelta(days=7))
    late = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    with late.cursor() as cursor:
        cursor.execute("UPDATE workshops_workshop SET title = 'Late'")
        cursor.execute(
            "INSERT INTO audit_auditevent (at, actor_role, object_type, object_id, verb, fields,"
            " \"values\", request_id) VALUES (now(), 'system', 'x', '1', 'change', '[]', '{}',"
            " gen_random_uuid())"
        )
    programme.save_entered(make.topic("fees"), by=BY, now=now, fields=["name_en"])
    visitor, seen = Client(), []
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(now, tick=False):
        if not guarded:
            patch.setattr(AppendOnly, "is_being_written", lambda self: False)
        seen.append(b"Late" in visitor.get("/workshops/").content)
        late.commit()
        late.close()
        seen.append(b"Late" in visitor.get("/workshops/").content)
    assert any("/workshops/" in key for key in caches["shared"]._cache)
    return seen


@pytest.mark.postgres
def test_nothing_is_kept_while_an_event_with_a_lower_number_is_not_committed() -> None:
    """On PostgreSQL numbers are given when events are written, and seen when they are committed. The control
    keeps what it read meanwhile."""
    for guarded in (True, False):
        with Ground("postgres") as ground:
            seen = ground.call("tests.public.test_page_cache:seen_late", guarded=guarded)
        assert seen == [False, guarded]
