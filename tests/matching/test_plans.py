"""Computing a plan, fixing and excluding pairs, the command."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.audit import Actor
from core.audit.models import AuditEvent
from core.errors import RuleViolation
from matching import actions
from matching.models import MatchingRun, PairRule, Suggestion, Tandem
from matching.profiles import Problem
from matching.workbench.data import gather
from mentees import actions as mentees
from outbox.models import OutgoingMail
from programme.models import Cohort
from tests import factories
from tests.factories import NOW
from tests.matching.people import a_mentee, a_mentor, office

pytestmark = pytest.mark.django_db


def planned(run: MatchingRun) -> dict[str, str]:
    rows = run.suggestions.filter(planned=True).select_related("mentee__user", "mentor")
    return {str(row.mentee): row.mentor.name for row in rows}


def test_a_run_keeps_weights_fingerprint_reasons_and_creates_no_tandem() -> None:
    mentee = a_mentee()
    good = a_mentor(groups=("strings",))
    a_mentor("Tobias Wendland", topics=("fees",), fields=("jazz",))
    run = actions.compute_plan(mentee.cohort, by=office(), now=NOW)
    assert (run.number, run.objective, len(run.fingerprint)) == (1, "total", 64)
    assert sum(run.weights.values()) == pytest.approx(1)
    assert planned(run) == {"Leyla Arslan": "Henrike Osterloh"}
    # an explanation is stored for every suggestion (GDPR Art. 22)
    assert Suggestion.objects.count() == 2
    assert all(row.reasons for row in Suggestion.objects.all())
    chosen = Suggestion.objects.get(mentor=good)
    told = {one["code"] for one in chosen.reasons if not one["weakest"]}
    assert told == {"career_fields", "goals"}
    assert run.result["matched"] == 1
    assert not Tandem.objects.exists()
    assert not OutgoingMail.objects.exists()
    event = AuditEvent.objects.get(verb="compute")
    assert event.values["matched"] == 1


def test_same_inputs_same_plan_and_the_next_number() -> None:
    for number in range(5):
        a_mentor(f"Mentor {number}")
        a_mentee(f"Mentee {number}")
    cohort = Cohort.objects.get()
    first = actions.compute_plan(cohort, "fair", by=office(), now=NOW)
    second = actions.compute_plan(cohort, "fair", by=office(), now=NOW)
    assert (first.number, second.number) == (1, 2)
    assert first.fingerprint == second.fingerprint
    assert planned(first) == planned(second)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_the_engine_works(monkeypatch: pytest.MonkeyPatch) -> None:
    mentee = a_mentee()
    a_mentor()
    by, solve, seen = office(), Problem.plan, []

    def watched(problem: Problem, objective: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return solve(problem, objective)

    monkeypatch.setattr(Problem, "plan", watched)
    actions.compute_plan(mentee.cohort, by=by, now=NOW)
    call_command("plan_matching", "2026/27", stdout=StringIO())
    assert seen == [False, False]


def test_a_run_whose_inputs_changed_while_it_was_computed_is_out_of_date() -> None:
    mentee, mentor, by = a_mentee(), a_mentor(), office()
    found = actions.work_out_plan(mentee.cohort, "total")
    actions.pin_pair(mentee, mentor, by=by, now=NOW)
    actions.keep_plan(found, by=by, now=NOW)
    assert gather(mentee.cohort, NOW).stale


def test_pins_and_bans_are_kept_by_the_next_plan() -> None:
    leyla, noah = a_mentee(), a_mentee("Noah Bergmann", topics=("fees",), fields=("jazz",))
    cello = a_mentor()
    jazz = a_mentor("Tobias Wendland", topics=("fees",), fields=("jazz",))
    by = office()
    run = actions.compute_plan(leyla.cohort, by=by, now=NOW)
    assert planned(run) == {"Leyla Arslan": cello.name, "Noah Bergmann": jazz.name}
    actions.pin_pair(leyla, jazz, by=by, now=NOW)
    run = actions.compute_plan(leyla.cohort, by=by, now=NOW)
    assert planned(run) == {"Leyla Arslan": jazz.name, "Noah Bergmann": cello.name}
    actions.lift_rule(PairRule.objects.get(), by=by, now=NOW)
    actions.forbid_pair(noah, jazz, by=by, now=NOW, kind="teaches", note="seit 2024")
    run = actions.compute_plan(leyla.cohort, by=by, now=NOW)
    assert planned(run)["Noah Bergmann"] == cello.name
    excluded = run.suggestions.get(mentee=noah, mentor=jazz)
    assert excluded.excluded == "teaches"


def test_a_pin_moves_with_its_mentee() -> None:
    mentee, first, second = a_mentee(), a_mentor(), a_mentor("Tobias Wendland")
    by = office()
    actions.pin_pair(mentee, first, by=by, now=NOW)
    actions.pin_pair(mentee, second, by=by, now=NOW)
    assert [rule.mentor for rule in PairRule.objects.all()] == [second]
    told = AuditEvent.objects.filter(object_type="matching.PairRule").order_by("pk")
    assert [(one.verb, one.values["mentor"]) for one in told] == [
        ("set", str(first.pk)),
        ("lift", str(first.pk)),
        ("set", str(second.pk)),
    ]


@pytest.mark.parametrize("end", ["leave", "complete"])
def test_who_parts_gives_back_their_own_pin_alone_and_a_ban_stays(end: str) -> None:
    parting, staying = a_mentee(), a_mentee("Noah Bergmann")
    mentor, banned = a_mentor(capacity=2), a_mentor("Tobias Wendland")
    by = office()
    for mentee in (parting, staying):
        actions.pin_pair(mentee, mentor, by=by, now=NOW)
    actions.forbid_pair(parting, banned, by=by, now=NOW, kind="teaches", note="seit 2024")
    if end == "leave":
        mentees.leave(parting, by=by, now=NOW)
    else:
        mentees.complete(parting, by=by, now=NOW)
    kept = PairRule.objects.values_list("mentee", "kind")
    assert set(kept) == {(staying.pk, "pin"), (parting.pk, "teaches")}


@pytest.mark.parametrize("why", ["excluded", "seats", "decided", "inactive"])
def test_a_pin_that_can_not_stand_is_refused_with_a_sentence(why: str) -> None:
    mentee, mentor, by = a_mentee(), a_mentor(), office()
    if why == "excluded":
        actions.forbid_pair(mentee, mentor, by=by, now=NOW, kind="employs")
    elif why == "seats":
        actions.pin_pair(a_mentee("Noah Bergmann"), mentor, by=by, now=NOW)
    elif why == "decided":
        factories.tandem("draft", mentee=mentee)
    else:
        factories.at(mentor, "paused")
    with pytest.raises(RuleViolation) as refused:
        actions.pin_pair(mentee, mentor, by=by, now=NOW)
    assert str(refused.value).endswith(".")


def test_a_pin_that_became_impossible_stops_the_plan_with_the_names() -> None:
    mentee, mentor, by = a_mentee(), a_mentor(), office()
    actions.pin_pair(mentee, mentor, by=by, now=NOW)
    mentor.capacity, mentor.held = 1, 1
    mentor.save()
    with pytest.raises(RuleViolation) as refused:
        actions.compute_plan(mentee.cohort, by=by, now=NOW)
    assert "Henrike Osterloh" in str(refused.value)
    assert not MatchingRun.objects.exists()


def test_the_decided_stay_with_whom_they_have_and_take_no_other_place() -> None:
    mentor = a_mentor(capacity=1)
    decided, waiting = a_mentee(), a_mentee("Noah Bergmann")
    factories.tandem("mentee_agreed", mentee=decided, mentor=mentor)
    run = actions.compute_plan(decided.cohort, by=office(), now=NOW)
    assert planned(run) == {"Leyla Arslan": "Henrike Osterloh"}
    assert run.result["unmatched"] == [{"mentee": str(waiting.pk), "code": "none_allowed"}]
    assert (run.result["of"], run.result["decided"]) == (1, 1)


def test_a_live_pair_is_not_banned() -> None:
    tandem = factories.tandem("draft")
    with pytest.raises(RuleViolation):
        actions.forbid_pair(tandem.mentee, tandem.mentor, by=office(), now=NOW)
    for kind in ("pin", "nonsense"):
        with pytest.raises(RuleViolation):
            actions.forbid_pair(a_mentee(), a_mentor(), by=office(), now=NOW, kind=kind)


def test_an_empty_cohort_has_an_empty_plan() -> None:
    run = actions.compute_plan(factories.cohort(), by=office(), now=NOW)
    assert (run.result["matched"], run.result["of"]) == (0, 0)
    with pytest.raises(RuleViolation):
        actions.compute_plan(factories.cohort(), "best", by=office(), now=NOW)


# ── the command ──────────────────────────────────────────────────────────────
def test_plan_matching_computes_a_run_and_writes_the_plan(tmp_path: Path) -> None:
    mentee, mentor = a_mentee(), a_mentor()
    out, path = StringIO(), tmp_path / "plan.json"
    call_command("plan_matching", "2026/27", objective="fair", json=path, stdout=out)
    run = MatchingRun.objects.get()
    assert (run.objective, run.created_by) == ("fair", None)
    assert "1 von 1 Mentees" in out.getvalue()
    plan = json.loads(path.read_text())
    [pair] = plan["pairs"]
    assert (pair["mentee"], pair["mentor"]) == (str(mentee.pk), str(mentor.pk))
    assert pair["reasons"]
    assert plan["total"] == pytest.approx(run.result["total"])
    assert not Tandem.objects.exists()
    call_command("plan_matching", str(mentee.cohort_id), stdout=out)


def test_plan_matching_that_cannot_write_keeps_no_run(tmp_path: Path) -> None:
    a_mentee()
    a_mentor()
    with pytest.raises(CommandError, match="nicht schreiben") as told:
        call_command("plan_matching", "2026/27", json=tmp_path / "missing" / "plan.json")
    assert told.value.returncode == 2
    assert not MatchingRun.objects.exists()


def test_plan_matching_names_the_cohorts_there_are() -> None:
    factories.cohort()
    with pytest.raises(CommandError, match="2026/27"):
        call_command("plan_matching", "2025/26")


def test_the_system_may_plan_but_not_propose() -> None:
    mentee, mentor = a_mentee(), a_mentor()
    actions.compute_plan(mentee.cohort, by=Actor.system(), now=NOW)
    with pytest.raises(RuleViolation):
        actions.propose_tandem(mentee, mentor, by=Actor.system(), now=NOW)
