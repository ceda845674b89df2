"""Every verb of every test is watched for locks (``tests/locks.py``): these are the controls (C2, C3)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from matching.models import Tandem
from matching.states import TANDEM
from mentors.models import Mentor
from outbox.actions import queue
from tests import factories
from tests.conftest import NOW
from tests.locks import Careless

pytestmark = pytest.mark.django_db
LOCKED = """
    Mentor.objects.select_for_update().get(pk=tandem.mentor_id)
    tandem = Tandem.objects.select_for_update().get(pk=tandem.pk)
"""


def verb(body: str) -> Any:
    """A verb of matching with this body, as if it stood in the product."""
    code = compile(f"def act(tandem, now):{body}\n", "/matching/actions/probe.py", "exec")
    names: dict[str, Any] = {"Tandem": Tandem, "Mentor": Mentor, "TANDEM": TANDEM}
    exec(code, names)
    return transaction.atomic(names["act"])


MOVE = "    TANDEM.move(tandem, 'pass_probation', now=now)\n    tandem.save()"
NOTE = "    tandem.end_reason = 'why'\n    tandem.save()"


@pytest.mark.parametrize("body", [MOVE, NOTE])
def test_c3_what_a_verb_moves_and_writes_it_has_locked(body: str) -> None:
    verb(LOCKED + body)(factories.tandem("probation"), NOW)


@pytest.mark.parametrize(
    "body",
    [
        f"\n{MOVE}",
        f"\n{NOTE}",
        # one of the two locks is missing
        LOCKED.splitlines()[2].join(("\n", "\n")) + MOVE,
        LOCKED.splitlines()[1].join(("\n", "\n")) + NOTE,
        # locked, but what is moved was read before
        f"\n    Tandem.objects.select_for_update().get(pk=tandem.pk)\n{MOVE}",
        # read before the lock, and not anew
        "\n    seen = Tandem.objects.get(pk=tandem.pk)" + LOCKED + MOVE.replace("tandem", "seen"),
    ],
)
def test_c2_control_a_verb_that_forgets_a_lock_is_found(body: str) -> None:
    with pytest.raises(Careless):
        verb(body)(factories.tandem("probation"), NOW)


def test_c2_control_a_mail_that_is_decided_without_its_lock_is_found() -> None:
    person = factories.person()
    mail, _new = queue("staff-invitation", person, person, {"until": ""}, now=NOW)
    with pytest.raises(Careless):
        verb("\n    tandem.save()")(mail, NOW)


def test_c2_control_a_lock_of_another_transaction_counts_for_nothing() -> None:
    tandem = factories.tandem("probation")
    verb(LOCKED + NOTE)(tandem, NOW)
    with pytest.raises(Careless):
        verb(f"\n{NOTE}")(tandem, NOW)
