"""Faults that nothing once noticed. Each stays here, so that it is noticed for ever.

A patch replaces the one place of ``before`` in the file by ``after``; ``tests`` are asked. That every
patch still fits its source is a test of the suite (``tests/structure/test_mutation.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Patch:
    """One fault by name."""

    name: str
    path: str
    before: str
    after: str
    tests: tuple[str, ...]

    def applied(self, root: Path) -> str:
        """The source with the fault in it. Raises ValueError unless ``before`` stands there once."""
        source = (root / self.path).read_text()
        if source.count(self.before) != 1:
            raise ValueError(f"{self.name}: {self.path} has {self.before!r} not once")
        return source.replace(self.before, self.after)


LOCK = '.select_for_update(of=("self",))'
CLAIM_LOCK = """            .order_by("due_at", "created_at")
            .select_for_update(skip_locked=True, of=("self",))
"""
DECLINED = """    mails.declined(tandem, now=now)
    reminders.refresh(tandem, now=now)
"""
CONFIRMED = """    tandem.answered_at = tandem.confirmed_at = now
    tandem.answer_by = tandem.question_at = tandem.no_place_at = None
"""
CHOSEN = "next((one for one in offers if one.pk == proposal_id), None)"
ANY_OFFER = "type(offers[0]).objects.filter(pk=proposal_id).first() if offers else None"

NAMED = (
    # ── outbox ───────────────────────────────────────────────────────────────
    Patch(
        "TLS is accepted without a valid certificate",
        "outbox/smtp.py",
        "ssl.create_default_context()",
        "ssl._create_unverified_context()",
        ("tests/outbox/test_smtp_tls.py",),
    ),
    Patch(
        "no RSET after a refusal",
        "outbox/smtp.py",
        "self.link.rset()",
        "pass",
        ("tests/outbox/test_smtp.py",),
    ),
    Patch(
        "a claim without a row lock",
        "outbox/claims.py",
        CLAIM_LOCK,
        '            .order_by("due_at", "created_at")\n',
        ("tests/races/test_sending.py::test_s3_two_claims_in_the_same_moment_share_no_mail",),
    ),
    Patch(
        "renewing a lease does nothing",
        "outbox/claims.py",
        "held.update(claim_until=clock() + LEASE)",
        "held.count()",
        ("tests/outbox/test_claims.py",),
    ),
    Patch(
        "an untried mail uses up an attempt",
        "outbox/claims.py",
        ', "attempt": row.attempt - 1}',
        "}",
        ("tests/outbox/test_claims.py",),
    ),
    Patch(
        "a newer reminder of another version pushes this one out",
        "outbox/claims.py",
        '        schedule_version=OuterRef("schedule_version"),\n',
        "",
        ("tests/outbox/test_claims.py",),
    ),
    Patch(
        "a held row that became stale is not withdrawn",
        "outbox/planner.py",
        "LIVE = (*WAITING, MailStatus.CLAIMED)",
        "LIVE = WAITING",
        ("tests/outbox/test_planner.py",),
    ),
    Patch(
        "“send again” keeps the old number of attempts",
        "outbox/actions.py",
        "mail.attempt, mail.resend = MailStatus.PLANNED, now, 0, False",
        "mail.resend = MailStatus.PLANNED, now, False",
        ("tests/outbox/test_claims.py",),
    ),
    Patch(
        "the letterhead of an English mail is German",
        "outbox/delivery.py",
        "letterhead=self._letterhead(language)",
        'letterhead=self._letterhead("de")',
        ("tests/outbox/test_delivery.py",),
    ),
    Patch(
        "the sender's name on an English mail is German",
        "outbox/delivery.py",
        "self._letterhead(row.language)",
        'self._letterhead("de")',
        ("tests/outbox/test_delivery.py",),
    ),
    # ── desk ─────────────────────────────────────────────────────────────────
    Patch(
        "events that belong to no cohort are open to every coordinator",
        "mentoring/desk/admin/trail.py",
        "Q(cohort_id=None, object_type__in=self._shared())",
        "Q(cohort_id=None)",
        ("tests/desk/test_admin.py",),
    ),
    Patch(
        "the reading desk leads on to another cohort's application",
        "mentees/admin/applications.py",
        "state=ApplicationState.SUBMITTED, cohort=application.cohort_id",
        "state=ApplicationState.SUBMITTED",
        ("tests/mentees/test_admin.py",),
    ),
    Patch(
        "the reading desk shows applications of the person to other cohorts",
        "mentees/admin/applications.py",
        "Application.objects.coordinated_by(request.user)\n                    .of(",
        "Application.objects.all()\n                    .of(",
        ("tests/mentees/test_admin.py",),
    ),
    # ── mentees ──────────────────────────────────────────────────────────────
    Patch(
        "the reason for leaving is written into the trail's values",
        "mentees/actions/taking_part.py",
        'fields=["left_reason"]',
        'fields=["left_reason"], values={"left_reason": reason}',
        ("tests/mentees/test_deciding.py",),
    ),
    Patch(
        "an application can be forgotten while its undo is possible",
        "mentees/actions/sending.py",
        " or application.can_undo(now):",
        ":",
        ("tests/mentees/test_sending.py",),
    ),
    Patch(
        "an invitation is mailed again for a talk in the past",
        "mentees/actions/sending.py",
        " and application.talk_at and application.talk_at > now:",
        ":",
        ("tests/mentees/test_sending.py",),
    ),
    Patch(
        "a lapse leaves the link live",
        "mentees/actions/sending.py",
        "    links.withdraw(CONFIRM_LINK, application, now=now)\n",
        "",
        ("tests/mentees/test_sending.py",),
    ),
    # ── mentors ──────────────────────────────────────────────────────────────
    Patch(
        "the consent link stays at the old address",
        "mentors/actions/profile.py",
        "    links.withdraw(CONSENT_LINK, mentor, now=now)\n",
        "",
        ("tests/mentors/test_actions.py",),
    ),
    Patch(
        "the reason of a pause outlives retirement",
        "mentors/actions/lifecycle.py",
        '    yield _because(mentor, "", mentor_retired)\n',
        "    yield Step(mentor, signal=mentor_retired)\n",
        ("tests/mentors/test_actions.py",),
    ),
    # ── signing in ───────────────────────────────────────────────────────────
    Patch(
        "an address in capitals is another person",
        "core/addresses.py",
        'f"{local}@{domain}".lower()',
        'f"{local}@{domain}"',
        ("tests/accounts/test_new_address.py", "tests/mentors/test_actions.py"),
    ),
    Patch(
        "a known browser counts for any login",
        "accounts/known_browsers.py",
        "if owner != _hash(address):",
        "if not owner:",
        ("tests/accounts/test_code_entry.py",),
    ),
    Patch(
        "fallback keys do not open a second factor",
        "core/encryption.py",
        "[settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]",
        "[settings.SECRET_KEY]",
        ("tests/accounts/test_code_entry.py",),
    ),
    Patch(
        "form-action is missing from the policy",
        "mentoring/settings.py",
        '        "form-action": [SELF],\n',
        "",
        ("tests/operations/test_headers.py", "tests/operations/test_production.py"),
    ),
    # ── matching ─────────────────────────────────────────────────────────────
    Patch(
        "a decline keeps the mentor's reminder",
        "matching/actions/mentor_response.py",
        DECLINED,
        DECLINED.partition("\n")[0] + "\n",
        ("tests/matching/test_afterwards.py",),
    ),
    Patch(
        "question and “no place” stay after a yes",
        "matching/actions/mentor_response.py",
        CONFIRMED,
        "    tandem.answered_at = tandem.confirmed_at = now\n    tandem.answer_by = None\n",
        ("tests/matching/test_afterwards.py",),
    ),
    Patch(
        "a link to decide by is open for longer than 60 days",
        "core/links/actions.py",
        "min(expires_at, now + LONGEST) if expires_at is not None else None",
        "expires_at",
        ("tests/core/links",),
    ),
    Patch(
        "a cohort may give somebody longer to answer than the link is open",
        "programme/models.py",
        "[MaxValueValidator(LONGEST.days)]",
        "[MaxValueValidator(999)]",
        ("tests/programme/test_admin.py",),
    ),
    Patch(
        "why-not: an undone pin that frees a match is no gain",
        "matching/engine/whynot.py",
        "elif lost < 0 or loss < 0:",
        "elif loss < 0:",
        ("tests/matching/test_engine_plans.py",),
    ),
    Patch(
        "why-not, fair: an undone pin that frees a match is no gain",
        "matching/engine/whynot.py",
        '"gain" if better or lost < 0 else "loss"',
        '"gain" if better else "loss"',
        ("tests/matching/test_engine_plans.py",),
    ),
    Patch(
        "unknown regions are told as the same",
        "matching/engine/components.py",
        "        return None\n    return mentee.region == mentor.region",
        "        return True\n    return mentee.region == mentor.region",
        ("tests/matching/test_engine_explanation.py",),
    ),
    Patch(
        "an unknown region counts as another one",
        "matching/engine/scoring.py",
        "np.where((left == -1) | (their_region == -1), 2, left == their_region)",
        "np.where((left == -1) & (their_region == -1), 2, left == their_region)",
        ("tests/matching/test_engine_scoring.py",),
    ),
    # ── meetings ─────────────────────────────────────────────────────────────
    Patch(
        "a tandem's end cancels a meeting that has begun",
        "meetings/models.py",
        "Q(state=MeetingState.SCHEDULED, starts_at__gt=now)",
        "Q(state=MeetingState.SCHEDULED)",
        ("tests/meetings/test_actions.py",),
    ),
    Patch(
        "an undo is possible beyond the start",
        "meetings/actions/common.py",
        "min(meeting.fixed_at + hours, meeting.starts_at)",
        "meeting.fixed_at + hours",
        ("tests/meetings/test_actions.py",),
    ),
    Patch(
        "the tandem is not locked while a date is picked",
        "meetings/actions/common.py",
        "    Tandem.objects.select_for_update().get(pk=meeting.tandem_id)\n",
        "",
        ("tests/structure/test_locks.py", "tests/meetings/test_actions.py"),
    ),
    Patch(
        "another meeting's offer can be picked",
        "meetings/actions/dates.py",
        CHOSEN,
        ANY_OFFER,
        ("tests/meetings/test_actions.py",),
    ),
    Patch(
        "the mentee's reminder carries the mentor's personal link",
        "meetings/reminders.py",
        'link_id=link_id if meeting.waits_for == "mentor" else None',
        "link_id=link_id",
        ("tests/meetings/test_reminders.py",),
    ),
    # ── workshops ────────────────────────────────────────────────────────────
    Patch(
        "minutes of another cohort count",
        "workshops/credits.py",
        "[one for one in registrations if one.workshop.cohort_id == cohort.pk]",
        "list(registrations)",
        ("tests/workshops/test_attendance.py",),
    ),
    Patch(
        "sessions back to back are refused as overlapping",
        "workshops/rules.py",
        "any(following < ends for",
        "any(following <= ends for",
        ("tests/workshops/test_workshops.py",),
    ),
    Patch(
        "the mail of an extra place leaves after the end",
        "workshops/actions/places.py",
        "if (rules.ends_at(workshop) or now) > now:",
        "if True:",
        ("tests/workshops/test_places.py",),
    ),
    Patch(
        "a workshop's lock locks nothing",
        "workshops/actions/places.py",
        f"Workshop.objects{LOCK}.get(pk=workshop.pk)",
        "Workshop.objects.get(pk=workshop.pk)",
        ("tests/structure/test_locks.py", "tests/workshops/test_places.py"),
    ),
    # ── what the general sample found ────────────────────────────────────────
    Patch(
        "a link that refused all dates runs out",
        "meetings/actions/offers.py",
        "        links.mark_used(link, now=now)",
        "        pass",
        ("tests/meetings/test_links.py",),
    ),
    Patch(
        "the link of an application says it is withdrawn whatever its state",
        "mentees/links.py",
        "if application.state == ApplicationState.WITHDRAWN:\n        return _(",
        "if application.state != ApplicationState.WITHDRAWN:\n        return _(",
        ("tests/mentees/test_links.py",),
    ),
    Patch(
        "an application to another cohort hides one to confirm",
        "mentees/models.py",
        "or one.cohort_id not in standing",
        "or not standing",
        ("tests/mentees/test_me.py",),
    ),
    Patch(
        "a place is freed at every mentor",
        "mentors/actions/places.py",
        "filter(pk=mentor_id, held__gt=0)",
        "filter(held__gt=0)",
        ("tests/mentors/test_actions.py",),
    ),
    Patch(
        "the way back leads to another mentor's page",
        "mentoring/desk/admin/people.py",
        "Mentor.objects.filter(user=obj, confirmed_at__isnull=False).first()",
        "Mentor.objects.filter(confirmed_at__isnull=False).first()",
        ("tests/accounts/test_new_address.py",),
    ),
    Patch(
        "a new address brings an invitation because somebody else has an open one",
        "accounts/actions.py",
        "ActionLink.objects.about(purpose, user).live()",
        "ActionLink.objects.filter(purpose=purpose).live()",
        ("tests/accounts/test_new_address.py",),
    ),
    Patch(
        "tandems answered long ago hold up those that are overdue",
        "matching/actions/lifecycle.py",
        "filter(state__in=AWAITED, answer_by__lte=now)",
        "filter(answer_by__lte=now)",
        ("tests/matching/test_actions.py",),
    ),
    Patch(
        "an application to another cohort stands in the way of this one",
        "mentees/actions/sending.py",
        ".filter(cohort=application.cohort_id, applicant=application.applicant_id)",
        ".filter(applicant=application.applicant_id)",
        ("tests/mentees/test_sending.py",),
    ),
    Patch(
        "two coordinators decide on one mail at once",
        "outbox/actions.py",
        f"OutgoingMail.objects{LOCK}.get(pk=mail.pk)",
        "OutgoingMail.objects.get(pk=mail.pk)",
        ("tests/outbox/test_delivery.py",),
    ),
    Patch(
        "a sender refused on a kept connection is not read",
        "outbox/smtp.py",
        "                    self._expect(reply, 2)\n",
        "",
        ("tests/outbox/test_smtp.py",),
    ),
)
