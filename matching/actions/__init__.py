"""The verbs of matching: ``compute_plan``, the rules for pairs, and the verbs of a tandem.

They lock in the order Cohort → Mentor → Tandem (promise C4).
"""

from matching.actions.common import live_link
from matching.actions.lifecycle import (
    begin,
    complete,
    dissolve,
    dissolve_for_closing,
    dissolve_for_completing,
    dissolve_for_leaving,
    dissolve_for_parting,
    expire,
    pass_deadlines,
    pass_probation,
)
from matching.actions.locking import (
    lock_for_closing,
    lock_for_new_address,
    lock_for_retiring,
)
from matching.actions.mentor_response import (
    AnswerResult,
    answer_question,
    ask_at_new_address,
    ask_question,
    confirm,
    decline,
    send_again,
    undo,
)
from matching.actions.plans import (
    compute_plan,
    forbid_pair,
    keep_plan,
    lift_rule,
    pin_pair,
    work_out_plan,
)
from matching.actions.proposals import agree, approve, decline_proposal, propose_tandem
from matching.reminders import INVITATION

__all__ = [
    "INVITATION",
    "AnswerResult",
    "agree",
    "answer_question",
    "approve",
    "ask_at_new_address",
    "ask_question",
    "begin",
    "complete",
    "compute_plan",
    "confirm",
    "decline",
    "decline_proposal",
    "dissolve",
    "dissolve_for_closing",
    "dissolve_for_completing",
    "dissolve_for_leaving",
    "dissolve_for_parting",
    "expire",
    "forbid_pair",
    "keep_plan",
    "lift_rule",
    "live_link",
    "lock_for_closing",
    "lock_for_new_address",
    "lock_for_retiring",
    "pass_deadlines",
    "pass_probation",
    "pin_pair",
    "propose_tandem",
    "send_again",
    "undo",
    "work_out_plan",
]
