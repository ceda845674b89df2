"""The verbs of the programme: cohorts and who coordinates them, texts and notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from mentoring import audit
from mentoring.accounts.actions import NewAddress
from mentoring.accounts.models import User
from mentoring.audit import Actor
from mentoring.outbox.actions import withdraw_rows
from mentoring.outbox.models import OutgoingMail
from mentoring.programme.models import Cohort, CohortRole, ConsentNotice, Organisation, PageText
from mentoring.registries import mail_kinds
from mentoring.transitions import RuleViolation


@transaction.atomic
def assign_coordinator(cohort: Cohort, user: User, *, by: Actor, now: datetime) -> CohortRole:
    """Makes ``user`` a coordinator of the cohort; the same again changes nothing.

    Raises RuleViolation for one's own role (nobody approves their own role change, promises §2) and for
    somebody who may not enter the administration.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    _not_oneself(user, by)
    if not (user.is_staff and user.is_active):
        raise RuleViolation(
            _("%(name)s may not use the administration. Invite them as a coordinator first.")
            % {"name": user},
            field="user",
            code="no_staff",
        )
    role, created = CohortRole.objects.get_or_create(cohort=cohort, user=user)
    if created:
        audit.record(
            role,
            "assign",
            by=by,
            now=now,
            cohort_id=cohort.pk,
            values={"person": str(user.pk)},
        )
    return role


@transaction.atomic
def dismiss_coordinator(cohort: Cohort, user: User, *, by: Actor, now: datetime) -> None:
    """Ends a coordinator's assignment. Raises RuleViolation for the last coordinator of the cohort and for
    one's own role (promises §2)."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    roles = list(CohortRole.objects.select_for_update().filter(cohort=cohort))
    mine = [role for role in roles if role.user_id == user.pk]
    if not mine:
        return
    _not_oneself(user, by)
    if len(roles) == 1:
        raise RuleViolation(
            _("A cohort needs at least one coordinator. Assign somebody else first."),
            code="last_coordinator",
        )
    audit.record(
        mine[0], "dismiss", by=by, now=now, cohort_id=cohort.pk, values={"person": str(user.pk)}
    )
    mine[0].delete()
    # Nothing of the cohort that still waits is told to who does not coordinate it any more (promise P17).
    for_the_desk = [one.kind for one in mail_kinds.values() if one.leads_to_desk]
    mails = OutgoingMail.objects.filter(recipient=user, cohort_id=cohort.pk, kind__in=for_the_desk)
    withdraw_rows(mails, now=now)


def end_roles(user: User, *, by: Actor, now: datetime) -> None:
    """Consequence of ``accounts.close``: nobody whose account is closed coordinates anything. A cohort may
    be left without a coordinator, then the office is written to. Raises RuleViolation for the office's
    postbox: every message to the programme would be lost."""
    if Organisation.objects.filter(office=user).exists():
        raise RuleViolation(
            _("This is the office’s mailbox. Please use a different address."),
            code="office",
        )
    for role in CohortRole.objects.select_for_update().filter(user=user).order_by("pk"):
        audit.record(
            role,
            "dismiss",
            by=by,
            now=now,
            cohort_id=role.cohort_id,
            values={"person": str(user.pk)},
        )
        role.delete()


def _not_oneself(user: User, by: Actor) -> None:
    if by.user_id is not None and by.user_id == user.pk:
        raise RuleViolation(
            _("Nobody can change their own role; please ask somebody else."), code="own_role"
        )


@transaction.atomic
def enter_cohort(cohort: Cohort, *, by: Actor, now: datetime) -> Cohort:
    """Enters a new cohort. A coordinator who enters one coordinates it; a technical administrator does
    not, since that would be their own role."""
    cohort.save(force_insert=True)
    audit.record(cohort, "create", by=by, now=now, cohort_id=cohort.pk)
    if by.role == "coordinator" and by.user_id is not None:
        role = CohortRole.objects.create(cohort=cohort, user_id=by.user_id)
        audit.record(role, "assign", by=by, now=now, cohort_id=cohort.pk)
    return cohort


def save_changed(obj: Model, fields: Iterable[str]) -> None:
    """Writes the columns among ``fields`` alone: what else stood on a page was read without a lock and may
    have moved on, by a verb or another coordinator (promise C3)."""
    columns = {one.name for one in obj._meta.concrete_fields}
    obj.save(update_fields=columns.intersection(fields))


@transaction.atomic
def change_cohort(cohort: Cohort, *, by: Actor, now: datetime, fields: Iterable[str]) -> Cohort:
    """Saves what changed of a cohort; what was asked before keeps the deadline it was given."""
    save_changed(cohort, fields)
    audit.record(cohort, "change", by=by, now=now, fields=fields, cohort_id=cohort.pk)
    return cohort


@transaction.atomic
def save_organisation(
    organisation: Organisation,
    *,
    office_email: str,
    by: Actor,
    now: datetime,
    fields: Iterable[str],
) -> Organisation:
    """Enters or changes the one organisation; the office's postbox is a person with that address."""
    organisation.office = User.objects.person(
        office_email, name=str(_("Mentoring office")), date_joined=now
    )
    fresh = organisation._state.adding
    if fresh:
        organisation.save()
    else:
        save_changed(organisation, [*fields, "office"])
    audit.record(organisation, "create" if fresh else "change", by=by, now=now, fields=fields)
    return organisation


def keep_office(moved: NewAddress, *, by: Actor, now: datetime) -> None:
    """Consequence of ``accounts.new_address``: the office’s postbox stays at the address that was entered,
    which stands on public pages. Somebody’s new address is not published by having been the office."""
    organisation = Organisation.objects.filter(office=moved.person).first()
    if organisation is None:
        return
    organisation.office = User.objects.person(
        moved.former, name=str(_("Mentoring office")), date_joined=now
    )
    organisation.save(update_fields=["office"])
    audit.record(organisation, "change", by=by, now=now, fields=["office"])


@transaction.atomic
def replace_text(text: PageText, *, by: Actor, now: datetime, fields: Iterable[str]) -> PageText:
    """Saves the coordinators' words of a page in place of ours."""
    fresh = text._state.adding
    text.changed_at = now
    if fresh:
        text.save()
    else:
        save_changed(text, [*fields, "changed_at"])
    audit.record(
        text,
        "create" if fresh else "change",
        by=by,
        now=now,
        fields=fields,
        values={"page": text.page},
    )
    return text


@transaction.atomic
def restore_text(text: PageText, *, by: Actor, now: datetime) -> None:
    """Takes the coordinators' words of a page away: ours are shown again."""
    audit.record(text, "restore", by=by, now=now, values={"page": text.page})
    text.delete()


@transaction.atomic
def enter_notice(
    notice: ConsentNotice, *, by: Actor, now: datetime, fields: Iterable[str] = ()
) -> ConsentNotice:
    """Enters a version of a notice, or changes one that is not valid yet.

    Raises RuleViolation for a version people may have agreed to already: what they read must stay what
    they read (GDPR 7(1)).
    """
    if not notice._state.adding:
        stored = ConsentNotice.objects.select_for_update().get(pk=notice.pk)
        if stored.valid_from <= now:
            raise RuleViolation(
                _("People may have agreed to this version. Please enter a new one."), code="in_use"
            )
    fresh = notice._state.adding
    if fresh:
        notice.save()
    else:
        save_changed(notice, fields)
    audit.record(
        notice,
        "create" if fresh else "change",
        by=by,
        now=now,
        fields=fields,
        values={"version": notice.version},
    )
    return notice
