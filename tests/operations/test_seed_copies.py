"""A demo beyond the usual size: further people are copies of those whom the verbs brought in."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import User
from core.audit.models import AuditEvent
from core.links.models import ActionLink
from matching.models import Tandem
from meetings.models import Meeting
from mentees.models import Application, FormerMentee, Mentee
from mentees.past_participation import address_hash
from mentoring.devtools.demo.seed import seed_demo
from mentoring.devtools.demo.stage import Sizes
from mentoring.operations.verify import breaches
from mentors.models import Mentor
from outbox.models import MailStatus, OutgoingMail
from programme.models import Cohort
from tests.operations.test_seed import AT, taken_back, told

pytestmark = pytest.mark.django_db
WANTED = Sizes(mentees=24, mentors=40, workshops=1)
BY_VERBS = Sizes(mentees=6, mentors=10)


def test_a_demo_of_copies_keeps_every_rule_and_is_the_same_from_the_same_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("mentees", "mentors"):
        monkeypatch.setattr(Sizes, name, getattr(BY_VERBS, name))
    found = []
    for _time in range(2):
        with taken_back():
            seed_demo(AT, seed=3, sizes=WANTED)
            found.append(told())
            if len(found) == 1:
                assert breaches(AT) == []
                _as_wanted()
                _told_of_the_copies_themselves()
    assert found[0] == found[1]
    assert len(found[0]) > 200


def _as_wanted() -> None:
    running = Cohort.objects.get(starts_on__lte=AT, ends_on__gte=AT)
    mentees = Mentee.objects.filter(cohort=running)
    assert mentees.count() == WANTED.mentees
    assert Mentor.objects.count() == WANTED.mentors
    live = Tandem.objects.live().filter(cohort=running)
    assert live.count() > 2 * BY_VERBS.mentees  # copied with their mentors
    meetings = Meeting.objects.filter(tandem__cohort=running)
    assert meetings.values("tandem").distinct().count() > 2 * BY_VERBS.mentees
    coming = Application.objects.filter(cohort__starts_on__gt=AT)
    states = Counter(coming.values_list("state", flat=True))
    assert set(states) == set(Application.TABLE.states) - {"draft"}
    assert min(states.values()) >= WANTED.mentees / BY_VERBS.mentees
    names = list(User.objects.values_list("name", flat=True).exclude(name=""))
    assert len(set(names)) == len(names)
    hashes = set(FormerMentee.objects.values_list("address_hash", flat=True))
    assert {address_hash(one.user.email) for one in mentees.select_related("user")} <= hashes


def _told_of_the_copies_themselves() -> None:
    """What the rows of a tandem say of its people are their own names and keys, in whatever column."""
    for tandem in Tandem.objects.live().with_people():
        people = {str(tandem.mentee.user_id), str(tandem.mentor.user_id)}
        events = AuditEvent.objects.filter(object_id=str(tandem.pk), actor_role__startswith="ment")
        assert {str(one.actor_id) for one in events} <= people
        for link in ActionLink.objects.filter(object_id=tandem.pk):
            assert str(link.holder_id) in people
        for mail in OutgoingMail.objects.filter(object_id=tandem.pk):
            assert mail.facts.get("mentee", tandem.mentee.user.name) == tandem.mentee.user.name
            assert mail.facts.get("mentor", tandem.mentor.name) == tandem.mentor.name
            assert mail.thread in ("", f"tandem:{tandem.pk}")
    late = OutgoingMail.objects.filter(planned_for__lt=AT, status=MailStatus.PLANNED)
    assert not late.filter(useful_until__gt=AT + timedelta(days=1)).exists()
