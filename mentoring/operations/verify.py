"""The invariants that must hold at any time (promises.md §5), each as a function that yields breaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Count, F, Max, Min, Q

from matching.models import Tandem
from matching.states import HELD
from mentoring import registries
from mentoring.audit.models import AuditEvent
from mentoring.links.actions import hash_of, token_of
from mentoring.links.models import ActionLink
from mentoring.outbox.models import MailStatus, OutgoingMail, dedupe_key
from mentoring.transitions import StatefulModel
from mentors.models import Mentor
from workshops.models import Workshop

Check = Callable[[datetime], Iterator[str]]


def workshop_places(now: datetime) -> Iterator[str]:
    """C1: taken is the number of confirmed registrations that are not extra, and never above capacity."""
    counted = Workshop.objects.annotate(
        real=Count(
            "registrations", filter=Q(registrations__state="confirmed", registrations__extra=False)
        )
    )
    for workshop in counted.exclude(taken=F("real")) | counted.filter(taken__gt=F("capacity")):
        yield f"workshop {workshop.pk}: taken {workshop.taken}, confirmed {workshop.real}, places {workshop.capacity}"


def waiting_lists(now: datetime) -> Iterator[str]:
    """C6: nobody overtakes, and nobody waits while a place is free in a workshop still to begin."""
    standing = Q(registrations__extra=False)
    lines = Workshop.objects.annotate(
        first_waiting=Min(
            "registrations__place_in_line", filter=Q(registrations__state="waitlisted") & standing
        ),
        last_confirmed=Max(
            "registrations__place_in_line", filter=Q(registrations__state="confirmed") & standing
        ),
        begins=Min("sessions__starts_at"),
    ).filter(first_waiting__isnull=False)
    for workshop in lines.filter(last_confirmed__gt=F("first_waiting")):
        yield f"workshop {workshop.pk}: place {workshop.last_confirmed} is confirmed before {workshop.first_waiting}"
    open_ones = lines.filter(state="published", taken__lt=F("capacity"), begins__gt=now)
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
    for table in registries.reminders.values():
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
    """S2, S9: nothing is sent without a Message-ID, nothing stays claimed long after its lease."""
    for mail in OutgoingMail.objects.filter(status=MailStatus.SENT, message_id=""):
        yield f"mail {mail.pk}: sent without Message-ID"
    stuck = OutgoingMail.objects.filter(
        status=MailStatus.CLAIMED, claim_until__lt=now - timedelta(minutes=10)
    )
    for mail in stuck:
        yield f"mail {mail.pk}: claimed since long, the lease ran out at {mail.claim_until}"


def moves_audited(now: datetime) -> Iterator[str]:
    """P9: every object that was moved has an event of the move into the state it is in."""
    for model in apps.get_models():
        if not issubclass(model, StatefulModel):
            continue
        events = AuditEvent.objects.filter(object_type=model._meta.label).values_list(
            "object_id", "values__state"
        )
        seen = {(object_id, state) for object_id, state in events.iterator()}
        moved = model._default_manager.filter(version__gt=0)
        for pk, state in moved.values_list("pk", "state").iterator():  # type: ignore[misc]
            if (str(pk), state) not in seen:
                yield f"{model._meta.label} {pk}: no event tells of the move to {state}"


def links_sound(now: datetime) -> Iterator[str]:
    """L4: every link belongs to an object that exists, and its hash to its key."""
    models = {model._meta.label: model for model in apps.get_models()}
    for link in ActionLink.objects.iterator():
        if link.token_hash != hash_of(token_of(link)):
            yield f"link {link.pk}: the hash does not belong to it (was LINK_KEY changed?)"
        gone = not models[link.object_type]._default_manager.filter(pk=link.object_id).exists()
        if link.closed_at is None and gone:
            yield f"link {link.pk}: {link.object_type} {link.object_id} is gone"


CHECKS: dict[str, Check] = {
    "workshop places": workshop_places,
    "waiting lists": waiting_lists,
    "mentor places": mentor_places,
    "one tandem per mentee": one_tandem,
    "reminders planned": reminders_planned,
    "outbox": outbox_sound,
    "moves audited": moves_audited,
    "links": links_sound,
}


def breaches(now: datetime) -> list[str]:
    """One line per breach of any invariant; empty when all hold."""
    return [f"{name}: {line}" for name, check in CHECKS.items() for line in check(now)]
