"""Who may open what, as a table: one row per address of the resolver.

Each row has one letter per role, in the order of the heading:

    P  the page                     S  led to the sign-in page
    –  not found (404)              F  asked for a second factor (or the password) first
    >  led on within the site      X  refuses to be opened: it only takes what is sent (405)
    K  known, but not theirs to do (403; names no object)
    N  told no in words (400)

A row about an object says so for three of them: ``own`` is one of the first cohort (the applicant's, the
mentee's, the mentor's; the coordinator's), ``foreign`` the same of the second cohort (the stranger's) and
``missing`` one that never was. Not found and forbidden are the same 404 (promise A1).

Nothing here is read from the code under test. A new address needs a row, else the suite fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.access.world import ROLES, World


def who(letters: str) -> dict[str, str]:
    """One letter per role, by role."""
    return dict(zip(ROLES, letters.split(), strict=True))


#                anonymous applicant mentee mentor factorless coordinator stranger admin
EVERYBODY = who("    P         P        P      P       P          P          P       P  ")
NOBODY = who("       –         –        –      –       –          –          –       –  ")
SIGNED_IN = who("    S         P        P      P       P          P          P       P  ")
NOT_THEIRS = who("   S         –        –      –       –          –          –       –  ")
# the desk
STAFF = who("        S         –        –      –       F          P          P       P  ")
FIRST_COHORT = who(" S         –        –      –       F          P          –       P  ")
SECOND_COHORT = who("S         –        –      –       F          –          P       P  ")
NO_SUCH = who("      S         –        –      –       F          –          –       –  ")
ONLY_ADMIN = who("   S         –        –      –       F          K          K       P  ")
NOT_OFFERED = who("  S         –        –      –       F          K          K       K  ")
STAFF_LED_ON = who(" S         –        –      –       F          >          >       >  ")
STAFF_SENDS = who("  S         –        –      –       F          X          X       X  ")
STAFF_SIGNS_IN = who("S        –        –      –       F          S          S       S  ")
# people’s own
APPLICANT = who("    S         P        –      –       –          –          –       –  ")
APPLICANT_ACTS = who("S        >        –      –       –          –          –       –  ")
BOTH = who("         S         –        P      P       –          –          –       –  ")
BOTH_LED_ON = who("  S         –        >      >       –          –          –       –  ")
MENTEE = who("       S         –        P      –       –          –          –       –  ")
MENTEE_MENTORED = who("S       –        P      –       –          –          –       –  ")
# signing in and the second factor
SIGN_IN = who("      P         >        >      >       >          >          >       >  ")
SIGN_OUT = who("     >         P        P      P       P          P          P       P  ")
SIGNED_IN_LED_ON = who("S      >        >      >       >          >          >       >  ")
NOT_STARTED = who("  S         >        >      >       >          >          >       >  ")


@dataclass(frozen=True)
class Page:
    """The row of one address. ``about`` is the label of its object in the world (none: the page stands
    alone, and only ``own`` counts); ``args`` takes the object to the arguments of the address.
    ``acts``: it takes only what is sent, so that the letters are those of a POST."""

    own: dict[str, str]
    foreign: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    about: str = ""
    args: Callable[[Any], list[Any]] = lambda obj: [obj.pk]
    query: str = ""
    acts: bool = False


def alone(own: dict[str, str], *names: str, **values: Any) -> dict[str, Page]:
    """Rows of pages without an object."""
    return {name: Page(own, args=lambda _: [], **values) for name in names}


def about(
    label: str,
    own: dict[str, str],
    *names: str,
    foreign: dict[str, str] = NOT_THEIRS,
    missing: dict[str, str] = NOT_THEIRS,
    **values: Any,
) -> dict[str, Page]:
    """Rows of pages with an object, which is foreign to everybody unless told."""
    page = Page(own, foreign, missing, about=label, **values)
    return dict.fromkeys(names, page)


def _slug(workshop: Any) -> list[Any]:
    return [workshop.slug]


def look(parts: dict[str, Any], *names: str) -> dict[str, Page]:
    """Rows of files of the organisation's look, asked for in a former version: they lead on to the present."""
    args = ["former", *parts.values()]
    return {name: Page(dict.fromkeys(ROLES, ">"), args=lambda _: args) for name in names}


PUBLIC = {
    **alone(
        EVERYBODY,
        "start",
        "about_mentees",
        "about_mentors",
        "about_matching",
        "contact",
        "contact_received",
        "imprint",
        "privacy",
        "accessibility",
        "apply",
        "apply_sent",
        "mentors",
        "mentor_join",
        "mentor_join_received",
        "workshops",
        "health_live",
        "health_ready",
    ),
    **alone(dict.fromkeys(ROLES, "N"), "language", acts=True),  # no such language
    **look({"size": 32}, "look_icon"),
    **look({}, "look_style", "look_drawn_icon", "look_maskable_icon"),
    **look({"language": "de"}, "look_manifest"),
    **look({"page": "start", "language": "de"}, "look_share"),
    **about(
        "workshops.Workshop", EVERYBODY, "workshop", foreign=EVERYBODY, missing=NOBODY, args=_slug
    ),
}
MEETING_PAGES = ("meetings:meeting", "meetings:move", "meetings:cancel")
PARTICIPANTS = {
    **alone(SIGNED_IN, "home", "my_application", "meetings:meetings"),
    # staff change theirs on the desk
    **alone(who("S P P P > > > >"), "my_address"),
    # to the one tandem that is alive; the applicant and staff see a calm page
    **alone(who("S P > > P P P P"), "matching:mine"),
    **about(
        "mentees.Application",
        APPLICANT,
        "my_application_detail",
        "revise_application",
        "withdraw_application",
    ),
    **about(
        "mentees.Application", APPLICANT_ACTS, "confirm_application", "undo_withdrawal", acts=True
    ),
    **about("matching.Tandem", BOTH, "matching:tandem"),
    **alone(MENTEE, "meetings:propose"),
    **about("meetings.Meeting", BOTH, *MEETING_PAGES),
    # nothing is offered for a date that is fixed, nothing to report before it: back to the meeting
    **about("meetings.Meeting", BOTH_LED_ON, "meetings:pick", "meetings:report"),
    **about("meetings.Meeting", MENTEE, "meetings:offer", "meetings:agenda"),
    **about(
        "workshops.Workshop",
        # the mentee has a place already; the mentor of the network may come, nobody else
        who("S N > > N N N N"),
        "register_workshop",
        foreign=who("S N N > N N N N"),
        missing=NOBODY,
        args=_slug,
        acts=True,
    ),
    **about(
        "workshops.Workshop",
        who("S > P > > > > >"),
        "cancel_registration",
        foreign=who("S > > > > > > >"),
        missing=NOT_THEIRS,
        args=_slug,
    ),
}
# The token is the whole permission: whoever holds it decides, signed in or not (promises L1 to L7).
PERSONAL_LINK = {
    "personal_link": Page(
        EVERYBODY, EVERYBODY, NOBODY, about="token", args=lambda token: [token or "x" * 43]
    )
}
ACCOUNT = {
    **alone(SIGN_IN, "account_login", "account_request_login_code"),
    **alone(NOT_STARTED, "account_confirm_login_code"),
    **alone(who("> > > > > > > >"), "account_signup"),
    **alone(SIGN_OUT, "account_logout"),
    **alone(EVERYBODY, "account_inactive"),
    **alone(SIGNED_IN_LED_ON, "account_arrive"),
    # the factor’s own pages ask staff for password or code again
    **alone(who("S – – – P F F F"), "account_reauthenticate"),
    **alone(who("S – – – > > > >"), "mfa_authenticate"),
    **alone(who("S – – – F P P P"), "mfa_reauthenticate"),
    **alone(who("S – – – P P P P"), "mfa_index"),
    **alone(who("S – – – F F F F"), "mfa_activate_totp", "mfa_generate_recovery_codes"),
    **alone(
        who("S – – – – F F F"),
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
    ),
}
DEV = {
    **alone(EVERYBODY, "dev_style", "dev_mails"),
    "dev_look": Page(EVERYBODY, args=lambda _: ["second"]),
    **about(
        "mail",
        EVERYBODY,
        "dev_mail",
        "dev_mail_html",
        "dev_mail_source",
        foreign=EVERYBODY,
        missing=NOBODY,
        args=lambda key: [key or "20260915-100000-gibt-es-nicht"],
    ),
    **about(
        "mail",
        EVERYBODY,
        "dev_mail_part",
        foreign=EVERYBODY,
        missing=NOBODY,
        args=lambda key: [key or "20260915-100000-gibt-es-nicht", 0],
    ),
}


# ── the desk ─────────────────────────────────────────────────────────────────
SHARED = ""  # belongs to no cohort: every coordinator sees it
BY_PEOPLE = "people, mails and events have no cohort of their own: a rule by whom they concern"


@dataclass(frozen=True)
class Desk:
    """What coordinators do with one model. ``cohort``: the way to the cohort whose coordinators see it.
    ``add``/``delete``: who is offered that page. ``verb``: one that its state allows in the world."""

    cohort: str
    add: dict[str, str] = field(default_factory=lambda: NOT_OFFERED)
    delete: dict[str, str] = field(default_factory=lambda: NOT_OFFERED)
    verb: str = ""


_WORDS = Desk(SHARED, add=STAFF)
MODELS = {
    "mentees.Application": Desk("cohort", verb="accept"),
    "mentees.Mentee": Desk("cohort", verb="leave"),
    "mentors.Mentor": Desk(SHARED, add=STAFF, verb="pause"),
    "matching.Tandem": Desk("cohort", verb="dissolve"),
    "matching.MatchingRun": Desk("cohort"),
    "meetings.Meeting": Desk("tandem__cohort"),
    "workshops.Workshop": Desk("cohort", add=STAFF, verb="cancel"),
    "workshops.Registration": Desk("workshop__cohort", verb="cancel"),
    "accounts.User": Desk(BY_PEOPLE),
    "outbox.OutgoingMail": Desk(BY_PEOPLE, verb="close"),
    "audit.AuditEvent": Desk(BY_PEOPLE),
    "programme.Cohort": Desk("pk", add=STAFF),
    "programme.Organisation": Desk(SHARED),
    "programme.ConsentNotice": Desk(SHARED, add=STAFF),
    "programme.PageText": Desk(SHARED, add=STAFF, delete=STAFF),
    "programme.SubjectGroup": _WORDS,
    "programme.StudySubject": _WORDS,
    "programme.Degree": _WORDS,
    "programme.CareerField": _WORDS,
    "programme.Topic": _WORDS,
    "programme.Instrument": _WORDS,
    "programme.WorkingLanguage": _WORDS,
}


def _rows_of(label: str, desk: Desk) -> dict[str, Page]:
    base = f"admin:{label.replace('.', '_').lower()}_"
    own, foreign = (STAFF, STAFF) if desk.cohort is SHARED else (FIRST_COHORT, SECOND_COHORT)
    page = Page(own, foreign, NO_SUCH, about=label)
    verb = replace(page, args=lambda obj: [obj.pk, desk.verb or "gibt-es-nicht"])
    if not desk.verb:
        verb = replace(verb, own=NO_SUCH, foreign=NO_SUCH)
    return {
        **alone(STAFF, f"{base}changelist"),
        **alone(desk.add, f"{base}add"),
        f"{base}change": page,
        f"{base}history": page,
        f"{base}delete": replace(
            page,
            own=desk.delete,
            foreign=desk.delete,
            missing=NOT_OFFERED if desk.delete is NOT_OFFERED else NO_SUCH,
        ),
        f"{base}verb": verb,
    }


def _attendance(workshop: Any) -> list[Any]:
    return [workshop.pk, workshop.sessions.get().pk]


DESK = {
    **alone(STAFF, "admin:index", "admin:jsi18n", "admin:meetings_meeting_quiet"),
    **alone(STAFF_SIGNS_IN, "admin:login"),
    **alone(STAFF_SENDS, "admin:logout"),
    **alone(STAFF_LED_ON, "admin:workbench"),
    **about(
        "app",
        STAFF,
        "admin:app_list",
        foreign=STAFF,
        missing=NO_SUCH,
        args=lambda label: [label or "gibt-es-nicht"],
    ),
    **about(
        "programme.Cohort",
        FIRST_COHORT,
        "admin:matching_workbench",
        foreign=SECOND_COHORT,
        missing=NO_SUCH,
    ),
    **about(
        "workshops.Workshop",
        FIRST_COHORT,
        "admin:workshops_attendance",
        foreign=SECOND_COHORT,
        missing=NO_SUCH,
        args=_attendance,
    ),
    **{
        name: page for label, desk in MODELS.items() for name, page in _rows_of(label, desk).items()
    },
}
MATRIX: dict[str, Page] = {**PUBLIC, **PARTICIPANTS, **PERSONAL_LINK, **ACCOUNT, **DEV, **DESK}
GROUPS = {
    "public": PUBLIC,
    "participants": PARTICIPANTS,
    "link": PERSONAL_LINK,
    "account": ACCOUNT,
    "dev": DEV,
    "desk": DESK,
}
# Without a name in the resolver: the admin's catch-all and its old way to an object, which leads on
# without looking (the page behind decides).
NAMELESS = {"admin:(?P<url>.*)$", "admin:<path:object_id>/"}


def objects(world: World, page: Page) -> dict[str, Any]:
    """The objects of a row by what they are: own, foreign, missing (None)."""
    if not page.about:
        return {"own": None}
    if page.about == "token":
        return {"own": world.token, "foreign": world.token, "missing": None}
    if page.about == "mail":
        return {"own": world.mail, "foreign": world.mail, "missing": None}
    if page.about == "app":
        return {"own": "mentees", "foreign": "mentees", "missing": None}
    return {"own": world.own[page.about], "foreign": world.foreign[page.about], "missing": None}
