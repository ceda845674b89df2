"""Public forms: what happens when one is sent."""

from __future__ import annotations

from collections.abc import Callable

from django import forms

from core.errors import RuleViolation
from core.forms import add_violation
from core.limits import TOO_OFTEN


def carry_out(
    form: forms.BaseForm, *, may_send: Callable[[], bool], verb: Callable[[], object]
) -> int | None:
    """Calls ``verb`` once the form is sent, valid and within the sender's limits, which ``may_send`` counts.

    Returns None when that is done, else the status of the page that shows the form again, with what was typed
    and what is wrong: 200 for a form that was not sent, 429 beyond the limits, 400 for anything else.
    """
    if not form.is_bound:
        return 200
    if not form.is_valid():
        return 400
    if not may_send():
        form.add_error(None, TOO_OFTEN)
        return 429
    try:
        verb()
    except RuleViolation as violation:
        add_violation(form, violation)
        return 400
    return None
