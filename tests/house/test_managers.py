"""No model with a state is without the queryset that refuses to write states in bulk."""

from __future__ import annotations

import pytest
from django.apps import apps

from mentoring.transitions import StatefulModel, StatefulQuerySet

STATEFUL = [model for model in apps.get_models() if issubclass(model, StatefulModel)]


@pytest.mark.parametrize("model", STATEFUL, ids=lambda model: model._meta.label)
def test_states_are_not_written_in_bulk_past_the_verbs(model: type[StatefulModel]) -> None:
    assert isinstance(model._default_manager.all(), StatefulQuerySet)


def test_there_are_models_with_states() -> None:
    assert len(STATEFUL) >= 7


def test_s12_no_field_reads_a_clock_of_its_own() -> None:
    """``now`` is handed down; a field that stamps itself would tell another time than its event."""
    own = [
        str(field)
        for model in apps.get_models()
        if model.__module__.split(".")[0]
        in {"mentoring", "mentors", "mentees", "matching", "workshops", "meetings"}
        for field in model._meta.get_fields()
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    assert own == []
