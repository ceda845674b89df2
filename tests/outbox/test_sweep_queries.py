"""Planning reminders takes the same few queries for any number of them."""

from __future__ import annotations

from datetime import datetime

import pytest

from meetings.models import Meeting
from outbox.models import OutgoingMail
from tests import factories
from tests.measures import sweeping

pytestmark = pytest.mark.django_db


def test_a_sweep_plans_and_announces_1000_due_reminders_with_20_queries(now: datetime) -> None:
    tandem = factories.tandem("active")
    sweeping.due_meetings(tandem, now)
    queries, rows = sweeping.counted(now)
    assert rows == 1000 == OutgoingMail.objects.due(now).count() == 2 * Meeting.objects.count()
    assert queries <= sweeping.AT_MOST
    # nothing is planned twice, and looking again is no dearer
    again, planned = sweeping.counted(now)
    assert planned == 0
    assert again <= sweeping.AT_MOST
