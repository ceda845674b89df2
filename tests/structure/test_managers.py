"""No state is written past its verb: not in bulk, and not through what was read of an object."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps

from core.errors import RuleViolation
from core.states import StatefulModel, StatefulQuerySet
from matching.models import Tandem
from mentoring import PACKAGES
from tests import factories

STATEFUL = [model for model in apps.get_models() if issubclass(model, StatefulModel)]


@pytest.mark.parametrize("model", STATEFUL, ids=lambda model: model._meta.label)
def test_states_are_not_written_in_bulk_past_the_verbs(model: type[StatefulModel]) -> None:
    assert isinstance(model._default_manager.all(), StatefulQuerySet)


def by_hand(tandem: Tandem) -> Tandem:
    tandem.state = "confirmed"
    return tandem


def read_again(tandem: Tandem) -> Tandem:
    by_hand(tandem).refresh_from_db(fields=["version"])
    return tandem


def deferred_is_read(tandem: Tandem) -> Tandem:
    """Reading a deferred field fetches it, and only it."""
    found = by_hand(Tandem.objects.defer("version").get(pk=tandem.pk))
    assert found.version >= 0
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        by_hand,
        read_again,
        deferred_is_read,
        lambda tandem: by_hand(Tandem.objects.only("pk").get(pk=tandem.pk)),
        lambda tandem: by_hand(Tandem.objects.defer("state").get(pk=tandem.pk)),
        lambda tandem: Tandem(pk=tandem.pk, state="confirmed"),
    ],
    ids=["set", "read again", "deferred field", "only the key", "deferred state", "made anew"],
)
def test_a_state_is_not_saved_past_its_verb_however_the_object_was_read(
    change: Callable[[Tandem], Tandem],
) -> None:
    tandem = factories.tandem("mentor_asked")
    with pytest.raises(RuleViolation) as refusal:
        change(tandem).save()
    assert refusal.value.code == "bypass"
    tandem.refresh_from_db()
    assert tandem.state == "mentor_asked"


@pytest.mark.django_db
def test_a_move_of_what_was_read_in_part_is_saved() -> None:
    tandem = Tandem.objects.defer("state", "version").get(pk=factories.tandem("mentee_agreed").pk)
    Tandem.TABLE.move(tandem, "approve", now=factories.NOW)
    tandem.save()
    tandem.refresh_from_db()
    assert tandem.state == "approved"


def test_there_are_models_with_states() -> None:
    assert len(STATEFUL) >= 7


def test_s12_no_field_reads_a_clock_of_its_own() -> None:
    """``now`` is handed down; a field that stamps itself would tell another time than its event."""
    own = [
        str(field)
        for model in apps.get_models()
        if model.__module__.split(".")[0] in PACKAGES
        for field in model._meta.get_fields()
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    assert own == []
