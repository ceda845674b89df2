"""Forms that change a stored row without overwriting what somebody else saved meanwhile (C10).

Such a form carries in hidden inputs (``initial-<name>``) what each control showed when it was opened. When it
is sent, each field is compared three ways: opened, sent, and stored now. A field that was not changed takes
the stored value; a field that only this person changed is saved; where both changed the same field, the form
is refused once: the message beside the field says what was saved meanwhile, the control keeps the entry, and
sending it again saves it. The caller reads the row after locking it, so that "stored" stays true until the
transaction ends (C3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.utils import flatatt
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import kept_input
from core.audit.models import AuditEvent
from core.errors import RuleViolation
from core.forms import add_violation, entries
from core.retries import retry_on_conflict
from core.templatetags.ui import (
    clock,
    short_day,
)

MARK = "seen"  # ``initial-seen``: version at opening; without it no comparison
SHORT = 160  # characters of an entry that are repeated in the message beside its control


class EditForm(forms.BaseForm):
    """A mixin for forms that change a stored row; a form for a new row works as usual.

    ``initial`` (or the instance) is the row as stored, read under its lock where the form is bound.
    ``audited`` is the object of the audit events, by default the instance; ``recorded_as`` maps fields to
    their names in those events, where they differ. The template outputs ``opened``.
    """

    audited: models.Model | None = None
    recorded_as: Mapping[str, str] = {}
    refused: RuleViolation | None = None  # violations the verb raised for this form in this request
    conflicts: Mapping[str, str] = {}
    came_meanwhile = False  # nothing of it was sent: it was not yet on the page

    @property
    def edits(self) -> bool:
        """Whether there is a stored row that the form changes."""
        instance = getattr(self, "instance", None)
        return instance is None or not instance._state.adding

    @property
    def opened(self) -> SafeString:
        """The hidden inputs with the values the controls show, to be output inside the form.

        A form that is shown again without having been compared (the language was switched, the session had
        ended) passes on the values it came with.
        """
        mark = self.add_initial_prefix(MARK)
        came_with = self._came_with()
        if not self.edits or (came_with is not None and mark not in came_with):
            return SafeString()
        values: dict[str, list[str]] = {}
        for bound in self._compare_fields():
            values |= entries.shown(bound)
        version = self._version(values)
        if came_with is not None:
            values = {name: came_with.getlist(f"initial-{name}") for name in values}
            version = str(came_with[mark])
        pairs = [(f"initial-{name}", one) for name, many in values.items() for one in many]
        return format_html_join(
            "",
            "<input{}>",
            (
                (flatatt({"type": "hidden", "name": name, "value": value}),)
                for name, value in [(mark, version), *pairs]
            ),
        )

    def _came_with(self) -> MultiValueDict[str, str] | None:
        """The ``initial-…`` values that were sent with the entries; None where the form is new or was
        compared."""
        if self.is_bound:
            return None if self._compared else entries.copied(self.data)
        kept = kept_input.current()
        return kept.data if kept is not None and kept.has(self) else None

    _compared = False

    def full_clean(self) -> None:
        """Django's, on the merged entries; conflicts become errors of their fields."""
        if self.is_bound and self.edits:
            self.conflicts = self._compare()
        super().full_clean()
        for name, sentence in self.conflicts.items():
            self.add_error(name, ValidationError(sentence, code="conflict"))
        if self.refused is not None:
            add_violation(self, self.refused)

    def _compare(self) -> dict[str, str]:
        """Replaces unchanged entries by the stored values; returns a sentence per conflict."""
        self._compared = True
        known = self.add_initial_prefix(MARK) in self.data
        names = [name for bound in self._compare_fields() for name in entries.shown(bound)]
        left_out = not any(name in self.data for name in names)
        if left_out and not (known and self._has_boxes_alone()):
            self.came_meanwhile = True
            self.data = self.left_alone(self.data)
            return {}
        taken_out = bool(self.data.get(self.add_prefix(DELETION_FIELD_NAME)))
        data, conflicts = entries.copied(self.data), {}
        for bound in self._compare_fields():
            shown = entries.shown(bound)
            stored = entries.read(bound, entries.copied(shown), bound.html_name)
            sent = entries.read(bound, self.data, bound.html_name)
            opened = entries.read(bound, self.data, bound.html_initial_name)
            if known and opened == stored:
                continue
            if known and opened == sent and not taken_out:
                for name, values in shown.items():
                    data.setlist(name, values)
            elif sent != stored or taken_out:
                conflicts[bound.name] = self._sentence(bound, sent, known=known)
        self.data = data
        return conflicts

    def changed_since_opened(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        """For a page that deletes the row: each field whose stored value differs from what the page showed,
        in words. Without ``opened`` every field counts."""
        data, found = entries.copied(data), []
        known = self.add_initial_prefix(MARK) in data
        for bound in self._compare_fields():
            opened = entries.read(bound, data, bound.html_initial_name) if known else None
            if opened != entries.read(bound, entries.copied(entries.shown(bound)), bound.html_name):
                said = entries.entered(bound.field, opened) if known else None
                stored = entries.in_words(bound.field, bound.initial)
                found.append({"label": bound.label, "opened": said, "stored": stored})
        return found

    def _has_boxes_alone(self) -> bool:
        """Whether a browser sends nothing of the form when all its controls are left empty."""
        return not any(
            bound.field.widget.value_omitted_from_data({}, {}, bound.html_name)
            for bound in self._compare_fields()
        )

    def left_alone(self, data: Mapping[str, Any]) -> QueryDict:
        """``data`` with the values that this form would send if it were opened now and left unchanged."""
        data = entries.copied(data)
        for bound in self._compare_fields():
            for name, values in entries.shown(bound).items():
                data.setlist(name, values)
                data.setlist(f"initial-{name}", values)
        data[self.add_initial_prefix(MARK)] = "new"
        return data

    def _compare_fields(self) -> list[forms.BoundField]:
        return [
            bound
            for bound in self
            if not (bound.is_hidden or bound.field.disabled or bound.name == DELETION_FIELD_NAME)
        ]

    def _version(self, values: Mapping[str, list[str]]) -> str:
        """The version of the row: its own, else a hash of the values the controls show."""
        version = getattr(self.audited or getattr(self, "instance", None), "version", None)
        if isinstance(version, int):
            return str(version)
        return sha256(repr(sorted(values.items())).encode()).hexdigest()[:16]

    def _sentence(self, bound: forms.BoundField, sent: Any, *, known: bool) -> str:
        """The message for a conflict: both entries, who saved what and when, and what saving again does."""
        stored = entries.in_words(bound.field, bound.initial)
        theirs = stored if len(stored) <= SHORT else f"{stored[:SHORT].rstrip()} …"
        mine = entries.entered(bound.field, sent)
        event = self.last_change(bound.name)
        person = (
            get_user_model().objects.filter(pk=event.actor_id).first()
            if event is not None and event.actor_id is not None
            else None
        )
        if not known:
            said = _(
                "We don’t know what this page showed when you opened it. The saved value "
                "is “%(theirs)s”."
            ) % {"theirs": theirs}
        elif event is not None and person is not None:
            said = _("In the meantime %(who)s has saved “%(theirs)s” here (%(when)s).") % {
                "who": person,
                "theirs": theirs,
                "when": f"{short_day(event.at)}, {clock(event.at)}",
            }
        else:
            said = _("In the meantime “%(theirs)s” has been saved here.") % {"theirs": theirs}
        if len(mine) > SHORT:
            return f"{said} " + _(
                "Your entry is in the field but has not been saved yet. Save again to "
                "keep it, or change it first."
            )
        return f"{said} " + _(
            "Your entry “%(mine)s” has not been saved yet. Save again to keep it, or "
            "change it first."
        ) % {"mine": mine}

    def last_change(self, name: str) -> AuditEvent | None:
        """The latest event of the row in which this field changed, None for none."""
        audited = self.audited or getattr(self, "instance", None)
        if audited is None:
            return None
        name = self.recorded_as.get(name, name)
        events = AuditEvent.objects.of(audited)[:50]
        return next((one for one in events if name in one.fields), None)


def lock_row(model: type[models.Model], key: str) -> None:
    """Locks the row with this key until the transaction ends; an invalid key locks nothing."""
    try:
        wanted = model._meta.pk.to_python(key)
    except ValidationError:
        return
    # "No key", as people are locked elsewhere: a mail to somebody may be queued meanwhile (C4).
    model._base_manager.select_for_update(no_key=True).filter(pk=wanted).first()


def saves_under_lock(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view whose ``EditForm`` saves: runs a POST as one transaction, so that the view can lock the row,
    read it, compare and save; retried after a conflict in the database (C4)."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        return retry_on_conflict(transaction.atomic(view))(request, *args, **kwargs)

    return run
