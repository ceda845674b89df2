"""Linking a mentor wished for by name to a mentor of the network."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.audit import Actor
from core.errors import RuleViolation
from core.verbs import Step, Steps, verb
from mentees.actions.common import lock_application
from mentees.models import Application
from mentors.models import Mentor


@verb("join_wishes", lock=lock_application)
def join_wishes(
    application: Application, *, by: Actor, now: datetime, **mentors: Mentor | None
) -> Steps[Application]:
    """Links wishes by name to mentors: ``wish_1=mentor`` and so on by rank, None for no mentor.

    From then on the plan counts the wish for this mentor. Only wishes by name are linked; for others nothing
    changes. Raises RuleViolation (field “wish_…”) for a mentor that another wish of the application names.
    """
    wishes = list(application.wishes.all())
    wished = {wish.mentor_id for wish in wishes if wish.mentor_id}
    joined = []
    for wish in wishes:
        name = f"wish_{wish.rank}"
        mentor = mentors.get(name)
        if mentor is None or wish.mentor_id:
            continue
        if mentor.pk in wished:
            raise RuleViolation(
                _("Another wish in this application already names %(mentor)s.")
                % {"mentor": mentor.name},
                field=name,
                code="twice",
            )
        wished.add(mentor.pk)
        wish.mentor = mentor
        wish.save(update_fields=["mentor"])
        joined.append(str(mentor.pk))
    if joined:
        yield Step(application, fields=["wishes"], values={"mentors": joined}, save=False)
    return application
