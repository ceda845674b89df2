"""The registries: how apps tell the house what they bring, without the ground importing them.

Each app's ``hooks.py`` fills them; ``load()`` imports all hooks once, when Django is ready. A key given
twice is an error at start, a missing one a sentence.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from django.forms import BaseForm


T = TypeVar("T")


class Registry(Generic[T]):
    """Items by key. ``add`` refuses a key given twice, ``[]`` an unknown one with a sentence."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._items: dict[str, T] = {}

    def add(self, key: str, item: T) -> None:
        """Raises ValueError when the key is taken."""
        if key in self._items:
            raise ValueError(f"The {self.noun} “{key}” is registered twice.")
        self._items[key] = item

    def __getitem__(self, key: str) -> T:
        if key not in self._items:
            raise LookupError(
                f"No {self.noun} “{key}” is registered; look into the hooks.py files."
            )
        return self._items[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._items))

    def values(self) -> list[T]:
        """The items in the order of their keys."""
        return [self._items[key] for key in self]


# 1 ── mail kinds ─────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Attachment:
    """A file that travels with a mail; ``alternative`` puts it beside text and HTML as well."""

    filename: str
    content: bytes
    mimetype: str
    alternative: bool = False


@dataclass(frozen=True)
class MailKind:
    """One kind of mail.

    ``facts``: the names of the facts it announces (JSON values), no others are accepted.
    ``lost_reply``: what happens when the server fell silent after the mail was handed over (promise S8):
    ``resend`` once, or ``ask`` a coordinator. ``sample``: facts to show the mail with.
    ``attachments``: facts and recipient → files. ``secret``: the body is deleted once sent.
    ``reaches_closed``: leaves for a closed account too (promise P17): what ends something the person has in
    the calendar or was promised, and what asks somebody to begin anew.
    """

    kind: str
    app: str
    facts: tuple[str, ...]
    sample: Mapping[str, Any]
    lost_reply: Literal["resend", "ask"] = "ask"
    secret: bool = False
    attachments: Callable[[Mapping[str, Any], Any, datetime], list[Attachment]] | None = None
    reaches_closed: bool = False

    def may_reach(self, person: Any) -> bool:
        """Whether ``person`` (a User) may still be written to with this kind."""
        return bool(person.is_active) or self.reaches_closed

    def ends_events(self, facts: Mapping[str, Any], recipient: Any, now: datetime) -> bool:
        """Whether its files do nothing but take events out of a calendar."""
        files = self.attachments(facts, recipient, now) if self.attachments else []
        return bool(files) and all("method=CANCEL" in one.mimetype for one in files)

    @property
    def leads_to_desk(self) -> bool:
        """Whether it is for the coordinators: it leads to a page of the administration."""
        return str(self.sample.get("url", "")).startswith("/admin/")


mail_kinds: Registry[MailKind] = Registry("mail kind")


# 2 ── reminders: what time brings ────────────────────────────────────────────
@dataclass(frozen=True)
class Wanted:
    """One mail that is wanted at a time: the planner upserts it under its unique key.

    ``link_id`` is the live personal link the mail leads to, where it asks for a decision.
    """

    kind: str
    recipient_id: uuid.UUID
    obj: Any
    facts: Mapping[str, Any]
    due_at: datetime
    useful_until: datetime
    version: int
    offset: str
    link_id: uuid.UUID | None = None
    thread: str = ""


@dataclass(frozen=True)
class TimeTable:
    """What an app wants when time passes.

    ``wanted(now)`` yields the reminders wanted for everything that lies ahead. ``pass_deadlines(now)``
    carries out the verbs whose moment has come (an unanswered question expires) and returns how many.
    """

    wanted: Callable[[datetime], Iterable[Wanted]] | None = None
    pass_deadlines: Callable[[datetime], int] | None = None


reminders: Registry[TimeTable] = Registry("time table")


# 3 ── links ──────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class LinkPage:
    """What the holder of a link sees: heading, body template with its context, and what may be decided.

    ``form`` is None when there is nothing (more) to decide. ``holder_name`` stands in the masthead.
    ``button`` is the label of the one button, ``action`` its name (the verb). ``turn`` is False where an
    answer may be given but nobody waits for it: the page then shows no cue. ``nameless``: whoever opens the
    link may be a stranger (an address with a typing error), so that the page does not name its holder.
    """

    title: Any
    lead: Any
    template: str
    context: Mapping[str, Any]
    form: BaseForm | None = None
    deadline: datetime | None = None
    button: Any = ""
    action: str = ""
    after: Any = ""
    closed: bool = False
    turn: bool = True
    nameless: bool = False


@dataclass(frozen=True)
class LinkPurpose:
    """How links of one purpose are shown, decided and renewed.

    ``describe(link, data, now)`` returns the page for an open or used link, with a bound form when
    ``data`` is given. ``decide(link, cleaned, now)`` carries out the answer; raises RuleViolation.
    ``renew(link, now)`` sends a fresh link to the address on file, or is None when there is none.
    """

    describe: Callable[[Any, Mapping[str, Any] | None, datetime], LinkPage]
    decide: Callable[[Any, Mapping[str, Any], datetime], None]
    renew: Callable[[Any, datetime], None] | None = None


links: Registry[LinkPurpose] = Registry("link purpose")


# 4 ── calendar ───────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Engagement:
    """Something a person has in the calendar: a meeting, a workshop's session."""

    starts_at: datetime
    ends_at: datetime
    title: str
    url: str = ""


calendar: Registry[Callable[[uuid.UUID, datetime, datetime], Iterable[Engagement]]] = Registry(
    "calendar source"
)


def engagements(person_id: uuid.UUID, since: datetime, until: datetime) -> list[Engagement]:
    """Everything the person has between the two moments, by start, from all apps."""
    found = (one for source in calendar.values() for one in source(person_id, since, until))
    return sorted(found, key=lambda one: (one.starts_at, one.title))


# 5 ── personal data ──────────────────────────────────────────────────────────
class DataClass(StrEnum):
    """How close a field comes to a person."""

    TECHNICAL = "technical"  # keys, counters, moments of the system
    PROGRAMME = "programme"  # facts of the programme, no person in them
    IDENTITY = "identity"  # name, address
    CONTACT = "contact"
    PART = "part"  # which part somebody takes and how far it is
    WORDS = "words"  # what somebody wrote
    SENSITIVE = "sensitive"  # personal situation


class Erasure(StrEnum):
    """What happens to a field when its person is erased."""

    DELETE = "delete"
    PSEUDONYMISE = "pseudonymise"
    KEEP = "keep"  # no personal data, or a reason is given


@dataclass(frozen=True)
class Datum:
    """The entry of one model field: class, purpose, legal basis, retention, erasure and why it is kept."""

    data_class: DataClass
    purpose: str
    basis: str = "GDPR 6(1)(e)"
    retention: str = "with the cohort, 12 months"
    erasure: Erasure = Erasure.DELETE
    why_kept: str = ""


TECHNICAL = Datum(
    DataClass.TECHNICAL,
    "running the system",
    "none needed",
    "with the row",
    Erasure.KEEP,
    "no person in it",
)
PROGRAMME = Datum(
    DataClass.PROGRAMME,
    "the programme",
    "none needed",
    "as long as useful",
    Erasure.KEEP,
    "no person in it",
)

personal_data: Registry[Mapping[str, Datum]] = Registry("personal data entry")


def declare(model: str, *, technical: str = "", programme: str = "", **personal: Datum) -> None:
    """Registers every field of ``model`` ("app.Model"): names of technical and programme fields as one
    string each, the others with their Datum. A test compares this with the model's fields."""
    entry: dict[str, Datum] = dict.fromkeys(technical.split(), TECHNICAL)
    entry.update(dict.fromkeys(programme.split(), PROGRAMME))
    entry.update(personal)
    personal_data.add(model, entry)


# 6 ── who belongs where ──────────────────────────────────────────────────────
# Each app tells the cohorts a person takes part in, as far as the person confirmed it; None stands for what
# all coordinators share (the network). What nobody confirmed tells nothing (promise A7).
participation: Registry[Callable[[uuid.UUID], Iterable[uuid.UUID | None]]] = Registry(
    "source of participation"
)


def load() -> None:
    """Imports every app's ``hooks.py``; called once when Django is ready."""
    autodiscover_modules("hooks")
