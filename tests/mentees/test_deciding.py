"""Reading, inviting, accepting, waiting, rejecting; and the parts that come of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.audit.models import AuditEvent
from core.errors import RuleViolation
from mentees import actions, past_participation
from mentees.models import Application, FormerMentee, Mentee
from mentees.signals import mentee_left
from mentees.states import APPLICATION
from outbox.models import OutgoingMail
from tests import factories
from tests.mentees.helpers import kinds
from tests.signals import following, heard

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Any:
    return factories.coordinator()


def carry_out(verb: str, application: Application, now: datetime, by: Any) -> Any:
    talk = {"talk_at": now + timedelta(days=5), "talk_place": "Raum 214"}
    action = {
        "read": actions.begin_reading,
        "invite": actions.invite,
        "move_talk": actions.move_talk,
        "accept": actions.accept,
        "waitlist": actions.waitlist,
        "reject": actions.reject,
    }[verb]
    data = talk if verb in ("invite", "move_talk") else {}
    return action(application, by=by, now=now, **data)


VERBS = ("read", "invite", "move_talk", "accept", "waitlist", "reject")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", list(APPLICATION.states))
def test_every_move_of_the_desk_and_every_forbidden_one(
    now: datetime, boss: Any, verb: str, state: str
) -> None:
    application = factories.application(state, confirmed_at=now, decide_by=now + timedelta(days=20))
    by = factories.by(boss)
    if not APPLICATION.allows(state, verb):
        with pytest.raises(RuleViolation) as refusal:
            carry_out(verb, application, now, by)
        assert refusal.value.code == "state"
        assert kinds() == []
        return
    carry_out(verb, application, now, by)
    application.refresh_from_db()
    assert application.state == APPLICATION.moves[verb].targets[0]
    event = AuditEvent.objects.of(application).get()
    assert (event.verb, event.actor_id, event.values["state"]) == (verb, boss.pk, application.state)
    told = OutgoingMail.objects.filter(recipient=application.applicant)
    assert told.count() == (0 if verb == "read" else 1)


def test_invite_needs_a_talk_ahead(now: datetime, boss: Any) -> None:
    with pytest.raises(RuleViolation) as refusal:
        actions.invite(
            factories.application(), by=factories.by(boss), now=now, talk_at=now, talk_place="214"
        )
    assert refusal.value.field == "talk_at"


def test_invite_never_promises_a_decision_before_the_talk(now: datetime, boss: Any) -> None:
    application = factories.application(decide_by=now + timedelta(days=2))
    talk = now + timedelta(days=10)
    invited = actions.invite(
        application, by=factories.by(boss), now=now, talk_at=talk, talk_place="214"
    )
    assert invited.decide_by is not None
    assert invited.decide_by > talk + timedelta(days=6)
    again = actions.move_talk(
        invited,
        by=factories.by(boss),
        now=now,
        talk_at=talk + timedelta(days=1),
        talk_place="online",
    )
    statuses = OutgoingMail.objects.order_by("schedule_version").values_list("status", flat=True)
    assert list(statuses) == ["cancelled", "planned"]
    assert again.talk_place == "online"


def test_accept_makes_a_mentee_and_leaves_a_trace(now: datetime, boss: Any) -> None:
    application = factories.application()
    mentee = actions.accept(application, by=factories.by(boss), now=now)
    assert (mentee.state, mentee.cohort, mentee.application) == (
        "taking_part",
        application.cohort,
        application,
    )
    assert past_participation.took_part(application.applicant)
    assert kinds(recipient=application.applicant) == ["application-accepted"]


@pytest.mark.parametrize("how", ["part", "trace"])
def test_accept_refuses_somebody_who_took_part_before(now: datetime, boss: Any, how: str) -> None:
    if how == "part":
        person = factories.mentee("left", factories.cohort("2025/26")).user
    else:
        person = factories.person()
        past_participation.remember(person, now)
    application = factories.application(applicant=person)
    with pytest.raises(RuleViolation) as refusal:
        actions.accept(application, by=factories.by(boss), now=now)
    assert refusal.value.code == "twice"
    assert not Mentee.objects.filter(application=application).exists()


def test_accept_beyond_the_places_must_be_meant(now: datetime, boss: Any) -> None:
    cohort = factories.cohort()
    cohort.places = 1
    cohort.save()
    factories.mentee()
    application = factories.application()
    with pytest.raises(RuleViolation) as refusal:
        actions.accept(application, by=factories.by(boss), now=now)
    assert refusal.value.code == "places"
    actions.accept(application, by=factories.by(boss), now=now, beyond_places=True)
    assert Mentee.objects.count() == 2


def test_who_takes_part_in_another_cohort_takes_no_place_here(now: datetime, boss: Any) -> None:
    cohort = factories.cohort()
    cohort.places = 1
    cohort.save()
    factories.mentee(of=factories.cohort("2025/26"))
    application = factories.application()
    actions.accept(application, by=factories.by(boss), now=now)
    assert Mentee.objects.filter(cohort=cohort).count() == 1


def test_a_place_left_is_free_again(now: datetime, boss: Any) -> None:
    cohort = factories.cohort()
    cohort.places = 1
    cohort.save()
    actions.leave(factories.mentee(), by=factories.by(boss), now=now, reason="Auslandsjahr")
    assert actions.accept(factories.application(), by=factories.by(boss), now=now)


def test_waitlist_has_a_deadline(now: datetime, boss: Any) -> None:
    waiting = actions.waitlist(factories.application(), by=factories.by(boss), now=now)
    assert waiting.decide_by is not None
    assert waiting.decide_by.date() == waiting.cohort.starts_on
    with pytest.raises(RuleViolation) as refusal:
        actions.waitlist(
            factories.application(),
            by=factories.by(boss),
            now=now,
            decide_on=(now - timedelta(days=1)).date(),
        )
    assert refusal.value.field == "decide_on"


def test_reject_tells_the_words_and_keeps_them_nowhere_else(now: datetime, boss: Any) -> None:
    application = actions.reject(
        factories.application(), by=factories.by(boss), now=now, words="Nächstes Jahr gern."
    )
    assert OutgoingMail.objects.get().facts["words"] == "Nächstes Jahr gern."
    assert "Nächstes" not in str(AuditEvent.objects.of(application).get().values)
    assert application.office_note == ""


def test_a_decision_overtakes_an_invitation_that_still_waits(now: datetime, boss: Any) -> None:
    application = carry_out("invite", factories.application(), now, factories.by(boss))
    actions.reject(application, by=factories.by(boss), now=now)
    assert kinds(status="planned") == ["application-rejected"]


def test_leave_is_followed_by_others_and_tells_the_coordinators(now: datetime, boss: Any) -> None:
    with heard(mentee_left) as left:
        mentee = actions.leave(factories.mentee(), by=factories.by(boss), now=now, reason="Umzug")
    assert [one.state for one in left] == ["left"]
    assert mentee.left_reason == "Umzug"
    mail = OutgoingMail.objects.get(kind="mentee-left")
    assert mail.recipient == boss
    assert "Umzug" not in str(mail.facts)
    # The trail outlives the reason: it says that one was given, never which.
    events = AuditEvent.objects.of(mentee)
    assert events.get(verb="leave").fields == ["left_reason"]
    assert all("Umzug" not in str(one.values) for one in events)


def test_leave_is_undone_whole_when_a_listener_fails(now: datetime, boss: Any) -> None:
    def fail(mentee: Any) -> None:
        raise RuleViolation("no")

    mentee = factories.mentee()
    with pytest.raises(RuleViolation), following(mentee_left, fail):
        actions.leave(mentee, by=factories.by(boss), now=now)
    mentee.refresh_from_db()
    assert mentee.state == "taking_part"
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("state", ["completed", "left"])
def test_a_part_ends_once(now: datetime, boss: Any, state: str) -> None:
    mentee = factories.mentee(state)
    for verb in (actions.leave, actions.complete):
        with pytest.raises(RuleViolation):
            verb(mentee, by=factories.by(boss), now=now)


def test_complete(now: datetime, boss: Any) -> None:
    assert actions.complete(factories.mentee(), by=factories.by(boss), now=now).state == "completed"
    assert FormerMentee.objects.count() == 0


def test_p13_erasing_a_person_takes_application_and_part_along(now: datetime, boss: Any) -> None:
    mentee = actions.accept(factories.application(), by=factories.by(boss), now=now)
    mentee.user.delete()
    assert not Mentee.objects.exists()
    assert not Application.objects.exists()
    assert FormerMentee.objects.count() == 1
