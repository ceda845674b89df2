"""The whole journey with people made of canaries, and nets under everything that writes besides the tables.

Every name, address and free text of the journey holds the word ``kanari``; codes and tokens are noted as
they arise. ``walk()`` goes from application to cancellation over HTTP, and through everything that fails.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from core.audit import Actor
from core.audit.models import AuditEvent
from mentoring.operations.sweep import sweep
from outbox.models import OutgoingMail
from tests import factories
from tests.conftest import NOW
from tests.mentees.helpers import posted, vocabulary
from tests.outbox.conftest import parse
from tests.outbox.smtpd import Smtpd

WORD = "kanari"
STUDENT, MENTOR = "leyla.kanari@kanari.example", "henrike.kanari@kanari.example"
PASSWORD = "kanari drei Takte Pause bitte"
LINK = re.compile(r"/l/([\w-]{43})/")


@dataclass
class Net:
    """What was caught. ``secrets``: codes and tokens by what they are; ``naive``: what a log without our
    formatter would have said; ``addresses``: (path and query, Location, Referrer-Policy, Cache-Control) of
    every answer."""

    secrets: dict[str, str] = field(default_factory=dict)
    log: io.StringIO = field(default_factory=io.StringIO)
    naive: io.StringIO = field(default_factory=io.StringIO)
    messages: list[str] = field(default_factory=list)
    addresses: list[tuple[str, str, str, str]] = field(default_factory=list)
    audit: list[dict[str, Any]] = field(default_factory=list)
    unwritten: list[str] = field(default_factory=list)
    tables: str = ""

    def found_in(self, text: str) -> list[str]:
        """The canaries in a text, each with some of what stands around it."""
        hits = [text[max(0, m.start() - 80) : m.end() + 20] for m in re.finditer(WORD, text, re.I)]
        return hits + [f"{what}: {one}" for what, one in self.secrets.items() if one in text]


@contextlib.contextmanager
def listening(net: Net) -> Iterator[None]:
    """All loggers at all levels write into the net: by the handler of the site, and naively."""
    from mentoring.operations.logs import Formatter

    [handler] = [one for one in logging.root.handlers if isinstance(one.formatter, Formatter)]
    naive = logging.StreamHandler(net.naive)
    naive.setFormatter(logging.Formatter("%(name)s %(message)s"))
    loggers = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    levels = [(one, one.level, one.propagate) for one in (logging.root, *loggers)]
    stream = handler.setStream(net.log)  # type: ignore[attr-defined]
    logging.root.addHandler(naive)
    for one, _level, _propagate in levels:
        one.setLevel(1)
        one.propagate = True
    try:
        yield
    finally:
        logging.root.removeHandler(naive)
        handler.setStream(stream)  # type: ignore[attr-defined]
        for one, level, propagate in levels:
            one.setLevel(level)
            one.propagate = propagate


@contextlib.contextmanager
def committed() -> Iterator[None]:
    """What waits for the commit happens at the end."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        yield
    connection.run_on_commit.clear()


class Browser(Client):
    """A browser that notes where it was sent."""

    net: Net

    def __init__(self, net: Net, **options: Any) -> None:
        super().__init__(raise_request_exception=False, **options)
        self.net = net

    def request(self, **request: Any) -> Any:
        with committed():
            answer = super().request(**request)
        query = request.get("QUERY_STRING", "")
        self.net.addresses.append(
            (
                request["PATH_INFO"] + (f"?{query}" if query else ""),
                answer.headers.get("Location", ""),
                answer.headers.get("Referrer-Policy", ""),
                answer.headers.get("Cache-Control", ""),
            )
        )
        return answer


class Journey:
    """The people, their browsers and the folder their mails arrive in."""

    def __init__(self, net: Net, folder: Path) -> None:
        self.net, self.folder = net, folder
        self.student, self.office, self.link = Browser(net), Browser(net), Browser(net)

    def mail(self, kind: str) -> EmailMessage:
        """Sends what is due; the newest mail of a kind."""
        with committed():
            sweep(timezone.now())
        row = OutgoingMail.objects.filter(kind=kind, status="sent").latest("created_at")
        [path] = self.folder.glob(f"*{row.pk}.eml")
        return parse(path.read_bytes())

    def link_in(self, kind: str) -> str:
        """The personal link of the newest mail of a kind."""
        body = self.mail(kind).get_body(("plain",))
        assert body is not None
        match = LINK.search(str(body.get_content()))
        assert match, kind
        self.net.secrets[f"token of {kind}"] = match[1]
        return match[0]

    # ── the journey ──────────────────────────────────────────────────────────
    def apply(self) -> None:
        """An application, confirmed by link; in by a code."""
        sent = posted(
            STUDENT,
            name="Leyla Kanari",
            salutation="Frau Kanari",
            motivation="Kanari-Motivation, die niemand sonst liest.",
            goals="Kanari-Ziele.",
            expectations="Kanari-Erwartungen.",
            words_for_mentor="Kanari-Worte.",
            wish_1="Prof. Kanari",
        )
        assert self.student.post("/apply/", sent)["Location"] == "/apply/sent/"
        path = self.link_in("application-confirm")
        assert self.student.get(path).status_code == 200
        assert self.student.post(path, {"answer": "confirm"}).status_code == 302
        self.sign_in(STUDENT)

    def sign_in(self, email: str) -> None:
        """In by a code, after a wrong one."""
        nobody = {"email": "niemand.kanari@kanari.example"}
        Browser(self.net).post("/account/login/code/", nobody)
        self.student.post("/account/login/code/", {"email": email})
        row = OutgoingMail.objects.filter(kind="sign-in-code", recipient__email=email).latest(
            "created_at"
        )
        self.net.secrets[f"code {row.facts['code']}"] = row.facts["code"]
        self.student.post("/account/login/code/confirm/", {"code": "KANARI"})
        answer = self.student.post("/account/login/code/confirm/", {"code": row.facts["code"]})
        assert answer["Location"] == "/account/arrive/"

    def staff_sign_in(self) -> None:
        """A coordinator signs in by password and second factor, after a wrong password."""
        user = factories.coordinator(name="Katrin Kanari")
        user.set_password(PASSWORD)
        user.save()
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        self.net.secrets["secret of the second factor"] = secret
        for password in ("falsch kanari geraten", PASSWORD):
            self.office.post("/account/login/", {"login": user.email, "password": password})
        code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
        answer = self.office.post("/account/2fa/authenticate/", {"code": code})
        assert answer["Location"] == "/account/arrive/"
        self.by = Actor.person(user, "coordinator")

    def accept(self) -> None:
        """The coordinator reads, notes and accepts."""
        from mentees.models import Application

        application = Application.objects.get()
        page = f"/admin/mentees/application/{application.pk}/"
        assert "Kanari-Motivation" in self.office.get(f"{page}change/").content.decode()
        self.office.post(f"{page}change/", {"office_note": "Kanari-Notiz", "_continue": "1"})
        assert self.office.post(f"{page}do/accept/").status_code == 302

    def enter_mentor(self) -> None:
        """A mentor from first contact to active, by the verbs."""
        from mentors import actions
        from mentors.models import Criterion

        mentor = actions.enter_mentor(
            name="Henrike Kanari", profession="Kanari-Beruf", email=MENTOR, by=self.by, now=NOW
        )
        mentor.topics.set([factories.topic("auditions")])
        mentor.career_fields.set([factories.career_field("orchestra")])
        actions.contact(mentor, by=self.by, now=NOW)
        actions.review(mentor, by=self.by, now=NOW)
        for criterion in Criterion.values:
            actions.check_criterion(
                mentor,
                criterion=criterion,
                verdict="met",
                evidence="Kanari-Beleg",
                by=self.by,
                now=NOW,
            )
        actions.record_consent(mentor, by=self.by, now=NOW, how="Kanari-Gespräch")
        self.mentor = actions.activate(mentor, by=self.by, now=NOW)

    def match(self) -> None:
        """Planned, proposed, agreed, approved, confirmed by link, taken back, confirmed again."""
        from matching.models import Tandem
        from mentees.models import Mentee

        bench = f"/admin/matching/matchingrun/cohort/{factories.cohort().pk}/"
        pair = {"mentee": str(Mentee.objects.get().pk), "mentor": str(self.mentor.pk)}
        self.office.post(bench, {"compute-plan": "1"})
        self.office.get(bench, {"mentee": pair["mentee"]})
        self.office.post(bench, {"propose-tandem": "1", **pair})
        tandem = Tandem.objects.get()
        answer = {"answer": "agree", "word": "Kanari-Freude"}
        assert self.student.post(f"/me/tandem/{tandem.pk}/", answer).status_code == 302
        page = f"/admin/matching/tandem/{tandem.pk}/do/approve/"
        assert self.office.post(page, {"approve-tandem": "1"}).status_code == 302
        path = self.link_in("tandem-invitation")
        assert "Kanari" in self.link.get(path).content.decode()
        assert self.link.post(path, {"confirm-tandem": ""}).status_code == 400
        for given in ("confirm", "undo", "confirm"):
            assert self.link.post(path, {"answer": given, "word": "Kanari"}).status_code == 302
        tandem.refresh_from_db()
        assert tandem.state == "confirmed"

    def meet(self) -> None:
        """Dates offered, one picked by link, then called off."""
        from meetings.models import Meeting

        data = {"length": "60", "agenda": "Kanari-Anliegen"}
        for number, day in enumerate(("2026-10-14", "2026-10-17"), start=1):
            data |= {f"day_{number}": day, f"time_{number}": "17:30", f"place_{number}": "Kanari"}
        assert self.student.post("/me/meetings/propose/", data).status_code == 302
        meeting = Meeting.objects.get()
        path = self.link_in("dates-offered")
        self.link.get(path)
        chosen = meeting.proposals.first()
        assert self.link.post(path, {"answer": str(chosen.pk)}).status_code == 302
        page = f"/me/meetings/{meeting.pk}/cancel/"
        assert self.student.post(page, {"reason": "Kanari-Grund"}).status_code == 302
        meeting.refresh_from_db()
        assert meeting.state == "cancelled"

    def workshop(self) -> None:
        """A place taken and given back."""
        from workshops import actions
        from workshops.models import Workshop

        held = Workshop(cohort=factories.cohort(), title="Honorare", capacity=10)
        begins = NOW + timedelta(days=28)
        session = actions.PlannedSession(begins, begins + timedelta(hours=3))
        held = actions.create_workshop(held, by=self.by, now=NOW, sessions=[session])
        held = actions.publish_workshop(held, by=self.by, now=NOW)
        for verb in ("register", "cancel"):
            assert self.student.post(f"/workshops/{held.slug}/{verb}/").status_code == 302

    # ── what fails ───────────────────────────────────────────────────────────
    def mail_fails(self) -> None:
        """Refused by the server with the address quoted, no server at all, a letter that breaks."""
        self.codes("r550.kanari@kanari.example")
        with Smtpd() as server, override_settings(MAIL_URL=server.url):
            sweep(timezone.now())
        self.codes("nirgends.kanari@kanari.example")
        with override_settings(MAIL_URL="smtp://kanari:kanari@127.0.0.1:1"):
            sweep(timezone.now())
        self.codes("unlesbar.kanari@kanari.example")
        broken = ValueError("no letter for Leyla Kanari")
        with mock.patch("outbox.delivery.render", side_effect=broken):
            sweep(timezone.now())
        with mock.patch("mentoring.operations.sweep.deliver", side_effect=broken):
            sweep(timezone.now())
        failed = OutgoingMail.objects.filter(status__in=["failed", "retry"])
        assert failed.count() == 3, list(OutgoingMail.objects.values_list("kind", "status"))

    def codes(self, email: str) -> None:
        """Queues one mail to a person of this address."""
        factories.person("Kanari", email=email)
        Browser(self.net).post("/account/login/code/", {"email": email})

    def broker_fails(self) -> None:
        """The broker quotes its address with the password, as drivers do."""
        gone = ConnectionRefusedError("redis://:kanari@cache.kanari.example refused")
        with mock.patch("outbox.broker.publish_sweep", side_effect=gone):
            self.codes("ohne-broker.kanari@kanari.example")

    def pages_fail(self) -> None:
        """500, 404 with a query string, 405, 403 and 400, each with a canary in what was sent."""
        quoting = IntegrityError("duplicate key\nDETAIL: Key (email)=(leyla.kanari@kanari.example)")
        with mock.patch("mentees.actions.send_application", side_effect=quoting):
            sent = posted(STUDENT, name="Leyla Kanari")
            assert Browser(self.net).post("/apply/", sent).status_code == 500
        token = "t" * 40 + "abc"
        self.net.secrets["token of nothing"] = token
        probing = Browser(SimpleNamespace(addresses=[]))  # type: ignore[arg-type]
        assert probing.get("/kanari/?name=Kanari&email=leyla@kanari.example").status_code == 404
        assert probing.get(f"/l/{token}/?name=Kanari").status_code == 404
        assert probing.put(f"/l/{token}/", "kanari").status_code == 405
        assert probing.get("/", headers={"host": "kanari.example"}).status_code == 400
        assert probing.get("/", headers={"referer": "https://x.example/?q=kanari"}).status_code
        many = {f"kanari{number}": "kanari" for number in range(2100)}
        assert probing.post("/apply/", many).status_code == 400
        assert self.office.get("/admin/mentees/application/?q=Kanari&kanari=1").status_code
        strict = Browser(SimpleNamespace(addresses=[]), enforce_csrf_checks=True)  # type: ignore[arg-type]
        assert strict.post(f"/l/{token}/", {"word": "kanari"}).status_code == 403

    def tasks_fail(self) -> None:
        """A task that raises is told by Celery itself; a careless line of ours."""
        logging.getLogger("mentoring.careless").warning("a mail to %s", "Leyla Kanari")
        logging.getLogger("mentoring.careless").warning("careless", extra={"name_of": "Kanari"})
        from mentoring.celery import app

        error = ValueError("Leyla Kanari")
        with mock.patch("mentoring.operations.sweep.sweep", side_effect=error):
            app.tasks["mentoring.sweep"].apply(kwargs={"name": "Kanari"}, throw=False)

    def web_server_speaks(self) -> None:
        """gunicorn's own lines: a request that failed, one it can't read, and the access log."""
        web_server_lines(self.net)


def web_server_lines(net: Net) -> None:
    """Speaks with gunicorn's voice, by the configuration it finds in the folder of the project."""
    from gunicorn.app.wsgiapp import WSGIApplication

    arguments = ["gunicorn", "mentoring.wsgi", "--access-logfile", "-"]  # as somebody might add

    with (
        mock.patch("sys.argv", arguments),
        contextlib.chdir(settings.BASE_DIR),
    ):
        config = WSGIApplication().cfg
    with mock.patch("sys.stderr", net.log), mock.patch("sys.stdout", net.log):
        logger = config.logger_class(config)
    logger.error_log.setLevel(1)
    try:
        raise ValueError("Leyla Kanari")
    except ValueError:
        logger.exception("Error handling request %s", "/l/kanari/?name=Kanari")
    logger.warning("Invalid request from ip={ip}: {error}".format(ip="::1", error="GET /kanari"))
    environ = {"REQUEST_METHOD": "GET", "RAW_URI": "/l/kanari/", "SERVER_PROTOCOL": "HTTP/1.1"}
    response = SimpleNamespace(status="200 OK", sent=1, headers=[("Location", "/l/kanari/")])
    elapsed = SimpleNamespace(seconds=0, microseconds=1)
    logger.access(response, SimpleNamespace(headers=[("REFERER", "/l/kanari")]), environ, elapsed)
    for log in (logger.error_log, logger.access_log):
        log.handlers.clear()


def walk(folder: Path) -> Net:
    """The journey and its nets. Everything is undone by the caller's transaction."""
    from mentoring.celery import app

    net = Net()
    app.loader.import_default_modules()  # sets logging up anew
    with (
        listening(net),
        time_machine.travel(NOW, tick=True),
        override_settings(MAIL_URL=folder.as_uri()),
        mock.patch("outbox.broker._rest_until", 0.0),
        spied_broker(net),
        all_queries(),
    ):
        vocabulary()
        factories.notice("mentor")
        journey = Journey(net, folder)
        steps: list[Callable[[], None]] = [
            journey.apply, journey.staff_sign_in, journey.accept, journey.enter_mentor,
            journey.match, journey.meet, journey.workshop, journey.mail_fails, journey.broker_fails,
            journey.pages_fail, journey.tasks_fail, journey.web_server_speaks,
        ]  # fmt: skip
        for step in steps:
            step()
        collect(net)
    return net


@contextlib.contextmanager
def all_queries() -> Iterator[None]:
    """Django logs every query with its values, as it does for whoever debugs."""
    connection.force_debug_cursor = True
    try:
        yield
    finally:
        connection.force_debug_cursor = False


@contextlib.contextmanager
def spied_broker(net: Net) -> Iterator[None]:
    """Every message as it lies in the broker: headers, properties and the body, decoded."""
    from mentoring.celery import app

    # The folder's channel or that of Redis.
    channel = app.connection_for_write().get_transport_cls().Channel
    real = channel._put

    def put(self: Any, queue: str, payload: Any, **kwargs: Any) -> None:
        net.messages.append(json.dumps(payload) + base64.b64decode(payload["body"]).decode())
        real(self, queue, payload, **kwargs)

    with mock.patch.object(channel, "_put", put):
        yield


def collect(net: Net) -> None:
    """The audit trail, the state changes that are missing from it, and all tables for tokens."""
    from django.apps import apps

    from core.states import StatefulModel
    from tests.access.world import everything

    net.audit = list(AuditEvent.objects.values())
    net.tables = json.dumps(everything(), default=str)
    for model in apps.get_models():
        if not issubclass(model, StatefulModel):
            continue
        for one in model._base_manager.all():
            told = [event.values["state"] for event in AuditEvent.objects.of(one)
                    if "state" in event.values]  # fmt: skip
            if not told or told[0] != one.state:
                net.unwritten.append(f"{one._meta.label} is {one.state}, the trail says {told[:1]}")
