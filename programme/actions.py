"""The verbs of the programme: cohorts, their coordinators, page texts and notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.actions import NewAddress
from accounts.models import User
from core.audit import Actor
from core.colours import HEX
from core.errors import RuleViolation
from core.verbs import (
    Step,
    Steps,
    carry_out,
    unlocked,
    verb,
)
from core.voices.piece import parsed
from outbox.actions import withdraw_rows
from outbox.kinds import mail_kinds
from outbox.models import OutgoingMail
from programme.look import Inks, suggestions
from programme.models import (
    Cohort,
    CohortRole,
    ConsentNotice,
    Drawn,
    Organisation,
    PageText,
)

M = TypeVar("M", bound=Model)


def lock_entered(obj: M) -> M:
    """The edited object, its row locked where it is stored; ``entered`` writes only the changed columns."""
    # "No key": a row that refers to this one may be inserted meanwhile.
    type(obj)._base_manager.select_for_update(no_key=True).filter(pk=obj.pk).first()
    return obj


def entered(
    obj: Model,
    fields: Iterable[str],
    *also: str,
    values: Mapping[str, Any] | None = None,
    cohort_id: Any = None,
) -> Step:
    """Inserts ``obj``, or writes only the columns among ``fields`` and ``also``: other values on the page
    were read without a lock and may be changed meanwhile by a verb or another coordinator (promise C3)."""
    columns = {one.name for one in obj._meta.concrete_fields}.intersection([*fields, *also])
    fresh = obj._state.adding
    return Step(
        obj,
        verb="create" if fresh else "change",
        fields=fields,
        values=values or {},
        save=fresh or columns,
        cohort_id=cohort_id,
    )


@verb("change", lock=lock_entered)
def save_entered(obj: M, *, by: Actor, now: datetime, fields: Iterable[str]) -> Steps[M]:
    """Inserts ``obj`` or saves its changed fields: for models without rules of their own."""
    yield entered(obj, fields)
    return obj


# ── cohorts and who coordinates them ─────────────────────────────────────────
@verb("create", lock=unlocked)
def enter_cohort(cohort: Cohort, *, by: Actor, now: datetime) -> Steps[Cohort]:
    """Enters a new cohort. A coordinator who enters one coordinates it; a technical administrator does not,
    since that would be their own role."""
    yield Step(cohort, cohort_id=cohort.pk)
    if by.role == "coordinator" and by.user_id is not None:
        yield Step(CohortRole(cohort=cohort, user_id=by.user_id), verb="assign")
    return cohort


@verb("change", lock=lock_entered)
def change_cohort(
    cohort: Cohort, *, by: Actor, now: datetime, fields: Iterable[str]
) -> Steps[Cohort]:
    """Saves the changed fields of a cohort; questions already asked keep their deadlines."""
    yield entered(cohort, fields, cohort_id=cohort.pk)
    return cohort


def _lock_roles(cohort: Cohort, user: User) -> tuple[Cohort, User]:
    held = Cohort.objects.select_for_update().get(pk=cohort.pk)
    list(CohortRole.objects.select_for_update().filter(cohort=held).order_by("pk"))
    return held, user


@verb("assign", lock=_lock_roles)
def assign_coordinator(
    cohort: Cohort, user: User, *, by: Actor, now: datetime
) -> Steps[CohortRole]:
    """Makes ``user`` a coordinator of the cohort; a repetition changes nothing.

    Raises RuleViolation for one's own role (nobody approves their own role change) and for somebody who may
    not use the administration.
    """
    _not_oneself(user, by)
    if not (user.is_staff and user.is_active):
        raise RuleViolation(
            _("%(name)s may not use the administration. Invite them as a coordinator first.")
            % {"name": user},
            field="user",
            code="no_staff",
        )
    role = CohortRole.objects.filter(cohort=cohort, user=user).first()
    if role is None:
        role = CohortRole(cohort=cohort, user=user)
        yield Step(role, values={"person": user.pk})
    return role


@verb("dismiss", lock=_lock_roles)
def dismiss_coordinator(cohort: Cohort, user: User, *, by: Actor, now: datetime) -> Steps[None]:
    """Ends a coordinator's assignment. Raises RuleViolation for the last coordinator of the cohort and for
    one's own role."""
    role = CohortRole.objects.filter(cohort=cohort, user=user).first()
    if role is None:
        return
    _not_oneself(user, by)
    if not CohortRole.objects.filter(cohort=cohort).exclude(user=user).exists():
        raise RuleViolation(
            _("A cohort needs at least one coordinator. Assign somebody else first."),
            code="last_coordinator",
        )
    yield _dismissed(role)
    role.delete()
    # Waiting mails about the cohort are not sent to a person who no longer coordinates it (promise P17).
    for_the_desk = [one.kind for one in mail_kinds.values() if one.for_coordinators]
    mails = OutgoingMail.objects.filter(recipient=user, cohort_id=cohort.pk, kind__in=for_the_desk)
    withdraw_rows(mails, now=now)


def _dismissed(role: CohortRole) -> Step:
    return Step(role, values={"person": role.user_id}, save=False)


def end_roles(user: User, *, by: Actor, now: datetime) -> None:
    """Receiver of ``account_closed``: ends all coordinator roles of the account. A cohort may be left without
    a coordinator; then mails go to the office. Raises RuleViolation for the office's mailbox: every message
    to the programme would be lost."""
    if Organisation.objects.filter(office=user).exists():
        raise RuleViolation(
            _("This is the office’s mailbox. Please use a different address."),
            code="office",
        )
    for role in CohortRole.objects.select_for_update().filter(user=user).order_by("pk"):
        carry_out(_dismissed(role), "dismiss", by=by, now=now)
        role.delete()


def _not_oneself(user: User, by: Actor) -> None:
    if by.user_id is not None and by.user_id == user.pk:
        raise RuleViolation(
            _("Nobody can change their own role; please ask somebody else."), code="own_role"
        )


# ── the office, texts and notices ────────────────────────────────────────────
@verb("change", lock=lock_entered)
def save_organisation(
    organisation: Organisation,
    *,
    office_email: str,
    by: Actor,
    now: datetime,
    fields: Iterable[str],
) -> Steps[Organisation]:
    """Enters or changes the one organisation; the office's mailbox is a person with that address. Raises
    RuleViolation for colours without enough contrast and for a piece that can't be drawn."""
    for refusal in refused_look(organisation):
        raise refusal
    organisation.office = _postbox(office_email, now)
    yield entered(organisation, fields, "office")
    return organisation


def refused_look(organisation: Organisation) -> Iterator[RuleViolation]:
    """Why its colours and its piece can't be used: at most one sentence for each field."""
    yield from refused_inks(organisation.inks)
    if organisation.piece:  # also one that is stored without being drawn
        try:
            parsed(organisation.piece)
        except ValueError as error:
            yield RuleViolation(
                format_lazy(_("This is not a piece for two voices: {error}."), error=str(error)),
                field="piece",
                code="piece",
            )
    elif organisation.drawn == Drawn.OWN:
        sentence = _("Please enter the piece, or choose what else is drawn.")
        yield RuleViolation(sentence, field="piece", code="piece")


def refused_inks(inks: Inks) -> Iterator[RuleViolation]:
    """A sentence for each of them that is no colour; else for each without enough contrast, with the nearest
    colour that has it."""
    given = inks._asdict()
    if strange := [field for field, colour in given.items() if not HEX.match(colour)]:
        sentence = _("Please enter a colour as # and six digits, such as #32143a.")
        yield from (RuleViolation(sentence, field=field, code="colour") for field in strange)
        return
    reasons = {
        "ink": _(
            "White text on this ink would be hard to read. The nearest ink that works: {colour}."
        ),
        "second_ink": _(
            "This can hardly be told from the ink behind it. The nearest colour that works: {colour}."
        ),
        "highlight": _(
            "Dark text on it, or it on the ink, would be hard to read. The nearest colour that works: {colour}."
        ),
    }
    for field, colour in suggestions(inks).items():
        sentence = format_lazy(reasons[field], colour=colour)
        yield RuleViolation(sentence, field=field, code="contrast")


def keep_office(moved: NewAddress, *, by: Actor, now: datetime) -> None:
    """Receiver of ``address_changed``: the office's mailbox keeps the address that was entered, which stands
    on public pages. A person's new address is not published because they had been the office."""
    organisation = Organisation.objects.filter(office=moved.person).first()
    if organisation is not None:
        organisation.office = _postbox(moved.former, now)
        step = Step(organisation, fields=["office"], save=["office"])
        carry_out(step, "change", by=by, now=now)


def _postbox(email: str, now: datetime) -> User:
    return User.objects.person(email, name=str(_("Mentoring office")), date_joined=now)


@verb("change", lock=lock_entered)
def replace_text(
    text: PageText, *, by: Actor, now: datetime, fields: Iterable[str]
) -> Steps[PageText]:
    """Saves the coordinators' text of a page in place of the built-in one."""
    text.changed_at = now
    yield entered(text, fields, "changed_at", values={"page": text.page})
    return text


@verb("restore", lock=lock_entered)
def restore_text(text: PageText, *, by: Actor, now: datetime) -> Steps[None]:
    """Deletes the coordinators' text of a page: the built-in one is shown again."""
    yield Step(text, values={"page": text.page}, save=False)
    text.delete()


@verb("change", lock=lock_entered)
def enter_notice(
    notice: ConsentNotice, *, by: Actor, now: datetime, fields: Iterable[str] = ()
) -> Steps[ConsentNotice]:
    """Enters a version of a notice, or changes one that is not valid yet.

    Raises RuleViolation for a version people may have agreed to already: the text they read must stay
    unchanged (GDPR 7(1)).
    """
    if ConsentNotice.objects.filter(pk=notice.pk, valid_from__lte=now).exists():
        raise RuleViolation(
            _("People may have agreed to this version. Please enter a new one."), code="in_use"
        )
    yield entered(notice, fields, values={"version": notice.version})
    return notice
