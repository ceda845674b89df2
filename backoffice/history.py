"""Audit events in words: who, in which role, did what, and which fields changed.

Every verb is told in the past and follows the name of who did it: “withdrew the application”, „hat die
Bewerbung zurückgezogen“.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignObjectRel, Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from core.audit.models import AuditEvent
from core.states import StatefulModel

ROLES = {
    "coordinator": _("coordinators"),
    "admin": _("technical administration"),
    "mentee": _("mentee"),
    "mentor": _("mentor"),
    "applicant": _("applicant"),
    "person": _("person"),
    "system": _("the programme itself"),
}
ONESELF = ("mentee", "mentor", "applicant", "person")  # roles of people who act for themselves
COMMON_VERBS = {
    "create": pgettext_lazy("history", "entered"),
    "change": pgettext_lazy("history", "changed entries"),
}


def readable(events: Iterable[AuditEvent], model: type[Model]) -> list[dict[str, Any]]:
    """The events for the history template: at, actor_role, actor_name, verb_label, fields, note.

    Two queries for any number of events; for an erased person only the role is shown.
    """
    events = list(events)
    people = User.objects.in_bulk({event.actor_id for event in events if event.actor_id})
    return [
        {
            "at": event.at,
            "actor_role": ROLES.get(event.actor_role, event.actor_role),
            "actor_name": str(people[event.actor_id]) if event.actor_id in people else "",
            "verb_label": verb_label(event.verb, model, event.actor_role),
            "fields": [field_label(name, model) for name in event.fields],
            "note": _state_note(event, model),
        }
        for event in events
    ]


def verb_label(verb: str, model: type[Model], role: str) -> Any:
    """The past form of the verb from the model's ``AUDIT_LABELS`` or state table, else a common word, else
    the verb. Where people do it themselves (``role`` in ``ONESELF``), ``AUDIT_LABELS_OF_ONESELF`` comes
    first."""
    own = getattr(model, "AUDIT_LABELS_OF_ONESELF", {})
    if role in ONESELF and verb in own:
        return own[verb]
    return known_label(verb, model) or verb.replace("_", " ")


def known_label(verb: str, model: type[Model]) -> Any:
    """The verb in words; None where it has none."""
    if verb in (own := getattr(model, "AUDIT_LABELS", {})):
        return own[verb]
    if issubclass(model, StatefulModel) and verb in model.TABLE.moves:
        return model.TABLE.moves[verb].past
    return COMMON_VERBS.get(verb)


def field_label(name: str, model: type[Model]) -> str:
    """The verbose name of a field, the plural of what points here (a workshop's sessions), the model's
    ``AUDIT_FIELDS`` for others, or the name."""
    if name in (own := getattr(model, "AUDIT_FIELDS", {})):
        return str(own[name])
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    if isinstance(field, ForeignObjectRel):
        return str(field.related_model._meta.verbose_name_plural)
    return str(getattr(field, "verbose_name", name))


def _state_note(event: AuditEvent, model: type[Model]) -> str:
    state = event.values.get("state")
    if state and issubclass(model, StatefulModel) and state in model.TABLE.states:
        return str(model.TABLE.label(state))
    own = getattr(model, "audit_note", None)  # labels the model defines
    return str(own(event.values)) if own else ""
