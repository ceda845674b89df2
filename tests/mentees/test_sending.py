"""Sending, confirming, withdrawing: actions."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.audit import Actor
from core.audit.models import AuditEvent
from core.errors import RuleViolation
from core.links.models import ActionLink
from mentees import actions
from mentees.models import Application
from outbox.models import OutgoingMail
from programme.consents import has_consent
from tests import factories
from tests.mentees.helpers import application_data, kinds, link_of

pytestmark = pytest.mark.django_db
STRANGER = Actor(None, "applicant")


def send(now: datetime, *, form_id: uuid.UUID | None = None, **changes: Any) -> Application:
    return actions.send_application(
        factories.cohort(),
        by=STRANGER,
        now=now,
        application_data=application_data(**changes),
        form_id=form_id or uuid.uuid4(),
    )


def confirmed(now: datetime, **changes: Any) -> Application:
    sent = send(now, **changes)
    return actions.confirm(sent, by=factories.by(sent.applicant, "applicant"), now=now)


def me(application: Application) -> Actor:
    return Actor.person(application.applicant, "applicant")


def test_send_keeps_everything_and_mails_a_link(now: datetime) -> None:
    mentor = factories.mentor(name="Henrike Osterloh")
    one, two = factories.topic("auditions"), factories.topic("fees")
    sent = send(
        now,
        topics=(two, one),
        wishes=(mentor, "Prof. Unbekannt"),
        career_fields=(factories.career_field("orchestra"),),
        languages=(factories.language("german"),),
        situation="Ich habe ein Kind.",
    )
    assert sent.state == "unconfirmed"
    assert [str(one) for one in sent.topics.all()] == ["Fees", "Auditions"]
    assert [str(one) for one in sent.wishes.all()] == ["Henrike Osterloh", "Prof. Unbekannt"]
    assert sent.career_fields.count() == sent.languages.count() == 1
    assert kinds() == ["application-confirm"]
    mail = OutgoingMail.objects.get()
    assert mail.recipient == sent.applicant
    assert mail.link == link_of(sent)
    assert AuditEvent.objects.of(sent).get().verb == "send"


def test_send_gives_a_new_person_no_strangers_name(now: datetime) -> None:
    assert send(now).applicant.name == ""


def test_send_does_not_overwrite_what_is_known(now: datetime) -> None:
    known = factories.person("Leyla A.", email="leyla@example.org", language="en")
    sent = actions.confirm(send(now), by=STRANGER, now=now)
    known.refresh_from_db()
    assert sent.applicant == known
    assert (known.name, known.language) == ("Leyla A.", "en")


def test_c8_same_form_again_is_one_row_and_one_mail(now: datetime) -> None:
    form_id = uuid.uuid4()
    first = send(now, form_id=form_id)
    later = factories.cohort().applications_close_at + timedelta(seconds=1)
    assert send(later, form_id=form_id) == first
    assert Application.objects.count() == 1
    assert kinds() == ["application-confirm"]


def test_c8_corrected_address_in_the_same_form_is_not_swallowed(now: datetime) -> None:
    form_id = uuid.uuid4()
    send(now, form_id=form_id, email="leila@example.org")
    send(now, form_id=form_id)
    assert kinds() == ["application-confirm"] * 2


def test_c8_strangers_unconfirmed_post_blocks_nobody(now: datetime) -> None:
    send(now, name="Jemand anders")
    mine = confirmed(now)
    assert mine.state == "submitted"
    assert mine.applicant.name == "Leyla Arslan"


@pytest.mark.parametrize(("minutes", "open_"), [(-1, True), (0, False), (1, False)])
def test_c8_the_time_of_sending_counts(now: datetime, minutes: int, open_: bool) -> None:
    at = factories.cohort().applications_close_at + timedelta(minutes=minutes)
    if open_:
        assert send(at).sent_at == at
        return
    with pytest.raises(RuleViolation) as refusal:
        send(at)
    assert refusal.value.code == "window"
    assert not Application.objects.exists()


@pytest.mark.parametrize(("hours", "possible"), [(71, True), (72, False)])
def test_c8_confirming_is_possible_for_72_hours_after_the_window(
    now: datetime, hours: int, possible: bool
) -> None:
    close = factories.cohort().applications_close_at
    sent = send(close - timedelta(minutes=1))
    at = close + timedelta(hours=hours)
    if possible:
        assert actions.confirm(sent, by=me(sent), now=at).state == "submitted"
        return
    with pytest.raises(RuleViolation) as refusal:
        actions.confirm(sent, by=me(sent), now=at)
    assert refusal.value.code == "deadline"


def test_p3_known_and_unknown_address_cost_the_same(now: datetime) -> None:
    factories.person(email="known@example.org")
    counts = []
    for email in ("warm-up@example.org", "known@example.org", "unknown@example.org"):
        given = application_data(email)
        cohort = factories.cohort()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            actions.send_application(
                cohort, by=STRANGER, now=now, application_data=given, form_id=uuid.uuid4()
            )
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert OutgoingMail.objects.filter(recipient__email="known@example.org").count() == 1
    assert OutgoingMail.objects.filter(recipient__email="unknown@example.org").count() == 1


def test_p1_the_twenty_first_form_an_hour_for_one_address_is_refused(now: datetime) -> None:
    for _number in range(20):
        send(now)
    with pytest.raises(RuleViolation) as refusal:
        send(now)
    assert refusal.value.field == "email"
    assert send(now + timedelta(minutes=61)).state == "unconfirmed"


def test_p1_the_sixty_first_form_a_day_for_one_address_is_refused(now: datetime) -> None:
    for number in range(60):
        send(now + timedelta(minutes=5 * number))
    with pytest.raises(RuleViolation):
        send(now + timedelta(hours=10))
    assert send(now + timedelta(hours=24, minutes=1)).state == "unconfirmed"


def test_confirm_tells_everybody_and_sets_the_deadline(now: datetime) -> None:
    boss = factories.coordinator()
    done = confirmed(now, salutation="Frau Arslan")
    assert done.state == "submitted"
    assert done.confirmed_at == now
    assert done.decide_by is not None
    assert done.decide_by > done.cohort.applications_close_at + timedelta(days=27)
    assert done.applicant.name == "Leyla Arslan"
    assert done.applicant.salutation == "Frau Arslan"
    assert has_consent(done.applicant, "application")
    assert kinds(recipient=boss) == ["application-arrived"]
    assert kinds(recipient=done.applicant) == ["application-confirm", "application-received"]
    assert link_of(done).used_at == now


def test_confirm_is_refused_while_another_one_stands(now: datetime) -> None:
    confirmed(now)
    second = send(now, motivation="Noch einmal.")
    with pytest.raises(RuleViolation) as refusal:
        actions.confirm(second, by=me(second), now=now)
    assert refusal.value.code == "standing"
    assert "2026/27" in str(refusal.value)
    assert "zurück" in str(refusal.value)


def test_an_application_to_another_cohort_does_not_stand_in_the_way(now: datetime) -> None:
    first = send(now)
    factories.application("rejected", of=factories.cohort("2025/26"), applicant=first.applicant)
    assert actions.confirm(first, by=me(first), now=now).state == "submitted"


def test_who_was_rejected_is_not_told_to_withdraw(now: datetime) -> None:
    first = confirmed(now)
    actions.reject(first, by=factories.by(factories.coordinator()), now=now)
    second = send(now, motivation="Noch einmal.")
    with pytest.raises(RuleViolation, match="schon entschieden"):
        actions.confirm(second, by=me(second), now=now)


@pytest.mark.parametrize("state", ["submitted", "in_review", "invited", "accepted", "rejected"])
def test_confirm_twice_is_forbidden(now: datetime, state: str) -> None:
    application = factories.application(state)
    with pytest.raises(RuleViolation) as refusal:
        actions.confirm(application, by=me(application), now=now)
    assert refusal.value.code == "state"


@pytest.mark.parametrize("state", ["submitted", "in_review", "invited", "waitlisted"])
def test_withdraw_and_undo_return_to_the_former_state(now: datetime, state: str) -> None:
    application = factories.application(
        state, confirmed_at=now, talk_at=now + timedelta(days=3), decide_by=now
    )
    gone = actions.withdraw(application, by=me(application), now=now)
    assert (gone.state, gone.withdrawn_from) == ("withdrawn", state)
    assert kinds() == ["application-withdrawn"]
    back = actions.undo_withdrawal(gone, by=me(gone), now=now + timedelta(hours=71))
    assert (back.state, back.withdrawn_from) == (state, "")
    assert OutgoingMail.objects.get(kind="application-withdrawn").status == "cancelled"


def test_undo_after_72_hours_is_refused(now: datetime) -> None:
    application = confirmed(now)
    gone = actions.withdraw(application, by=me(application), now=now)
    with pytest.raises(RuleViolation) as refusal:
        actions.undo_withdrawal(gone, by=me(gone), now=now + timedelta(hours=72))
    assert refusal.value.code == "deadline"


def test_undo_is_refused_while_another_one_stands(now: datetime) -> None:
    first = confirmed(now)
    actions.withdraw(first, by=me(first), now=now)
    confirmed(now, motivation="Neu bedacht.")
    with pytest.raises(RuleViolation) as refusal:
        actions.undo_withdrawal(first, by=me(first), now=now)
    assert refusal.value.code == "standing"


@pytest.mark.parametrize("state", ["accepted", "rejected", "withdrawn"])
def test_withdraw_is_forbidden_once_decided(now: datetime, state: str) -> None:
    application = factories.application(state)
    with pytest.raises(RuleViolation):
        actions.withdraw(application, by=me(application), now=now)


def test_time_ends_and_deletes_what_nobody_confirms(now: datetime) -> None:
    sent = send(now)
    close = sent.cohort.applications_close_at
    assert actions.pass_deadlines(close + timedelta(hours=71)) == 0
    assert actions.pass_deadlines(close + timedelta(hours=72)) == 2
    assert not Application.objects.exists()
    assert kinds(status="planned") == []
    assert [event.verb for event in AuditEvent.objects.of(sent)][:2] == ["forget", "lapse"]
    assert User.objects.filter(email="leyla@example.org").exists()


def test_time_deletes_what_was_denied_once_it_cannot_return(now: datetime) -> None:
    sent = send(now)
    actions.withdraw(sent, by=me(sent), now=now)
    assert kinds(status="planned") == []
    assert actions.pass_deadlines(now + timedelta(hours=71)) == 0
    assert actions.pass_deadlines(now + timedelta(hours=72)) == 1
    assert not Application.objects.exists()


def test_time_never_touches_what_was_confirmed(now: datetime) -> None:
    gone = confirmed(now)
    actions.withdraw(gone, by=me(gone), now=now)
    kept = factories.application("submitted", confirmed_at=now, decide_by=now)
    assert actions.pass_deadlines(now + timedelta(days=400)) == 0
    assert Application.objects.count() == 2
    kept.refresh_from_db()
    assert kept.state == "submitted"


def test_nothing_is_forgotten_while_the_withdrawal_can_be_taken_back(now: datetime) -> None:
    sent = send(now)
    actions.withdraw(sent, by=me(sent), now=now)
    with pytest.raises(RuleViolation) as refusal:
        actions.forget(sent, by=Actor.system(), now=now + timedelta(hours=72, seconds=-1))
    assert refusal.value.code == "keep"
    actions.undo_withdrawal(sent, by=me(sent), now=now + timedelta(hours=72, seconds=-1))
    assert Application.objects.get().state == "unconfirmed"


def test_l5_a_lapse_closes_the_link_and_the_way_back(now: datetime) -> None:
    sent = send(now)
    link = link_of(sent)
    late = sent.confirm_until
    lapsed = actions.lapse(sent, by=Actor.system(), now=late)
    link.refresh_from_db()
    assert link.state_at(late) == "withdrawn"
    assert not lapsed.can_undo(late)


@pytest.mark.parametrize(("hours", "again"), [(1, 1), (0, 0), (-1, 0)])
def test_who_comes_back_is_invited_again_only_to_a_talk_that_lies_ahead(
    now: datetime, hours: int, again: int
) -> None:
    back_at = now + timedelta(hours=10)
    invited = factories.application(
        "invited", confirmed_at=now, talk_at=back_at + timedelta(hours=hours), talk_place="Raum 1"
    )
    actions.withdraw(invited, by=me(invited), now=now)
    actions.undo_withdrawal(invited, by=me(invited), now=back_at)
    assert kinds(kind="application-invited") == ["application-invited"] * again


def test_forget_and_lapse_refuse_what_still_counts(now: datetime) -> None:
    sent = send(now)
    with pytest.raises(RuleViolation):
        actions.lapse(sent, by=Actor.system(), now=now)
    with pytest.raises(RuleViolation):
        actions.forget(sent, by=Actor.system(), now=now)
    assert Application.objects.get() == sent


def test_l5_renewing_replaces_the_link_and_goes_to_the_address_on_file(now: datetime) -> None:
    sent = send(now)
    first = link_of(sent)
    actions.renew_confirmation(sent, by=me(sent), now=now + timedelta(days=1))
    first.refresh_from_db()
    assert first.state_at(now) == "replaced"
    assert link_of(sent) != first
    assert set(OutgoingMail.objects.values_list("recipient", flat=True)) == {sent.applicant_id}
    assert kinds() == ["application-confirm"] * 2


def test_l5_no_link_is_good_for_more_than_sixty_days(now: datetime) -> None:
    cohort = factories.cohort("2027/28", applications_close_at=now + timedelta(days=200))
    sent = actions.send_application(
        cohort, by=STRANGER, now=now, application_data=application_data(), form_id=uuid.uuid4()
    )
    assert link_of(sent).expires_at == now + timedelta(days=60)
    assert sent.confirm_until == now + timedelta(days=203)


def test_withdrawn_consent_takes_the_open_application_with_it(now: datetime) -> None:
    from programme import consents

    application = confirmed(now)
    consents.withdraw(application.applicant, "application", by=me(application), now=now)
    application.refresh_from_db()
    assert application.state == "withdrawn"


def test_states_are_never_written_past_a_verb(now: datetime) -> None:
    application = send(now)
    application.state = "accepted"
    with pytest.raises(RuleViolation) as refusal:
        application.save()
    assert refusal.value.code == "bypass"
    assert ActionLink.objects.count() == 1


# ── changing the answers ─────────────────────────────────────────────────────
def revise(application: Application, now: datetime, **changes: Any) -> Application:
    return actions.revise(
        application, by=me(application), now=now, application_data=application_data(**changes)
    )


def test_answers_are_changed_and_the_history_names_what_not_what_it_was(now: datetime) -> None:
    mentor = factories.mentor(name="Henrike Osterloh")
    one, two = factories.topic("auditions"), factories.topic("fees")
    sent = confirmed(now, topics=(one,), wishes=("Prof. Unbekannt",), salutation="Frau Arslan")
    later = now + timedelta(hours=1)
    revise(
        sent, later, goals="Ein Probejahr überstehen.", topics=(two, one), wishes=(mentor,),
        salutation="Frau Arslan", email="somebody.else@example.org",
    )  # fmt: skip
    sent = Application.objects.with_words().get(pk=sent.pk)
    assert (sent.goals, sent.motivation) == (
        "Ein Probejahr überstehen.",
        "Ich möchte ins Orchester.",
    )
    assert [str(topic) for topic in sent.topics.all()] == ["Fees", "Auditions"]
    assert [wish.mentor for wish in sent.wishes.all()] == [mentor]
    assert (sent.state, sent.revised_at) == ("submitted", later)
    assert sent.applicant.email == "leyla@example.org"
    event = AuditEvent.objects.of(sent).get(verb="revise")
    assert event.fields == ["goals", "topics", "wishes"]
    assert event.values == {}


def test_answers_that_say_the_same_change_nothing(now: datetime) -> None:
    sent = confirmed(now, wishes=("Prof. Unbekannt",))
    revise(sent, now, wishes=("Prof. Unbekannt",))
    sent.refresh_from_db()
    assert sent.revised_at is None
    assert not AuditEvent.objects.of(sent).filter(verb="revise").exists()


def test_a_slip_in_the_name_is_mended_for_the_person_too_unless_known_by_another(
    now: datetime,
) -> None:
    sent = confirmed(now, name="Leyla Aslan")
    revise(sent, now, name="Leyla Arslan")
    person = User.objects.get(pk=sent.applicant_id)
    assert person.name == "Leyla Arslan"
    person.name = "Dr. Leyla Arslan"
    person.save()
    revise(sent, now, name="Leyla A. Arslan")
    assert User.objects.get(pk=person.pk).name == "Dr. Leyla Arslan"


@pytest.mark.parametrize(
    "state", ["unconfirmed", "invited", "accepted", "waitlisted", "rejected", "withdrawn"]
)
def test_answers_stay_once_somebody_acted_on_them(now: datetime, state: str) -> None:
    application = factories.application(state)
    with pytest.raises(RuleViolation):
        revise(application, now, goals="Anderes.")
    application.refresh_from_db()
    assert application.goals != "Anderes."


def test_answers_stay_once_the_window_is_closed(now: datetime) -> None:
    sent = confirmed(now)
    closes = sent.cohort.applications_close_at
    revise(sent, closes - timedelta(seconds=1), goals="Noch rechtzeitig.")
    with pytest.raises(RuleViolation):
        revise(sent, closes, goals="Zu spät.")
