"""The invariants that must hold at any time, each as a function that yields violations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from accounts.models import User
from core.audit.models import AuditEvent
from core.links.actions import hash_of, token_of
from core.links.models import ActionLink
from core.states import StatefulModel
from matching.models import Tandem
from matching.states import HELD
from mentees.actions import CONFIRM_LINK
from mentees.models import Application, Mentee
from mentees.states import OPEN
from mentoring.reminder_sources import REMINDER_SOURCES
from mentors.actions import CONSENT_LINK
from mentors.models import Mentor
from mentors.states import TAKING_PART
from outbox.kinds import mail_kinds
from outbox.message import message_id
from outbox.models import (
    WAITING,
    MailStatus,
    OutgoingMail,
    dedupe_key,
)
from programme.models import CohortRole, PageText
from programme.texts import ours
from workshops.models import Registration, Workshop
from workshops.states import RegistrationState, WorkshopState

LANGUAGES = ("de", "en")
# Kinds that ask somebody to begin again, also sent to a closed account.
BEGINNINGS = (CONFIRM_LINK, CONSENT_LINK)
Check = Callable[[datetime], Iterator[str]]


def workshop_places(now: datetime) -> Iterator[str]:
    """C1: taken is the number of confirmed registrations that are not extra, and never above capacity."""
    counted = Workshop.objects.annotate(
        real=Count(
            "registrations",
            filter=Q(registrations__state=RegistrationState.CONFIRMED, registrations__extra=False),
        )
    )
    for workshop in counted.exclude(taken=F("real")) | counted.filter(taken__gt=F("capacity")):
        yield f"workshop {workshop.pk}: taken {workshop.taken}, confirmed {workshop.real}, places {workshop.capacity}"


def waiting_lists(now: datetime) -> Iterator[str]:
    """C6: the positions of a waiting list have no gap, nobody overtakes, and nobody waits while a place is
    free in a workshop still to begin."""
    numbered = Workshop.objects.annotate(
        people=Count("registrations"), last=Max("registrations__place_in_line")
    )
    for workshop in numbered.filter(last__isnull=False).exclude(last=F("people")):
        yield f"workshop {workshop.pk}: {workshop.people} lined up, the last as number {workshop.last}"
    standing = Q(registrations__extra=False)
    lines = Workshop.objects.annotate(
        first_waiting=Min(
            "registrations__place_in_line",
            filter=Q(registrations__state=RegistrationState.WAITLISTED) & standing,
        ),
        last_confirmed=Max(
            "registrations__place_in_line",
            filter=Q(registrations__state=RegistrationState.CONFIRMED) & standing,
        ),
        begins=Min("sessions__starts_at"),
    ).filter(first_waiting__isnull=False)
    for workshop in lines.filter(last_confirmed__gt=F("first_waiting")):
        yield f"workshop {workshop.pk}: place {workshop.last_confirmed} is confirmed before {workshop.first_waiting}"
    open_ones = lines.filter(state=WorkshopState.PUBLISHED, taken__lt=F("capacity"), begins__gt=now)
    for workshop in open_ones.filter(
        Q(registration_closes_at=None) | Q(registration_closes_at__gt=now)
    ):
        yield f"workshop {workshop.pk}: somebody waits while a place is free"


def mentor_places(now: datetime) -> Iterator[str]:
    """C7: held is the number of held tandems, and never above capacity."""
    counted = Mentor.objects.annotate(real=Count("tandems", filter=Q(tandems__state__in=HELD)))
    for mentor in counted.exclude(held=F("real")) | counted.filter(held__gt=F("capacity")):
        yield f"mentor {mentor.pk}: held {mentor.held}, tandems {mentor.real}, places {mentor.capacity}"


def one_tandem(now: datetime) -> Iterator[str]:
    """C7: at most one open tandem per mentee."""
    doubled = (
        Tandem.objects.open().values("mentee").annotate(number=Count("pk")).filter(number__gt=1)
    )
    for row in doubled:
        yield f"mentee {row['mentee']}: {row['number']} open tandems"


def reminders_planned(now: datetime) -> Iterator[str]:
    """Every reminder that is wanted in future stands in the outbox under its current version."""
    for table in REMINDER_SOURCES.values():
        if table.wanted is None:
            continue
        wanted = [one for one in table.wanted(now) if one.due_at > now]
        keys = {
            dedupe_key(one.kind, one.obj.pk, one.recipient_id, one.version, one.offset): one
            for one in wanted
        }
        there: set[str] = set()
        all_keys = list(keys)
        for start in range(0, len(all_keys), 500):
            there.update(
                OutgoingMail.objects.filter(dedupe_key__in=all_keys[start : start + 500])
                .exclude(status=MailStatus.CANCELLED)
                .values_list("dedupe_key", flat=True)
            )
        for key in keys.keys() - there:
            yield f"{keys[key].kind} for {keys[key].obj._meta.label} {keys[key].obj.pk} is not planned"


def outbox_sound(now: datetime) -> Iterator[str]:
    """S2, S9: a sent mail has the Message-ID of its key, no two the same; nothing stays claimed long after
    its lease; and the body of a secret mail is deleted once it was sent."""
    sent = OutgoingMail.objects.filter(status=MailStatus.SENT)
    for pk, key, found in sent.values_list("pk", "dedupe_key", "message_id").iterator():
        if found.partition("@")[0] != message_id(key).partition("@")[0]:
            yield f"mail {pk}: sent with the Message-ID “{found}”, which is not that of its key"
    doubled = sent.order_by().values("message_id").annotate(number=Count("pk"))
    for row in doubled.filter(number__gt=1):
        yield f"{row['number']} mails were sent as {row['message_id']}"
    stuck = OutgoingMail.objects.filter(
        status=MailStatus.CLAIMED, claim_until__lt=now - timedelta(minutes=10)
    )
    for mail in stuck:
        yield f"mail {mail.pk}: claimed since long, the lease ran out at {mail.claim_until}"
    secrets = [kind for kind in mail_kinds if mail_kinds[kind].secret]
    told = sent.filter(kind__in=secrets).exclude(text="", html="", facts={})
    for pk in told.values_list("pk", flat=True):
        yield f"mail {pk}: a secret that was sent is still there"


def moves_audited(now: datetime) -> Iterator[str]:
    """P9: every move of every object has an event, and one event names its present state."""
    for model in apps.get_models():
        if not issubclass(model, StatefulModel):
            continue
        seen: set[tuple[str, str]] = set()
        moves: Counter[str] = Counter()
        events = AuditEvent.objects.filter(object_type=model._meta.label)
        for object_id, verb, state in events.values_list(
            "object_id", "verb", "values__state"
        ).iterator():
            seen.add((object_id, state))
            # an object may be entered in a later state: that event counts as the move
            entered = verb not in model.TABLE.moves and state != model.TABLE.initial
            moves[object_id] += verb in model.TABLE.moves or (state is not None and entered)
        moved = model._default_manager.filter(version__gt=0)
        for pk, state, version in moved.values_list("pk", "state", "version").iterator():  # type: ignore[misc]
            if (str(pk), state) not in seen:
                yield f"{model._meta.label} {pk}: no event tells of the move to {state}"
            elif moves[str(pk)] < version:
                yield f"{model._meta.label} {pk}: {version} moves, {moves[str(pk)]} events"


def links_sound(now: datetime) -> Iterator[str]:
    """L4: every link belongs to an object that exists, and its hash to its key."""
    models = {model._meta.label: model for model in apps.get_models()}
    about: dict[str, dict[Any, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for link in ActionLink.objects.iterator():
        if link.token_hash != hash_of(token_of(link)):
            yield f"link {link.pk}: the hash does not belong to it (was LINK_KEY changed?)"
        if link.closed_at is None:
            about[link.object_type][link.object_id].append(link.pk)
    for label, objects in about.items():
        keys, there = list(objects), set[Any]()
        for start in range(0, len(keys), 500) if label in models else ():
            some = models[label]._default_manager.filter(pk__in=keys[start : start + 500])
            there.update(some.values_list("pk", flat=True))
        for key in objects.keys() - there:
            for pk in objects[key]:
                yield f"link {pk}: {label} {key} is gone"


def legal_pages(now: datetime) -> Iterator[str]:
    """Imprint, privacy notice and accessibility statement have a text in both languages."""
    for page in ("imprint", "privacy", "accessibility"):
        own = PageText.objects.filter(page=page).first()
        for language in LANGUAGES:
            if own is None:
                title, body = ours(page, language)
            else:
                title, body = getattr(own, f"title_{language}"), getattr(own, f"body_{language}")
            if not title.strip() or not body.strip():
                yield f"page {page}: nothing is said in {language}"


def parted(now: datetime) -> Iterator[str]:
    """P17: a closed account has no participation, place, role or link, and no waiting mail except ends;
    nobody has a future place, extra ones aside, without a participation that gives a right to it."""
    closed = Q(is_active=False)
    parts = {
        "application": Application.objects.standing().filter(
            applicant__is_active=False, state__in=OPEN
        ),
        "mentee": Mentee.objects.taking_part().filter(user__is_active=False),
        "mentor": Mentor.objects.filter(user__is_active=False, state__in=TAKING_PART),
        "role": CohortRole.objects.filter(user__is_active=False),
        "link": ActionLink.objects.live()
        .filter(holder__is_active=False)
        .exclude(purpose__in=BEGINNINGS),
        "rights": User.objects.filter(closed).filter(Q(is_staff=True) | Q(is_superuser=True)),
    }
    for noun, rows in parts.items():
        for row in rows:
            yield f"{noun} {row.pk}: the account is closed"
    ends = [one.kind for one in mail_kinds.values() if one.reaches_closed]
    waiting = OutgoingMail.objects.filter(recipient__is_active=False, status__in=WAITING)
    for mail in waiting.exclude(kind__in=ends):
        yield f"mail {mail.pk}: it waits for a closed account"
    mentee = Mentee.objects.taking_part().filter(
        user=OuterRef("person"), cohort=OuterRef("workshop__cohort")
    )
    mentor = Mentor.objects.filter(user=OuterRef("person"), state__in=TAKING_PART)
    ahead = Registration.objects.standing().filter(
        workshop__state=WorkshopState.PUBLISHED, workshop__sessions__starts_at__gt=now
    )
    without = ahead.filter(~Exists(mentee) & ~Exists(mentor), extra=False)
    for place in (without | ahead.filter(person__is_active=False)).distinct():
        yield f"registration {place.pk}: the person has parted"


CHECKS: dict[str, Check] = {
    "workshop places": workshop_places,
    "waiting lists": waiting_lists,
    "mentor places": mentor_places,
    "one tandem per mentee": one_tandem,
    "reminders planned": reminders_planned,
    "outbox": outbox_sound,
    "who has parted": parted,
    "moves audited": moves_audited,
    "links": links_sound,
    "legal pages": legal_pages,
}


def breaches(now: datetime) -> list[str]:
    """One line per violation of any invariant; empty when all hold."""
    return [f"{name}: {line}" for name, check in CHECKS.items() for line in check(now)]
