"""The reading desk."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backoffice import object_actions
from backoffice.model_admin import BackofficeModelAdmin
from core.audit import Actor
from core.audit.models import AuditEvent
from mentees import actions
from mentees.models import Application, ApplicationTopic, Mentee, MentorWish
from outbox.models import OutgoingMail
from tests import factories
from tests.conftest import NOW
from tests.opened import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LIST = reverse("admin:mentees_application_changelist")


@pytest.fixture
def desk(staff_client: Any) -> Any:
    return staff_client(factories.coordinator())


def page_of(application: Application) -> str:
    return reverse("admin:mentees_application_change", args=[application.pk])


def verb_of(obj: Any, verb: str) -> str:
    return reverse(f"admin:mentees_{obj._meta.model_name}_verb", args=[obj.pk, verb])


def full(state: str = "submitted", **values: Any) -> Application:
    application = factories.application(state, situation="Ich habe ein Kind.", confirmed_at=NOW, decide_by=NOW + timedelta(days=9), **values)  # fmt: skip
    mentor = factories.mentor(name="Henrike Osterloh")
    MentorWish.objects.create(application=application, rank=1, mentor=mentor)
    MentorWish.objects.create(application=application, rank=2, name="Prof. Unbekannt")
    ApplicationTopic.objects.create(
        application=application, topic=factories.topic("fees"), priority=1
    )
    return application


def test_answers_rules_wishes_and_history_stand_side_by_side(desk: Any) -> None:
    application = full(semesters_left=1)
    page = desk.get(page_of(application)).content.decode()
    for text in (
        "Ehrliche Rückmeldungen.",
        "Ich habe ein Kind.",
        "Henrike Osterloh",
        "Prof. Unbekannt",
        "Fees",
        application.applicant.email,
    ):
        assert text in page
    assert page.count("<h1") == 1
    assert page.count("state-alert") == 1  # one rule is not met
    for verb in ("read", "invite", "accept", "waitlist", "reject"):
        assert f'data-action="{verb}"' in page
    assert 'name="motivation"' not in page


def test_only_the_note_can_be_written(desk: Any) -> None:
    application = full()
    desk.post(page_of(application), opened(desk, page_of(application)) | {"office_note": "Gespräch mit Bläserklasse", "state": "accepted", "name": "X", "_continue": "1"})  # fmt: skip
    changed = Application.objects.get(pk=application.pk)
    assert changed.office_note == "Gespräch mit Bläserklasse"
    assert (changed.state, changed.name) == ("submitted", application.name)
    event = AuditEvent.objects.of(changed).get()
    assert (event.verb, event.fields) == ("change", ["office_note"])


def test_c3_a_note_does_not_take_a_move_back_that_came_meanwhile(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page was read before the applicant withdrew, and is saved after."""
    application = full()
    saved = BackofficeModelAdmin.save_model

    def meanwhile(self: BackofficeModelAdmin, *args: Any) -> None:
        applicant = Actor.person(application.applicant, "applicant")
        actions.withdraw(application, by=applicant, now=NOW)
        saved(self, *args)

    monkeypatch.setattr(BackofficeModelAdmin, "save_model", meanwhile)
    shown = opened(desk, page_of(application))
    desk.post(page_of(application), shown | {"office_note": "Gespräch mit Bläserklasse"})
    application.refresh_from_db()
    assert application.state == "withdrawn"
    assert application.withdrawn_from == "submitted"
    assert application.office_note == "Gespräch mit Bläserklasse"


@pytest.mark.parametrize(
    ("verb", "data", "letters"),
    [
        ("read", {}, 0),
        ("invite", {"talk_at_0": "2026-09-22", "talk_at_1": "10:30", "talk_place": "214"}, 1),
        ("accept", {}, 1),
        ("waitlist", {"decide_on": "2026-10-01"}, 1),
        ("reject", {"words": "Nächstes Jahr gern."}, 1),
    ],
)
def test_verbs_show_their_mail_before_and_act_on_post(
    desk: Any, verb: str, data: dict[str, str], letters: int
) -> None:
    application = full()
    page = desk.get(verb_of(application, verb))
    assert page.status_code == 200
    assert page.content.count(b'class="mail-preview"') == letters
    assert Application.objects.get(pk=application.pk).state == "submitted"
    assert desk.post(verb_of(application, verb), data).status_code == 302
    changed = Application.objects.get(pk=application.pk)
    assert changed.state == Application.TABLE.moves[verb].targets[0]
    assert desk.get(page_of(changed)).status_code == 200


def test_after_a_note_the_same_application_stays_open(desk: Any) -> None:
    application = full()
    sent = opened(desk, page_of(application)) | {"office_note": "Gut vorbereitet."}
    answer = desk.post(page_of(application), sent, follow=True)
    assert answer.redirect_chain == [(page_of(application), 302)]
    assert "Gut vorbereitet." in answer.content.decode()


def test_a_moved_talk_is_told_as_one_and_a_first_one_is_not(desk: Any) -> None:
    application = full("in_review")
    answers = {"talk_at_0": "2026-09-22", "talk_at_1": "10:30", "talk_place": "Raum 214"}
    said = "Dieser Termin gilt anstelle des früheren."
    preview = {**answers, "preview": "1"}
    assert said not in desk.post(verb_of(application, "invite"), preview).content.decode()
    desk.post(verb_of(application, "invite"), answers)
    assert said in desk.post(verb_of(application, "move_talk"), preview).content.decode()


def test_no_mail_is_shown_for_answers_that_cannot_be_sent(desk: Any) -> None:
    application = full("in_review")
    path = verb_of(application, "waitlist")
    assert 'class="mail-preview' in desk.get(path).content.decode()
    refused = desk.post(path, {"decide_on": "31.02.2027"})
    assert refused.status_code == 400
    assert 'class="mail-preview' not in refused.content.decode()


def test_moving_the_talk(desk: Any) -> None:
    application = full("invited", talk_at=NOW + timedelta(days=2), talk_place="214")
    desk.post(
        verb_of(application, "move_talk"),
        opened(desk, verb_of(application, "move_talk"))
        | {"talk_at_0": "2026-09-24", "talk_at_1": "10:30", "talk_place": "online"},
    )
    assert Application.objects.get(pk=application.pk).talk_place == "online"


@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("invite", {}),
        ("invite", {"talk_at_0": "31.02.2027", "talk_at_1": "24:00", "talk_place": ""}),
        ("invite", {"talk_at_0": "2026-09-01", "talk_at_1": "10:00", "talk_place": "214"}),
        ("waitlist", {"decide_on": "gestern"}),
        ("waitlist", {"decide_on": "2020-01-01"}),
        ("reject", {"words": "x" * 2000}),
    ],
)
def test_a_refused_verb_says_why_and_changes_nothing(
    desk: Any, verb: str, data: dict[str, str]
) -> None:
    application = full()
    response = desk.post(verb_of(application, verb), data)
    assert response.status_code == 400
    assert b"notice-error" in response.content or b"field-wrong" in response.content
    assert Application.objects.get(pk=application.pk).state == "submitted"


def test_full_cohort_is_said_before_accepting(desk: Any) -> None:
    cohort = factories.cohort()
    cohort.places = 1
    cohort.save()
    factories.mentee()
    application = full()
    assert b"notice-error" in desk.get(verb_of(application, "accept")).content
    assert desk.post(verb_of(application, "accept"), {}).status_code == 400
    assert desk.post(verb_of(application, "accept"), {"beyond_places": "on"}).status_code == 302
    assert Mentee.objects.filter(application=application).exists()


def test_a1_foreign_cohorts_are_not_found(desk: Any) -> None:
    foreign = full(of=factories.cohort("2025/26"))
    assert desk.get(page_of(foreign)).status_code in (302, 404)
    assert desk.get(verb_of(foreign, "accept")).status_code == 404
    assert desk.post(verb_of(foreign, "accept")).status_code == 404
    assert foreign.name not in desk.get(LIST).content.decode()


def test_the_list_filters_and_searches(desk: Any) -> None:
    one = full(applicant=factories.person("Leyla Arslan"))
    other = full("in_review", applicant=factories.person("Noah Bergmann"))
    page = desk.get(f"{LIST}?state__exact=in_review").content.decode()
    assert other.name in page
    assert one.name not in page
    assert one.name in desk.get(f"{LIST}?q=arslan").content.decode()
    for query in (f"cohort__id__exact={one.cohort_id}", f"degree__id__exact={one.degree_id}"):
        assert desk.get(f"{LIST}?{query}").status_code == 200


@pytest.mark.parametrize("path", [LIST, reverse("admin:mentees_mentee_changelist")])
def test_the_lists_cost_the_same_however_many_rows(desk: Any, path: str) -> None:
    counts = []
    desk.get(path)
    for more in (3, 27):
        for _number in range(more):
            factories.application("submitted", confirmed_at=NOW, decide_by=NOW)
            factories.mentee()
        with CaptureQueriesContext(connection) as queries:
            desk.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_desk_costs_the_same_however_much_there_is(desk: Any) -> None:
    application = full()
    counts = []
    desk.get(page_of(application))
    for more in (1, 20):
        for number in range(more):
            factories.application(
                "submitted",
                applicant=application.applicant,
                of=factories.cohort(f"Durchgang {more} {number}"),
            )
            MentorWish.objects.create(
                application=application, rank=10 * more + number, mentor=factories.mentor()
            )
        with CaptureQueriesContext(connection) as queries:
            desk.get(page_of(application))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_mentee_leaves_with_a_reason(desk: Any) -> None:
    mentee = factories.mentee()
    page = desk.get(reverse("admin:mentees_mentee_change", args=[mentee.pk])).content.decode()
    assert 'data-action="leave"' in page
    assert desk.get(verb_of(mentee, "leave")).content.count(b'class="mail-preview"') >= 1
    assert desk.post(verb_of(mentee, "leave"), {"reason": "Auslandsjahr"}).status_code == 302
    mentee.refresh_from_db()
    assert (mentee.state, mentee.left_reason) == ("left", "Auslandsjahr")


def test_mentee_completes(desk: Any) -> None:
    mentee = factories.mentee()
    desk.post(verb_of(mentee, "complete"))
    mentee.refresh_from_db()
    assert mentee.state == "completed"


def test_nothing_is_added_or_deleted_here(desk: Any) -> None:
    application = full()
    for model, obj in (("application", application), ("mentee", factories.mentee())):
        assert desk.get(reverse(f"admin:mentees_{model}_add")).status_code == 403
        assert desk.post(reverse(f"admin:mentees_{model}_delete", args=[obj.pk]), {"post": "yes"}).status_code == 403  # fmt: skip


@pytest.mark.parametrize(
    ("state", "verb"),
    [("submitted", "invite"), ("in_review", "invite"), ("invited", "accept")],
)
def test_the_main_button_is_what_comes_next(desk: Any, state: str, verb: str) -> None:
    application = full(state)
    page = desk.get(reverse("admin:mentees_application_change", args=[application.pk]))
    (main,) = [one["verb"] for one in page.context["object_actions"] if one["primary"]]
    assert main == verb


def test_what_a_rule_refuses_stands_beside_its_field_and_the_mail_can_be_seen_again(
    desk: Any,
) -> None:
    application = full("in_review")
    sent = {"talk_at_0": "2020-01-01", "talk_at_1": "10:00", "talk_place": "Raum 12"}
    for button in ("invite-application", "preview"):
        page = desk.post(verb_of(application, "invite"), {**sent, button: "1"})
        assert page.status_code == 400
        assert page.context["form"].errors.keys() == {"talk_at"}
        assert 'name="preview"' in page.content.decode()
    application.refresh_from_db()
    assert application.state == "in_review"


def test_who_decides_on_a_page_from_before_sees_first_what_happened_since(desk: Any) -> None:
    application = full("in_review")
    path = verb_of(application, "reject")
    seen = {"seen": str(application.version), "reject-application": "1"}
    assert f'name="seen" value="{application.version}"' in desk.get(path).content.decode()
    answers = {"talk_at_0": "2026-09-24", "talk_at_1": "10:30", "talk_place": "online"}
    desk.post(verb_of(application, "invite"), answers)
    told = desk.post(path, seen)
    assert told.status_code == 400
    assert "Seit Sie diese Seite geöffnet haben" in told.content.decode()
    application.refresh_from_db()
    assert application.state == "invited"
    desk.post(path, {**seen, "seen": str(application.version)})
    application.refresh_from_db()
    assert application.state == "rejected"
    assert "Seit Sie" not in desk.post(path, seen).content.decode()  # not possible any more


@pytest.fixture
def overtaken(desk: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Rejects an application that somebody else invites after the page has read and compared it, before the
    verb locks it; returns the answer."""
    application, look = full("in_review"), BackofficeModelAdmin._since_then

    def invite_after_the_look(*args: Any) -> str:
        since = look(*args)
        values = {"talk_at": NOW + timedelta(days=2), "talk_place": "online"}
        actions.invite(Application.objects.get(), by=Actor.system(), now=NOW, **values)
        return since

    monkeypatch.setattr(BackofficeModelAdmin, "_since_then", invite_after_the_look)
    sent = {"seen": str(application.version), "reject-application": "1"}
    return lambda: desk.post(verb_of(application, "reject"), sent)


def test_c3_who_decides_is_asked_when_somebody_else_moved_it_in_the_same_moment(
    overtaken: Any,
) -> None:
    told = overtaken()
    assert told.status_code == 400
    assert "Seit Sie diese Seite geöffnet haben" in told.content.decode()
    assert Application.objects.get().state == "invited"
    assert not OutgoingMail.objects.filter(kind="application-rejected").exists()


def test_c2_control_a_look_before_the_lock_alone_would_not_notice(
    overtaken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_actions, "decided_on", lambda obj, version: nullcontext())
    assert overtaken().status_code == 302
    assert Application.objects.get().state == "rejected"


def test_the_list_says_when_the_talks_are(desk: Any) -> None:
    full("invited", talk_at=datetime(2026, 9, 24, 8, 30, tzinfo=UTC), talk_place="214")
    assert "Do, 24. Sept., 10.30\N{NO-BREAK SPACE}Uhr" in desk.get(LIST).content.decode()


def test_the_list_says_which_rule_is_not_met(desk: Any) -> None:
    factories.application("submitted", semesters_left=1)
    page = desk.get("/admin/mentees/application/").content.decode()
    assert "nicht erfüllt: Noch eingeschrieben" in page


def test_a1_the_reading_desk_leads_on_within_the_cohort_and_names_no_other(
    staff_client: Any,
) -> None:
    """The longest waiting of another cohort is not next, even where the person is the same."""
    other = factories.cohort("2027/28")
    early = factories.NOW - timedelta(days=9)
    read = factories.application("submitted")
    foreign = factories.application("submitted", of=other, applicant=read.applicant, sent_at=early)
    factories.application("in_review", sent_at=early)
    second = factories.application("submitted", sent_at=early + timedelta(days=1))
    factories.application("submitted", sent_at=early + timedelta(days=2))
    client = staff_client(factories.coordinator())
    page = client.get(f"/admin/mentees/application/{read.pk}/change/")
    assert page.context["following"] == second
    assert page.context["others"] == []
    assert str(foreign.pk) not in page.content.decode()
    own = factories.application("withdrawn", applicant=read.applicant, confirmed_at=early)
    page = client.get(f"/admin/mentees/application/{read.pk}/change/")
    assert page.context["others"] == [own]
