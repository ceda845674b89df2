"""Every form of the site as one line: its address, who fills it in, what a sensible person writes.

What the page itself offers (hidden fields, chosen options, the fields to write into) is read from the
page, so that a new field of a form is fed with the corpus without a change here; a new form is one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.links import actions as links
from outbox.models import OutgoingMail
from tests import factories
from tests.access.world import LATER, World
from tests.factories import NOW
from tests.meetings import helpers as meetings
from tests.races.harness import PROVE

PASSWORD = "drei Takte Pause bitte"


@dataclass
class Scene:
    """The world, and the browser of whom the line names."""

    world: World
    client: Client

    def own(self, label: str) -> Any:
        """The own object of a model, or a role's person."""
        return self.world.own[label]

    def go(self, name: str, *args: Any) -> str:
        """The path of an address."""
        return reverse(name, args=args)


Where = Callable[[Scene], str]


@dataclass(frozen=True)
class Line:
    """One form. ``at``: where it is posted to (and shown, unless ``page`` tells). ``data``: what is filled
    in above what the page already holds. ``button``: which of several. ``silent``: fields that are never
    shown again or stored as typed (passwords, codes). ``strict``: fields with a grammar of their own, so
    that a name may be refused there. ``dropped``: fields that count with another answer alone.
    ``apart``: fields that may not say the same as another."""

    name: str
    url: str
    role: str
    at: Where
    data: Callable[[Scene], Mapping[str, Any]] = lambda scene: {}
    page: Where | None = None
    button: str = ""
    silent: tuple[str, ...] = ()
    strict: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


def _to(name: str, label: str = "") -> Where:
    """The address ``name``, of the own object of ``label`` where there is one."""
    return lambda scene: scene.go(name, *([scene.own(label).pk] if label else []))


def _says(**values: Any) -> Callable[[Scene], Mapping[str, Any]]:
    return lambda scene: values


# ── public ───────────────────────────────────────────────────────────────────
def _application(scene: Scene) -> Mapping[str, Any]:
    return {
        "subject": factories.subject().pk,
        "degree": factories.degree().pk,
        "semester": "1",
        "semesters_left": "3",
        "german": "native",
        "name": "Leyla Arslan",
        "email": "leyla@example.org",
        "career_fields": factories.career_field("orchestra").pk,
        "motivation": "Ich möchte ins Orchester.",
        "goals": "Mein erstes Probespiel.",
        "expectations": "Ehrliche Rückmeldungen.",
        "agree": "on",
    }


def _revision(scene: Scene) -> Mapping[str, Any]:
    stays = ("email", "agree")
    return {key: value for key, value in _application(scene).items() if key not in stays}


PUBLIC = [
    Line("apply", "apply", "anonymous", _to("apply"), _application, apart=("wish_2", "wish_3")),
    Line(
        "join",
        "mentor_join",
        "anonymous",
        _to("mentor_join"),
        _says(
            name="Ada", email="ada@example.org", profession="Hornistin", motivation="Weitergeben."
        ),
        strict=("website",),
    ),
    Line(
        "contact",
        "contact",
        "anonymous",
        _to("contact"),
        _says(name="Ada", email="ada@example.org", message="Guten Tag"),
    ),
]


# ── signing in ───────────────────────────────────────────────────────────────
def _code_asked_for(scene: Scene) -> str:
    scene.client.post("/account/login/code/", {"email": scene.world.people["mentee"].email})
    return scene.go("account_confirm_login_code")


def _code(scene: Scene) -> Mapping[str, Any]:
    return {
        "code": OutgoingMail.objects.filter(kind="sign-in-code").latest("created_at").facts["code"]
    }


def _password(scene: Scene) -> Mapping[str, Any]:
    return {"login": scene.world.people["factorless"].email, "password": PASSWORD}


def _password_given(scene: Scene) -> str:
    """A member of staff has given the password; the second factor is asked for."""
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(scene.world.people["factorless"], "JBSWY3DPEHPK3PXP")
    scene.client.post("/account/login/", dict(_password(scene)))
    return scene.go("mfa_authenticate")


def _factor(scene: Scene) -> Mapping[str, Any]:
    import time

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return {"code": format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", int(time.time()) // 30))}


def _factor_of_coordinator(scene: Scene) -> str:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP

    person = scene.world.people["coordinator"]
    Authenticator.objects.filter(user=person, type="totp").delete()
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    return scene.go("mfa_reauthenticate")


def _asked_again(name: str) -> Where:
    """The page of the factor, after the code was given again."""

    def at(scene: Scene) -> str:
        path = _factor_of_coordinator(scene)
        scene.client.post(path, dict(_factor(scene)))
        return scene.go(name)

    return at


def _enrolment(scene: Scene) -> str:
    """The page with the secret of a factor to be, after the password was given again."""
    scene.client.post(scene.go("account_reauthenticate"), {"password": PASSWORD})
    return scene.go("mfa_activate_totp")


def _new_factor(scene: Scene) -> Mapping[str, Any]:
    import time

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    secret = scene.client.session["mfa.totp.secret"]
    return {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))}


CODE = ("code",)
ACCOUNT = [
    Line(
        "password",
        "account_login",
        "anonymous",
        _to("account_login"),
        _password,
        silent=("password",),
        strict=("login",),
    ),
    Line(
        "ask-for-code",
        "account_request_login_code",
        "anonymous",
        _to("account_request_login_code"),
        _says(email="unbekannt@example.org"),
        silent=("email",),
    ),
    Line(
        "code", "account_confirm_login_code", "anonymous", _code_asked_for, _code,
        silent=CODE, strict=CODE, button="",
    ),
    Line(
        "factor", "mfa_authenticate", "anonymous", _password_given, _factor,
        silent=CODE, strict=CODE,
    ),
    Line(
        "factor-again", "mfa_reauthenticate", "coordinator", _factor_of_coordinator, _factor,
        silent=CODE, strict=CODE,
    ),
    Line(
        "enrol", "mfa_activate_totp", "factorless", _enrolment, _new_factor,
        silent=CODE, strict=CODE,
    ),
    Line(
        "password-again",
        "account_reauthenticate",
        "factorless",
        _to("account_reauthenticate"),
        _says(password=PASSWORD),
        silent=("password",),
        strict=("password",),
    ),
    Line("unenrol", "mfa_deactivate_totp", "coordinator", _asked_again("mfa_deactivate_totp")),
    Line(
        "codes", "mfa_generate_recovery_codes", "coordinator",
        _asked_again("mfa_generate_recovery_codes"),
    ),
    Line("sign-out", "account_logout", "mentee", _to("account_logout")),
]  # fmt: skip


# ── personal links ───────────────────────────────────────────────────────────
def _link(purpose: str, obj: Any, holder: Any) -> str:
    token = links.token_of(links.issue(purpose, obj, holder, now=NOW, expires_at=LATER))
    return f"/l/{token}/"


def _asked(scene: Scene) -> Any:
    """A tandem whose mentor (the world's) is asked."""
    return factories.tandem(
        "mentor_asked",
        mentee=factories.mentee(),
        mentor=factories.mentor(user=scene.world.people["applicant"]),
        approved_at=NOW,
    )


def _tandem_link(scene: Scene) -> str:
    tandem = _asked(scene)
    return _link("tandem-invitation", tandem, tandem.mentor.user)


def _confirmation(scene: Scene) -> str:
    application = factories.application("unconfirmed")
    return _link("confirm-application", application, application.applicant)


def _consent(scene: Scene) -> str:
    mentor = factories.mentor("under_review")
    return _link("mentor-consent", mentor, mentor.user)


def _pair(scene: Scene) -> meetings.Pair:
    """The world's own tandem, without the meeting that stands."""
    tandem = scene.own("matching.Tandem")
    return meetings.Pair(tandem, tandem.mentee.user, tandem.mentor.user)


def _dates_offered(scene: Scene) -> str:
    return meetings.link_of(meetings.offered(_pair(scene)))


def _first_offer(scene: Scene) -> Mapping[str, Any]:
    from meetings.models import DateProposal

    return {"answer": DateProposal.objects.order_by("pk").first().pk}


DATE = {"day_1": "2026-11-10", "time_1": "17:30", "place_1": "online", "length": "60"}
ROWS = (
    "word",
    *(f"{part}_{number}" for number in (1, 2, 3) for part in ("day", "time", "place")),
)
DATES = {
    **DATE,
    "day_2": "2026-11-11",
    "time_2": "17:30",
    "place_2": "Foyer",
    "day_3": "2026-11-12",
    "time_3": "18:00",
    "place_3": "Raum 12",
}
LINKS = [
    Line(
        "link: password",
        "personal_link",
        "anonymous",
        lambda scene: f"/l/{scene.world.token}/",
        _says(password="acht Takte Pause bitte", again="acht Takte Pause bitte"),
        silent=("password", "again"),
        strict=("password", "again"),
    ),
    Line(
        "link: tandem yes", "personal_link", "anonymous", _tandem_link, _says(answer="confirm"),
        dropped=("reason", "question"),
    ),
    Line(
        "link: tandem no", "personal_link", "anonymous", _tandem_link, _says(answer="decline"),
        dropped=("word", "question"),
    ),
    Line(
        "link: tandem question", "personal_link", "anonymous", _tandem_link,
        _says(answer="question", question="Wie oft?"), dropped=("word", "reason"),
    ),
    Line(
        "link: date", "personal_link", "anonymous", _dates_offered, _first_offer,
        dropped=ROWS,
    ),
    Line(
        "link: none fits", "personal_link", "anonymous", _dates_offered,
        _says(answer="none", **DATES),
    ),
    Line("link: application", "personal_link", "anonymous", _confirmation, _says(answer="confirm")),
    Line("link: consent", "personal_link", "anonymous", _consent, _says(answer="agree")),
]  # fmt: skip


# ── participants ─────────────────────────────────────────────────────────────
def _proposal(scene: Scene) -> str:
    tandem = factories.tandem("draft")
    scene.client.force_login(tandem.mentee.user)
    return scene.go("matching:tandem", tandem.pk)


def _question(scene: Scene) -> str:
    return scene.go("matching:tandem", _asked(scene).pk)


def _meeting(name: str, **values: Any) -> Where:
    """A page of the own meeting, changed to ``values`` first."""

    def at(scene: Scene) -> str:
        meeting = scene.own("meetings.Meeting")
        type(meeting)._base_manager.filter(pk=meeting.pk).update(**values) if values else None
        return scene.go(f"meetings:{name}", meeting.pk)

    return at


def _to_pick(scene: Scene) -> str:
    return scene.go("meetings:pick", meetings.offered(_pair(scene)).pk)


def _withdrawn(scene: Scene) -> str:
    application = scene.own("mentees.Application")
    factories.at(application, "withdrawn", withdrawn_from="submitted")
    return scene.go("undo_withdrawal", application.pk)


def _unconfirmed(scene: Scene) -> str:
    application = factories.application(
        "unconfirmed", applicant=factories.person(), of=factories.cohort()
    )
    scene.client.force_login(application.applicant)
    return scene.go("confirm_application", application.pk)


def _standing(scene: Scene) -> str:
    from mentees.models import Application

    found = Application.objects.filter(state__in=("unconfirmed", "withdrawn")).first()
    return scene.go("my_application_detail", found.pk)


def _workshop(name: str) -> Where:
    return lambda scene: scene.go(name, scene.own("workshops.Workshop").slug)


PARTICIPANTS = [
    Line("proposal yes", "matching:tandem", "anonymous", _proposal, _says(answer="agree")),
    Line("proposal no", "matching:tandem", "anonymous", _proposal, _says(answer="decline")),
    Line(
        "question to mentor", "matching:tandem", "applicant", _question, _says(answer="confirm"),
        dropped=("reason", "question"),
    ),
    Line(
        "propose dates", "meetings:propose", "mentee", _to("meetings:propose"), _says(**DATES),
    ),
    Line(
        "offer again", "meetings:offer", "mentee", _meeting("offer"), _says(**DATES),
    ),
    Line(
        "pick", "meetings:pick", "mentor", _to_pick, _first_offer,
        dropped=ROWS,
    ),
    Line("move", "meetings:move", "mentee", _meeting("move"), _says(**DATE, agreed="on")),
    Line("cancel", "meetings:cancel", "mentee", _meeting("cancel")),
    Line(
        "report", "meetings:report", "mentee",
        _meeting("report", starts_at=NOW - timedelta(days=1), ends_at=NOW), _says(report="held"),
    ),
    Line(
        "report on its page", "meetings:report", "mentee",
        _meeting("report", starts_at=NOW - timedelta(days=1), ends_at=NOW), _says(report="held"),
        page=_meeting("meeting"),
    ),
    Line("agenda", "meetings:agenda", "mentee", _meeting("agenda")),
    Line(
        "own address", "my_address", "mentee", _to("my_address"), _says(email="ada@example.org"),
        button="change-address",
    ),
    Line(
        "withdraw", "withdraw_application", "applicant",
        _to("withdraw_application", "mentees.Application"),
    ),
    Line(
        "revise", "revise_application", "applicant",
        _to("revise_application", "mentees.Application"), _revision, apart=("wish_2", "wish_3"),
    ),
    Line("undo withdrawal", "undo_withdrawal", "applicant", _withdrawn, page=_standing),
    Line("confirm", "confirm_application", "anonymous", _unconfirmed, page=_standing),
    Line(
        "register", "register_workshop", "mentor", _workshop("register_workshop"),
        page=_workshop("workshop"),
    ),
    Line("leave workshop", "cancel_registration", "mentee", _workshop("cancel_registration")),
]  # fmt: skip


# ── the desk ─────────────────────────────────────────────────────────────────
def _verb(label: str, verb: str, **data: Any) -> Line:
    """A verb of the own object of a model."""
    base = f"admin:{label.replace('.', '_').lower()}_verb"
    return Line(
        f"{label.split('.')[1]}: {verb}",
        base,
        "coordinator",
        lambda scene: scene.go(base, scene.own(label).pk, verb),
        _says(**data),
    )


def _wished(scene: Scene) -> Any:
    application = factories.application("submitted")
    application.wishes.create(rank=1, name="Henrike Osterloh")
    factories.mentor(name="Henrike Osterloh")
    return application


def _verb_of(label: str, verb: str, make: Callable[[Scene], Any], **data: Any) -> Line:
    """A verb of an object made for it."""
    base = f"admin:{label.replace('.', '_').lower()}_verb"
    return Line(
        f"{label.split('.')[1]}: {verb}",
        base,
        "coordinator",
        lambda scene: scene.go(base, make(scene).pk, verb),
        _says(**data),
    )


def _page(label: str, kind: str = "change", strict: tuple[str, ...] = (), **data: Any) -> Line:
    """The admin's form of a model."""
    base = f"admin:{label.replace('.', '_').lower()}_{kind}"
    return Line(
        f"{label.split('.')[1]}: {kind}",
        base,
        "coordinator",
        _to(base, label if kind == "change" else ""),
        _says(**data),
        strict=strict,
    )


def _new_workshop(scene: Scene) -> Mapping[str, Any]:
    return {
        "cohort": scene.own("programme.Cohort").pk,
        "title": "Honorare verhandeln",
        "capacity": "10",
        "sessions-0-starts_at_0": "2026-11-10",
        "sessions-0-starts_at_1": "17:30",
        "sessions-0-ends_at_0": "2026-11-10",
        "sessions-0-ends_at_1": "19:30",
    }


def _past_session(scene: Scene) -> str:
    workshop = scene.own("workshops.Workshop")
    session = workshop.sessions.get()
    workshop.sessions.update(starts_at=NOW - timedelta(hours=5), ends_at=NOW - timedelta(hours=2))
    return scene.go("admin:workshops_attendance", workshop.pk, session.pk)


def _bench(scene: Scene) -> str:
    """The workbench of the own cohort."""
    return scene.go("admin:matching_workbench", scene.own("programme.Cohort").pk)


def _bench_of_a_mentee(scene: Scene) -> str:
    """The workbench with a computed plan and a mentee chosen who has a suggestion."""
    from matching.actions import compute_plan

    mentee = factories.mentee()
    factories.mentor()
    compute_plan(
        mentee.cohort,
        "total",
        by=factories.by(scene.world.people["coordinator"]),
        now=NOW,
    )
    return f"{_bench(scene)}?mentee={mentee.pk}"


def _bench_rule(scene: Scene) -> Mapping[str, Any]:
    return {"rule": scene.own("matching.PairRule").pk}


def _fresh_mentee(scene: Scene) -> Mapping[str, Any]:
    return {"person": factories.mentee().user.pk}


DESK = [
    _page(
        "mentors.Mentor", "add", strict=("website", "email"), name="Ada", profession="Hornistin",
        email="ada@example.org",
    ),
    _page("mentors.Mentor", strict=("website", "email")),
    _page(
        "programme.Cohort", "add", name="2030/31", starts_on="2030-10-01", ends_on="2031-07-31",
        applications_open_at_0="2030-04-01", applications_open_at_1="08:00",
        applications_close_at_0="2030-06-01", applications_close_at_1="08:00",
    ),
    _page("programme.Cohort"),
    _page(
        "programme.Organisation",
        strict=("office_email", "ink", "second_ink", "highlight", "piece"),
    ),
    _page(
        "programme.ConsentNotice", "add", purpose="application", version="2030-1",
        valid_from_0="2030-01-01", valid_from_1="08:00", text_de="Hinweis", text_en="Notice",
    ),
    _page(
        "programme.PageText", "add", strict=("body_de", "body_en"), page="start", title_de="Start",
        body_de="Worte", title_en="Start", body_en="Words",
    ),
    _page("programme.PageText", strict=("body_de", "body_en")),
    _page(
        "programme.Topic", "add", strict=("code",), name_de="Gagen", name_en="Fees", code="gagen"
    ),
    _page(
        "programme.Degree", "add", strict=("code",), name_de="Diplom", name_en="Diploma",
        code="diplom",
    ),
    Line(
        "StudySubject: add", "admin:programme_studysubject_add", "coordinator",
        _to("admin:programme_studysubject_add"),
        lambda scene: {
            "name_de": "Harfe", "name_en": "Harp", "code": "harfe",
            "group": scene.own("programme.SubjectGroup").pk,
        },
        strict=("code",),
    ),
    _page("programme.Topic"),
    _page("programme.Degree"),
    _page("programme.StudySubject"),
    _page("accounts.User"),
    _page("mentees.Application"),
    Line(
        "Workshop: add", "admin:workshops_workshop_add", "coordinator",
        _to("admin:workshops_workshop_add"), _new_workshop, strict=("slug",),
    ),
    _page("workshops.Workshop", strict=("slug",)),
    Line(
        "attendance", "admin:workshops_attendance", "coordinator", _past_session, button="",
    ),
    _verb("mentees.Application", "read"),
    _verb("mentees.Application", "invite", talk_at_0="2026-10-05", talk_at_1="10:00",
          talk_place="Raum 12"),
    _verb_of(
        "mentees.Application", "move_talk",
        lambda scene: factories.application("invited", talk_at=LATER, talk_place="Raum 12"),
        talk_at_0="2026-10-05", talk_at_1="10:00", talk_place="Raum 13",
    ),
    _verb("mentees.Application", "accept"),
    _verb("mentees.Application", "waitlist"),
    _verb("mentees.Application", "reject"),
    _verb_of("mentees.Application", "join_wishes", _wished),
    _verb("accounts.User", "change-address", email="ada@example.org"),
    _verb("mentees.Mentee", "leave"),
    _verb("mentees.Mentee", "complete"),
    _verb("mentors.Mentor", "pause"),
    _verb_of("mentors.Mentor", "record-consent",
             lambda scene: factories.mentor("under_review"), how="Formular vom 12. September"),
    _verb("workshops.Workshop", "cancel"),
    Line(
        "Workshop: extra-place", "admin:workshops_workshop_verb", "coordinator",
        lambda scene: scene.go(
            "admin:workshops_workshop_verb", scene.own("workshops.Workshop").pk, "extra-place"
        ),
        _fresh_mentee,
    ),
    _verb("workshops.Registration", "cancel"),
    _verb("matching.Tandem", "dissolve", reason="Umzug"),
    _verb_of("matching.Tandem", "answer_question",
             lambda scene: _with_question(scene)),
    _verb("outbox.OutgoingMail", "close"),
    Line("bench: compute", "admin:matching_workbench", "coordinator", _bench,
         button="compute-plan"),
    Line("bench: propose", "admin:matching_workbench", "coordinator", _bench,
         page=_bench_of_a_mentee, button="propose-tandem", dropped=("note",)),
    Line("bench: pin", "admin:matching_workbench", "coordinator", _bench,
         page=_bench_of_a_mentee, button="pin-pair"),
    Line("bench: exclude", "admin:matching_workbench", "coordinator", _bench,
         page=_bench_of_a_mentee, button="forbid-pair"),
    Line("bench: lift", "admin:matching_workbench", "coordinator", _bench, _bench_rule,
         button="lift-rule"),
]  # fmt: skip


def _with_question(scene: Scene) -> Any:
    tandem = _asked(scene)
    type(tandem).objects.filter(pk=tandem.pk).update(question="Wie oft?", question_at=NOW)
    return tandem


LINES = [*PUBLIC, *ACCOUNT, *LINKS, *PARTICIPANTS, *DESK]
BY_NAME = {line.name: line for line in LINES}
assert len(BY_NAME) == len(LINES), "two lines of one name"


def _kind(line: Line) -> str:
    """Forms of the same view are of one kind; so are those that all models of the desk have (add, change, verb)."""
    return line.url.rpartition("_")[2] if line.url.startswith("admin:") else line.url


# For what the site does with every request before it comes to a form of its own: the first of each kind, and
# of verbs, links and the workbench one that asks for words as well.
ONE_OF_EACH = [
    *{_kind(line): line for line in reversed(LINES)}.values(),
    *(
        BY_NAME[name]
        for name in ("Application: move_talk", "link: tandem question", "bench: propose")
    ),
]


def every_kind_of_form() -> Any:
    """Runs a test with ``desk`` over one form of each kind; ``make prove`` over all."""
    return every_form(*(LINES if PROVE else ONE_OF_EACH))


def every_form(*lines: Line) -> Any:
    """Runs a test with ``desk`` over these lines, over all unless told."""
    chosen = lines or LINES
    return pytest.mark.parametrize(
        "desk", chosen, indirect=True, ids=[line.name for line in chosen]
    )
