"""Sending by real processes that are killed, beside each other and against each other.

A worker killed with SIGKILL at any point loses nothing (promise S2).

Duplicates are possible only where SMTP itself leaves a window, for kinds that are to be sent once more:
between the final dot and our commit. They are the same mail then, with the same Message-ID. A kind that
asks a coordinator is never sent twice: it was marked as handed over before the dot.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from outbox.checkpoints import NAMES
from tests.outbox.smtpd import Smtpd
from tests.races.harness import Ground, rounds

HAND = "tests.races.crash_hand"
MAILS = {"probe-question": 3, "probe-reminder": 3}
WINDOW = {"after_dot", "after_250"}


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    with Ground(request.param) as made:
        yield made


@pytest.mark.parametrize("who", ["child", "parent", "both"])
def test_s2_kill_nine_at_every_checkpoint_loses_nothing(ground, who, record_property):
    count = rounds(1, 50)
    record_property("rounds", count * len(NAMES))
    for at in NAMES:
        for number in range(count):
            with Smtpd() as server:
                ground.call(f"{HAND}:prepare", url=server.url, connections=1)
                ground.call(f"{HAND}:fill", kinds_by_number=MAILS)
                nth = 1 if at in {"before_claim", "after_claim"} else number % 6 + 1
                ground.call(f"{HAND}:crash", at=at, nth=nth, who=who)
                for minutes in (6, 30):  # the leases' end, then the quarter of an hour of a doubt
                    ground.call(f"{HAND}:recover", minutes=minutes)
                taken = server.settled(0.02).counts()
            rows = ground.call(f"{HAND}:rows")
            told = f"{who} killed {at}, passing {nth}"
            assert len(rows) == 6, told
            for row in rows:
                times = taken[row["message_id"]]
                assert row["status"] == "sent" or (row["kind"], row["status"]) == (
                    "probe-question", "in_doubt",
                ), told  # fmt: skip
                assert times >= 1, told
                allowed = 2 if at in WINDOW and row["kind"] == "probe-reminder" else 1
                assert times <= allowed, told
            doubts = sum(row["status"] == "in_doubt" for row in rows)
            # One mail of a connection can stand between the dot and our commit.
            assert doubts <= (at in WINDOW and who != "parent"), told


def test_s2_into_a_folder_nothing_is_lost_and_nothing_there_twice(
    ground, record_property, tmp_path
):
    """The embedded default writes files: the same mail is the same file, whatever happens."""
    count = rounds(1, 50)
    record_property("rounds", count * len(NAMES))
    for at in NAMES:
        for number in range(count):
            folder = tmp_path / f"{at}{number}"
            ground.call(f"{HAND}:prepare", url=folder.as_uri())
            ground.call(f"{HAND}:fill", kinds_by_number=MAILS)
            nth = 1 if at in {"before_claim", "after_claim"} else number % 6 + 1
            ground.call(f"{HAND}:crash", at=at, nth=nth, who="child")
            ground.call(f"{HAND}:recover")
            assert {row["status"] for row in ground.call(f"{HAND}:rows")} == {"sent"}, at
            assert len(list(folder.glob("*.eml"))) == 6, at


def test_s3_workers_beats_and_send_due_beside_each_other_send_once(ground, record_property):
    count, number = rounds(1, 20), rounds(150, 1000)
    record_property("rounds", count)
    for _ in range(count):
        with Smtpd() as server:
            ground.call(f"{HAND}:prepare", url=server.url)
            ground.call(
                f"{HAND}:fill",
                kinds_by_number={"probe-question": number, "probe-reminder": number},
            )
            codes = ground.call(f"{HAND}:together", workers=4, beats=2, commands=1)
            taken = server.settled().counts()
        assert codes == [0] * 7
        assert len(taken) == 2 * number
        assert set(taken.values()) == {1}
        assert {row["status"] for row in ground.call(f"{HAND}:rows")} == {"sent"}


def test_s3_two_claims_in_the_same_moment_share_no_mail(ground):
    """By the row locks alone: the second looks before the first has written."""
    if ground.database == "sqlite":
        pytest.skip("not run: one transaction writes at a time there")
    ground.call(f"{HAND}:prepare", url="smtp://127.0.0.1:1")
    ground.call(f"{HAND}:fill", kinds_by_number={"probe-reminder": 10})
    assert ground.call(f"{HAND}:claims_interleaved") == [10, 0]


def test_s3_control_without_claims_mails_leave_twice(ground, record_property):
    """The proof above is able to fail (promise C2)."""
    count = rounds(1, 20)
    record_property("rounds", count)
    for _ in range(count):
        with Smtpd() as server:
            ground.call(f"{HAND}:prepare", url=server.url)
            ground.call(f"{HAND}:fill", kinds_by_number={"probe-reminder": 30})
            ground.call(f"{HAND}:together", workers=3, beats=0, commands=0, control=True)
            taken = server.settled().counts()
        assert len(taken) == 30
        assert set(taken.values()) == {3}, "each of the three sends each mail"


def test_s3_a_claim_looks_for_mails_on_their_way_by_their_own_index(ground):
    """Else each of many senders reads every claimed row for every due one, and a burst takes minutes."""
    ground.call(f"{HAND}:prepare", url="smtp://127.0.0.1:1")
    ground.call(f"{HAND}:fill", kinds_by_number={"probe-reminder": 2000})
    assert "mail_in_flight" in ground.call(f"{HAND}:plan_of_claim")


def test_s11_the_old_time_never_arrives_after_the_change(ground, record_property):
    count, people = rounds(2, 20), 10
    record_property("rounds", count * people)
    before = withdrawn = 0
    for _ in range(count):
        with Smtpd(delay=0.002) as server:
            ground.call(f"{HAND}:prepare", url=server.url, people=people)
            codes = ground.call(f"{HAND}:move_against_workers", workers=4, moved=people)
            server.settled()
        assert codes == [0] * 5
        order: dict[str, list[str]] = {}
        for mail in server.taken:
            kind = "reminder" if b"X-Mentoring-Kind: probe-reminder" in mail.data else "change"
            order.setdefault(mail.recipient, []).append(kind)
        assert len(order) == people
        for seen in order.values():
            assert seen in (["change"], ["reminder", "change"])
            before += len(seen) == 2
            withdrawn += len(seen) == 1
    assert before + withdrawn == count * people
