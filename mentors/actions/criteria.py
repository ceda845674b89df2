"""The verdicts on the five criteria."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.audit import Actor
from core.errors import RuleViolation
from core.verbs import Step, Steps, verb
from mentors import mails
from mentors.actions.common import lock_mentor, not_by_oneself
from mentors.actions.lifecycle import pause
from mentors.models import CriterionCheck, Mentor, PauseReason, Verdict
from mentors.states import PARTED, MentorState


@verb("check_criterion", lock=lock_mentor)
def check_criterion(
    mentor: Mentor, *, criterion: int, verdict: str, evidence: str, by: Actor, now: datetime
) -> Steps[CriterionCheck]:
    """Records the verdict on one criterion with its evidence; a repetition changes nothing.

    If a criterion of an active mentor is no longer met, the mentor is paused for new matches and the
    coordinators are notified. Raises RuleViolation for a verdict without evidence, for one's own case, and
    once the person has left the network.
    """
    if mentor.state in PARTED:
        Mentor.TABLE.require(mentor, "review")
    check, _new = CriterionCheck.objects.select_for_update().get_or_create(
        mentor=mentor, criterion=criterion
    )
    evidence = evidence.strip()
    if (check.verdict, check.evidence) == (verdict, evidence):
        return check
    not_by_oneself(mentor, by)
    if verdict != Verdict.OPEN and not evidence:
        raise RuleViolation(
            _("Please say what your assessment is based on."), field="evidence", code="evidence"
        )
    was_met = check.verdict == Verdict.MET
    changed = [
        name
        for name, value in (("verdict", verdict), ("evidence", evidence))
        if getattr(check, name) != value
    ]
    check.verdict, check.evidence = Verdict(verdict).value, evidence
    check.checked_by_id, check.checked_at = by.user_id, now
    check.save()
    values = {"criterion": check.criterion, "verdict": check.verdict}
    yield Step(mentor, fields=changed, values=values, save=False)
    if was_met and verdict != Verdict.MET and mentor.state == MentorState.ACTIVE:
        mentor = pause(mentor, by=by, now=now, reason=PauseReason.CRITERION)
        mails.criterion_reopened(mentor, check, now=now)
    return check
