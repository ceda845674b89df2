"""How long a link decides, and which others it leaves alone (promises L4, L5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.links import actions
from core.links.models import ActionLink
from tests import factories
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
SIXTY, LATER = timedelta(days=60), NOW + timedelta(days=1)


def live() -> set[object]:
    return set(ActionLink.objects.live().values_list("pk", flat=True))


def test_l5_no_link_to_decide_by_is_open_for_longer_than_sixty_days() -> None:
    about, holder = factories.person(), factories.person()
    long = NOW + timedelta(days=200)
    link = actions.issue("probe", about, holder, now=NOW, expires_at=long)
    assert link.expires_at == NOW + SIXTY
    actions.reopen(link, now=LATER, expires_at=long)
    link.refresh_from_db()
    assert link.expires_at == LATER + SIXTY
    actions.reopen(link, now=LATER, expires_at=LATER + SIXTY - timedelta(seconds=1))
    assert link.expires_at == LATER + SIXTY - timedelta(seconds=1)


def test_l5_a_link_expires_at_its_moment_and_not_before() -> None:
    about, holder = factories.person(), factories.person()
    link = actions.issue("probe", about, holder, now=NOW, expires_at=LATER)
    assert link.state_at(LATER - timedelta(seconds=1)) == "open"
    assert link.state_at(LATER) == "expired"
    actions.mark_used(link, now=NOW)
    assert link.state_at(LATER) == "used"


def test_l4_a_fresh_link_replaces_that_of_its_purpose_object_and_holder_alone() -> None:
    about, other, holder, second = (factories.person() for _ in range(4))
    first = actions.issue("probe", about, holder, now=NOW)
    beside = {
        actions.issue("other", about, holder, now=NOW).pk,
        actions.issue("probe", other, holder, now=NOW).pk,
        actions.issue("probe", about, second, now=NOW).pk,
    }
    fresh = actions.issue("probe", about, holder, now=LATER)
    assert live() == {fresh.pk, *beside}
    first.refresh_from_db()
    assert first.state_at(LATER) == "replaced"
    assert (first.version, fresh.version) == (0, 1)
    again = actions.issue("probe", about, holder, now=LATER)
    assert again.version == 2


def test_l5_withdrawing_closes_the_links_of_one_purpose_and_object_alone() -> None:
    about, other, holder = (factories.person() for _ in range(3))
    gone = actions.issue("probe", about, holder, now=NOW)
    beside = {
        actions.issue("other", about, holder, now=NOW).pk,
        actions.issue("probe", other, holder, now=NOW).pk,
    }
    replaced = actions.issue("probe", about, factories.person(), now=NOW)
    ActionLink.objects.filter(pk=replaced.pk).update(closed_at=NOW, closed_as="replaced")
    assert actions.withdraw("probe", about, now=LATER) == 1
    assert live() == beside
    gone.refresh_from_db()
    replaced.refresh_from_db()
    assert (gone.state_at(LATER), replaced.state_at(LATER)) == ("withdrawn", "replaced")


def test_l5_a_former_mailbox_decides_nothing_and_others_keep_their_links() -> None:
    about, holder, other = (factories.person() for _ in range(3))
    actions.issue("probe", about, holder, now=NOW)
    kept = actions.issue("probe", about, other, now=NOW)
    with actions.withdrawing_from(holder, now=LATER):
        fresh = actions.issue("second", about, holder, now=LATER)
    assert live() == {kept.pk, fresh.pk}
