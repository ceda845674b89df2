"""Rows that are edited on the page of another object, without overwriting what somebody else saved meanwhile."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.forms import entries
from core.forms.edits import MARK, EditForm


class EditFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """A mixin for rows edited on the page of another object, each one an ``EditForm``.

    A row that somebody else added meanwhile stays. One that somebody else deleted is dropped, unless this
    person changed it: then it appears among the new rows, and the formset is refused once.
    """

    taken_out_meanwhile = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.management_form.is_valid():
            self._follow_the_stored_rows()

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.audited = self.instance
        return form

    def clean(self) -> None:
        """Refuses to delete what somebody else changed, or to change what somebody else deleted."""
        super().clean()
        if self.taken_out_meanwhile:
            raise ValidationError(
                _(
                    "A row that you changed has been removed in the meantime. It now "
                    "appears below as a new one: save again to add it, or empty it."
                ),
                code="conflict",
            )
        leaving: list[Any] = [one for one in self.forms if self._is_taken_out(one)]
        for form in leaving:
            if said := [one for one in form.conflicts.values() if one]:
                raise ValidationError(
                    [
                        _("You are about to remove a row that has been changed in the meantime."),
                        *said,
                    ],
                    code="conflict",
                )

    def _follow_the_stored_rows(self) -> None:
        """Reorders the submitted data to match the rows as stored now."""
        counts: dict[str, Any] = self.management_form.cleaned_data
        sent = entries.copied(self.data)
        stored: Any = self.model
        key, rows = stored._meta.pk.name, list(self.get_queryset())
        first = min(counts["INITIAL_FORMS"], self.absolute_max)
        total = min(counts["TOTAL_FORMS"], self.absolute_max)
        places = {sent.get(f"{self.add_prefix(i)}-{key}", ""): i for i in range(first)}
        if list(places) == [str(row.pk) for row in rows]:
            return
        data = QueryDict(mutable=True)
        for name in sent:
            if not name.removeprefix("initial-").startswith(f"{self.prefix}-"):
                data.setlist(name, sent.getlist(name))
        for number, row in enumerate(rows):
            place = places.pop(str(row.pk), None)
            if place is None:
                form: Any = self.form(instance=row, prefix=self.add_prefix(number))
                data = form.left_alone(data)
            else:
                self._move(sent, place, data, number)
            data[f"{self.add_prefix(number)}-{key}"] = str(row.pk)
        last = len(rows)
        for place in places.values():
            if self._was_changed(sent, place):
                self.taken_out_meanwhile = True
                self._move(sent, place, data, last)
                data.pop(f"{self.add_prefix(last)}-{key}", None)
                last += 1
        for place in range(first, total):
            self._move(sent, place, data, last)
            last += 1
        counts_now = {"INITIAL_FORMS": len(rows), "TOTAL_FORMS": last}
        for name in ("MIN_NUM_FORMS", "MAX_NUM_FORMS"):
            counts_now[name] = counts.get(name) or 0
        for name, number in counts_now.items():
            data[f"{self.prefix}-{name}"] = str(number)
        self.data = data
        self.__dict__.pop("management_form", None)  # the row counted in the submitted data

    def _move(self, sent: QueryDict, place: int, data: QueryDict, number: int) -> None:
        before, after = f"{self.add_prefix(place)}-", f"{self.add_prefix(number)}-"
        for name in sent:
            for prefix in ("", "initial-"):
                if name.startswith(f"{prefix}{before}"):
                    moved = f"{prefix}{after}{name.removeprefix(prefix + before)}"
                    data.setlist(moved, sent.getlist(name))

    def _is_taken_out(self, form: Any) -> bool:
        return bool(self.can_delete and form.cleaned_data.get(DELETION_FIELD_NAME))

    def _was_changed(self, sent: QueryDict, place: int) -> bool:
        prefix = f"{self.add_prefix(place)}-"
        if sent.get(f"{prefix}{DELETION_FIELD_NAME}"):
            return False
        opened = [name for name in sent if name.startswith(f"initial-{prefix}")]
        names = [one.removeprefix("initial-") for one in opened if not one.endswith(f"-{MARK}")]
        return any(
            name in sent and sent.getlist(name) != sent.getlist(f"initial-{name}") for name in names
        )


@cache
def edit_form(form: type[Any]) -> type[Any]:
    """``form`` as an ``EditForm``."""
    return form if issubclass(form, EditForm) else type(form.__name__, (EditForm, form), {})


@cache
def edit_formset(formset: type[Any]) -> type[Any]:
    """``formset`` as an ``EditFormSet``."""
    if issubclass(formset, EditFormSet):
        return formset
    return type(formset.__name__, (EditFormSet, formset), {})
