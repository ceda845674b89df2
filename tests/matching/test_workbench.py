"""The workbench, the tandem's admin and the desk."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.audit import Actor
from core.audit.models import AuditEvent
from core.todo import DeskItem
from matching import actions, todo
from matching.models import MatchingRun, PairRule, Tandem
from matching.states import TANDEM
from matching.workbench.data import short_names
from mentees import actions as mentees
from mentees.models import Mentee
from mentors import actions as mentors
from mentors.models import Mentor
from outbox.models import OutgoingMail
from programme.models import Cohort
from tests import factories
from tests.conftest import NOW
from tests.matching.people import a_mentee, a_mentor, as_mentee, as_mentor, office
from tests.matching.test_links import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
Staff = Callable[[Any], Client]


def bench_url(**query: Any) -> str:
    path = reverse("admin:matching_workbench", args=[Cohort.objects.get(name="2026/27").pk])
    return path + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def a_cohort_of(number: int) -> list[Mentee]:
    """``number`` mentees and as many mentors with a place each."""
    mentors = [
        a_mentor(f"Vor Nachname{n}", topics=("audition",) if n % 2 else ("fees",))
        for n in range(number)
    ]
    return [
        a_mentee(f"Mentee {n:02}", wishes=(mentors[n],) if n % 3 else ()) for n in range(number)
    ]


# ── the page ─────────────────────────────────────────────────────────────────
def test_before_the_first_run_the_page_offers_to_compute(staff_client: Staff) -> None:
    a_mentee()
    client = staff_client(factories.coordinator())
    page = client.get(bench_url())
    assert page.status_code == 200
    assert 'name="compute-plan"' in page.content.decode()
    client.post(bench_url(), {"compute-plan": "1", "objective": "fair"})
    assert MatchingRun.objects.get().objective == "fair"


def test_equals_are_named_so_that_people_choose(staff_client: Staff) -> None:
    """Three mentors alike for one mentee, then three mentees alike for one place."""
    leyla = a_mentee()
    mentors = [a_mentor(f"Vor Nachname{letter}") for letter in "ABC"]
    client = staff_client(factories.coordinator())
    client.post(bench_url(), {"compute-plan": "1"})
    text = " ".join(text_of(client.get(bench_url(mentee=leyla.pk))).split())
    assert text.count("Gleichauf mit") == 3
    Mentor.objects.filter(pk__in=[one.pk for one in mentors[1:]]).update(capacity=0)
    a_mentee("Noah Bergmann"), a_mentee("Sofia Conti")
    client.post(bench_url(), {"compute-plan": "1"})
    text = " ".join(text_of(client.get(bench_url())).split())
    assert text.count("; gleichauf mit ") == 2
    assert "Gleichauf mit" not in text


def test_compute_look_pin_forbid_lift_compute_propose(staff_client: Staff) -> None:
    leyla = a_mentee()
    noah = a_mentee("Noah Bergmann", topics=("fees",), fields=("jazz",))
    cello = a_mentor(groups=("strings",))
    jazz = a_mentor("Tobias Wendland", topics=("fees",), fields=("jazz",))
    client = staff_client(factories.coordinator())
    client.post(bench_url(), {"compute-plan": "1"})
    page = client.get(bench_url(mentee=leyla.pk))
    text = " ".join(text_of(page).split())
    for words in (
        "Leyla Arslan und Henrike Osterloh",
        "Spricht über zwei der drei gewünschten Themen (Audition, Marketing).",
        "im Plan",
        "Warum nicht?",
        "0 von 2 entschieden",
    ):
        assert words in text
    why = " ".join(text_of(client.get(bench_url(mentee=leyla.pk, mentor=jazz.pk))).split())
    assert "Warum nicht Wendland" in why
    assert "Osterloh → Wendland" in why
    assert "Wendland → Osterloh" in why
    assert "Alle Paare zusammen passten dann um " in why
    assert " Prozent schlechter." in why

    pair = {"mentee": str(leyla.pk), "mentor": str(jazz.pk)}
    client.post(bench_url(), {"pin-pair": "1", **pair})
    stale = text_of(client.get(bench_url(mentee=leyla.pk)))
    assert "hat sich etwas geändert" in stale
    assert "Tandem vorschlagen" not in stale  # nobody decides on a plan that is out of date
    client.post(bench_url(), {"compute-plan": "1"})
    assert "Leyla Arslan und Tobias Wendland" in " ".join(
        text_of(client.get(bench_url(mentee=leyla.pk))).split()
    )
    client.post(bench_url(), {"lift-rule": "1", "rule": PairRule.objects.get().pk})
    client.post(
        bench_url(),
        {
            "forbid-pair": "1",
            "mentee": str(noah.pk),
            "mentor": str(cello.pk),
            "kind": "teaches",
            "note": "seit 2024",
        },
    )
    assert PairRule.objects.get().kind == "teaches"
    client.post(bench_url(), {"compute-plan": "1"})
    pair["mentor"] = str(cello.pk)
    wrong = client.post(bench_url(), {"propose-tandem": "1", **pair, "note": "x" * 201})
    page = wrong.content.decode()
    assert wrong.status_code == 400
    # above everything, like every form; the link leads to the field, which keeps what was typed
    assert page.index('<a href="#note">') < page.index("<h1")
    assert f'name="note" value="{"x" * 201}"' in page
    client.post(bench_url(), {"propose-tandem": "1", **pair})
    tandem = Tandem.objects.get()
    assert (tandem.state, tandem.mentee, tandem.mentor) == ("draft", leyla, cello)
    assert tandem.reasons
    decided = text_of(client.get(bench_url(mentee=leyla.pk)))
    assert "Entschieden" in decided
    assert {"compute", "set", "lift", "propose"} <= set(
        AuditEvent.objects.values_list("verb", flat=True)
    )


def test_a_rule_that_says_no_is_a_sentence_on_the_page(staff_client: Staff) -> None:
    mentee, mentor = a_mentee(), a_mentor()
    actions.forbid_pair(mentee, mentor, by=office(), now=NOW)
    client = staff_client(factories.coordinator())
    data = {"pin-pair": "1", "mentee": str(mentee.pk), "mentor": str(mentor.pk)}
    page = client.post(bench_url(), data, follow=True)
    assert "lässt sich nicht festlegen" in text_of(page)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"propose-tandem": "1"},
        {"propose-tandem": "1", "mentee": "x", "mentor": "y"},
        {"pin-pair": "1", "mentee": uuid.UUID(int=1), "mentor": uuid.UUID(int=2)},
        {"lift-rule": "1", "rule": "-1"},
        {"lift-rule": "1", "rule": "9" * 40},
        {"lift-rule": "1", "rule": "١٢"},
        {"dissolve": "1"},
    ],
)
def test_what_was_tampered_with_is_not_found(staff_client: Staff, data: dict[str, Any]) -> None:
    a_mentee()
    client = staff_client(factories.coordinator())
    assert client.post(bench_url(), data).status_code == 404
    assert not Tandem.objects.exists()


@pytest.mark.parametrize("query", ["mentee=x", f"mentee={uuid.UUID(int=1)}", "mentor=%00"])
def test_an_unknown_choice_is_not_found(staff_client: Staff, query: str) -> None:
    a_mentee()
    assert staff_client(factories.coordinator()).get(f"{bench_url()}?{query}").status_code == 404


def test_a_mentee_who_left_meanwhile_is_a_sentence_and_no_dead_end(staff_client: Staff) -> None:
    gone, mentor = a_mentee(), a_mentor()
    a_mentee("Noah Bergmann")
    mentees.leave(gone, by=office(), now=NOW)
    client = staff_client(factories.coordinator())
    data = {"propose-tandem": "1", "mentee": str(gone.pk), "mentor": str(mentor.pk)}
    for page in (
        client.get(bench_url(mentee=gone.pk)),
        client.post(bench_url(), data, follow=True),
    ):
        assert page.status_code == 200
        assert "Leyla Arslan" in text_of(page)  # told that she left
        assert "Noah Bergmann" in text_of(page)
    assert not Tandem.objects.exists()


def test_who_left_or_completed_is_not_counted_among_those_with_a_suggestion(
    staff_client: Staff,
) -> None:
    mentees_, client = a_cohort_of(3), staff_client(factories.coordinator())
    actions.compute_plan(mentees_[0].cohort, by=office(), now=NOW)
    mentees.leave(mentees_[0], by=office(), now=NOW)
    figures = client.get(bench_url()).context["figures"]
    assert (figures["matched"], figures["of"]) == (2, 2)
    done = factories.tandem("active", mentee=mentees_[1], mentor=a_mentor("Vera Grünwald"))
    mentees.complete(done.mentee, by=office(), now=NOW)
    figures = client.get(bench_url()).context["figures"]
    assert (figures["matched"], figures["of"]) == (1, 1)


def test_the_free_places_of_the_page_are_those_of_its_mentors(staff_client: Staff) -> None:
    """Places taken by another cohort count, places of a mentor who pauses don't hide them."""
    mentee = a_mentee()
    a_mentor(capacity=3, held=1)  # in another cohort
    pauses = factories.tandem("active", mentor=a_mentor("Tobias Wendland"))
    mentors.pause(pauses.mentor, by=office(), now=NOW)
    client = staff_client(factories.coordinator())
    assert client.get(bench_url()).context["figures"]["free"] == 2
    actions.compute_plan(mentee.cohort, by=office(), now=NOW)
    assert client.get(bench_url()).context["figures"]["free"] == 1


def test_a_rule_lifted_in_another_tab_is_a_sentence(staff_client: Staff) -> None:
    mentee, mentor = a_mentee(), a_mentor()
    actions.forbid_pair(mentee, mentor, by=office(), now=NOW)
    data = {"lift-rule": "1", "rule": str(PairRule.objects.get().pk)}
    client = staff_client(factories.coordinator())
    client.post(bench_url(), data)
    again = client.post(bench_url(), data, follow=True)
    assert again.status_code == 200
    assert 'role="alert"' in again.content.decode()


def test_while_a_question_is_open_no_link_is_sent_again(staff_client: Staff) -> None:
    tandem = factories.tandem("mentor_asked")
    client = staff_client(factories.coordinator())
    again = change_url(tandem, "send_again")
    assert again in client.get(change_url(tandem)).content.decode()
    actions.ask_question(tandem, by=as_mentor(tandem), now=NOW, question="Auch online?")
    assert again not in client.get(change_url(tandem)).content.decode()
    assert client.get(again).status_code == 200
    assert client.post(again).status_code == 400
    assert not OutgoingMail.objects.filter(kind="tandem-invitation").exists()


def test_the_office_is_not_told_to_write_to_the_office(staff_client: Staff) -> None:
    tandem = factories.tandem("mentor_asked", answer_by=NOW - timedelta(hours=1))
    page = staff_client(factories.coordinator()).post(change_url(tandem, "send_again"))
    assert page.status_code == 400
    assert "schreiben Sie der Koordination" not in text_of(page)


def test_withdrawing_a_proposal_does_not_claim_to_tell_the_mentor(staff_client: Staff) -> None:
    client = staff_client(factories.coordinator())
    for state, told in (("draft", False), ("active", True)):
        page = client.get(change_url(factories.tandem(state), "dissolve"))
        assert ("Beide erfahren, dass es endet" in text_of(page)) is told, state


def test_a1_the_workbench_of_another_cohort_is_not_found(staff_client: Staff) -> None:
    other = factories.cohort("2025/26")
    mentee, mentor = a_mentee(), a_mentor()
    client = staff_client(factories.coordinator(other))
    data = {"propose-tandem": "1", "mentee": str(mentee.pk), "mentor": str(mentor.pk)}
    assert client.get(bench_url()).status_code == 404
    assert client.post(bench_url(), data).status_code == 404
    own = reverse("admin:matching_workbench", args=[other.pk])
    assert client.post(own, data).status_code == 404
    assert client.get(own).status_code == 200
    assert not Tandem.objects.exists()


def test_a1_the_workbench_is_for_coordinators(client: Client) -> None:
    mentee = a_mentee()
    client.force_login(mentee.user)
    assert client.get(bench_url()).status_code in (302, 404)


def test_the_number_of_queries_is_constant(staff_client: Staff) -> None:
    client = staff_client(factories.coordinator())
    counts = []
    for number in (3, 12):
        a_cohort_of(number)
        cohort = Cohort.objects.get()
        actions.compute_plan(cohort, by=office(), now=NOW)
        mentee = Mentee.objects.order_by("user__name").first()
        mentor = Mentor.objects.order_by("-name").first()
        assert mentee is not None
        assert mentor is not None
        address = bench_url(mentee=mentee.pk, mentor=mentor.pk, all=1)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[1] <= 45


def test_the_matrix_reads_without_colour(staff_client: Staff) -> None:
    mentees = a_cohort_of(4)
    banned = Mentor.objects.order_by("name").first()
    assert banned is not None
    actions.forbid_pair(mentees[0], banned, by=office(), now=NOW)
    actions.compute_plan(mentees[0].cohort, by=office(), now=NOW)
    page = staff_client(factories.coordinator()).get(bench_url()).content.decode()
    table = page[
        page.index('<table class="matrix">') : page.index("</table>", page.index("matrix"))
    ]
    assert table.count('scope="col"') == 5
    assert table.count('scope="row"') == 4
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", table)
    assert len(cells) == 16
    assert set(cells) <= {*map(str, range(11)), "×"}
    assert "×" in cells


def test_a_mentee_who_goes_without_is_for_people_to_decide(staff_client: Staff) -> None:
    a_mentor()
    a_mentee("Anna Erste", wishes=())
    last = a_mentee("Zoe Letzte", topics=("fees",), fields=("jazz",))
    actions.compute_plan(last.cohort, by=office(), now=NOW)
    text = text_of(staff_client(factories.coordinator()).get(bench_url(mentee=last.pk)))
    assert "alle Plätze bei denen, die infrage kommen, sind vergeben" in text
    assert "entscheiden Menschen" in text


def test_short_names_keep_particles_and_tell_namesakes_apart() -> None:
    keys = [uuid.UUID(int=n) for n in range(5)]
    names = ["Elsa von Alten", "Éva Szabó", "Ruth Zander", "Karl Zander", "Björk"]
    short = short_names(dict(zip(keys, names, strict=True)))
    assert list(short.values()) == ["von Alten", "Szabó", "Ruth Zander", "Karl Zander", "Björk"]


# ── the tandem's admin ───────────────────────────────────────────────────────
def change_url(tandem: Tandem, verb: str = "") -> str:
    if verb:
        return reverse("admin:matching_tandem_verb", args=[tandem.pk, verb])
    return reverse("admin:matching_tandem_change", args=[tandem.pk])


def test_approving_shows_the_mail_first_and_then_sends_it(staff_client: Staff) -> None:
    tandem = factories.tandem("mentee_agreed", mentee=a_mentee(), mentor=a_mentor())
    client = staff_client(factories.coordinator())
    page = client.get(change_url(tandem))
    assert "Tandem freigeben" in text_of(page)
    verb = client.get(change_url(tandem, "approve"))
    assert 'data-action="approve-tandem"' in verb.content.decode()
    assert "Möchten Sie Leyla Arslan begleiten?" in text_of(verb)
    assert not OutgoingMail.objects.exists()
    assert Tandem.objects.get().state == "mentee_agreed"
    client.post(change_url(tandem, "approve"), {"approve-tandem": "1"})
    assert Tandem.objects.get().state == "mentor_asked"
    assert OutgoingMail.objects.filter(kind="tandem-invitation").count() == 1


def test_approving_more_than_places_is_possible_and_warned_of(staff_client: Staff) -> None:
    mentor = a_mentor()
    factories.tandem("mentor_asked", mentor=mentor, mentee=a_mentee("Noah Bergmann"))
    tandem = factories.tandem("mentee_agreed", mentor=mentor, mentee=a_mentee())
    client = staff_client(factories.coordinator())
    text = " ".join(text_of(client.get(change_url(tandem, "approve"))).split())
    assert "1 Platz ist frei, und 1 Anfrage ist schon offen" in text
    client.post(change_url(tandem, "approve"), {"approve-tandem": "1"})
    assert Tandem.objects.filter(state="mentor_asked").count() == 2


@pytest.mark.parametrize("state", sorted(TANDEM.states))
def test_only_possible_verbs_are_offered_and_others_refused(
    staff_client: Staff, state: str
) -> None:
    tandem = factories.tandem(
        state, mentor=a_mentor(), mentee=a_mentee(), answered_at=NOW, approved_at=NOW
    )
    client = staff_client(factories.coordinator())
    page = client.get(change_url(tandem)).content.decode()
    for verb in ("approve", "dissolve", "complete", "pass_probation"):
        offered = f'data-action="{verb}"' in page
        assert offered == TANDEM.allows(state, verb)
        if not offered:
            answer = client.post(change_url(tandem, verb), {"reason": "…"})
            assert answer.status_code == 400
            assert Tandem.objects.get().state == state
    assert client.get(change_url(tandem, "confirm")).status_code == 404


def test_a_question_is_answered_from_the_admin(staff_client: Staff) -> None:
    tandem = factories.tandem("mentor_asked", mentee=a_mentee(), mentor=a_mentor())
    actions.ask_question(tandem, by=as_mentor(tandem), now=NOW, question="Auch online?")
    client = staff_client(factories.coordinator())
    page = client.get(change_url(tandem))
    assert "Auch online?" in text_of(page)
    assert "die Frist ruht" in text_of(page)
    client.post(change_url(tandem, "answer_question"), {"answer": "Ja."})
    assert Tandem.objects.get().question_at is None
    mail = OutgoingMail.objects.get(kind="tandem-question-answered")
    assert mail.facts["answer"] == "Ja."


def test_dissolving_asks_for_a_reason(staff_client: Staff) -> None:
    tandem = factories.tandem("active", mentee=a_mentee(), mentor=a_mentor())
    client = staff_client(factories.coordinator())
    assert client.post(change_url(tandem, "dissolve"), {"reason": ""}).status_code == 400
    client.post(change_url(tandem, "dissolve"), {"reason": "Umzug"})
    assert (Tandem.objects.get().state, Tandem.objects.get().end_reason) == ("dissolved", "Umzug")
    mails = OutgoingMail.objects.filter(kind="tandem-dissolved")
    assert mails.count() == 2
    assert not any("Umzug" in str(mail.facts) for mail in mails)


def test_a1_a_tandem_of_another_cohort_is_not_found(staff_client: Staff) -> None:
    tandem = factories.tandem("mentee_agreed", mentee=a_mentee(), mentor=a_mentor())
    client = staff_client(factories.coordinator(factories.cohort("2025/26")))
    for address in (
        change_url(tandem),
        change_url(tandem, "approve"),
        reverse("admin:matching_tandem_history", args=[tandem.pk]),
    ):
        assert client.get(address).status_code in (302, 404)
    client.post(change_url(tandem, "approve"), {"approve-tandem": "1"})
    assert Tandem.objects.get().state == "mentee_agreed"
    assert "Leyla" not in text_of(client.get(reverse("admin:matching_tandem_changelist")))


@pytest.mark.parametrize(
    "name", ["admin:matching_tandem_changelist", "admin:matching_matchingrun_changelist"]
)
def test_lists_cost_as_many_queries_with_many_rows(staff_client: Staff, name: str) -> None:
    client = staff_client(factories.coordinator())
    mentor = a_mentor(capacity=20)
    counts = []
    for _round in range(2):
        for _number in range(5):
            factories.tandem("active", mentor=mentor)
            actions.compute_plan(Cohort.objects.get(), by=office(), now=NOW)
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_history_of_a_tandem_reads_in_words(staff_client: Staff) -> None:
    tandem = actions.propose_tandem(a_mentee(), a_mentor(), by=office(), now=NOW)
    actions.agree(tandem, by=as_mentee(tandem), now=NOW)
    client = staff_client(factories.coordinator())
    text = text_of(client.get(reverse("admin:matching_tandem_history", args=[tandem.pk])))
    assert "hat das Tandem vorgeschlagen" in text
    assert f"{tandem.mentee.user.name} hat dem Vorschlag zugestimmt" in " ".join(text.split())


def desk_items(user: Any, now: datetime) -> list[DeskItem]:
    return todo.desk_items([*Cohort.objects.coordinated_by(user)], now)


# ── the desk ─────────────────────────────────────────────────────────────────
def test_the_desk_says_what_waits_and_where() -> None:
    user = factories.coordinator()
    later = NOW + timedelta(days=3)
    factories.tandem("mentee_agreed", answer_by=NOW - timedelta(days=1))
    factories.tandem("mentor_asked", answer_by=later, approved_at=NOW)
    factories.tandem("mentor_asked", answer_by=None, approved_at=NOW, question_at=NOW)
    full = a_mentor(capacity=1, held=1)
    factories.tandem("mentor_asked", answer_by=later, approved_at=NOW, mentor=full)
    factories.tandem("draft", answer_by=later)
    factories.tandem("probation", probation_until=(NOW - timedelta(days=1)).date())
    a_mentee()
    items = {item.url.split("?")[-1] + str(item.urgent): item for item in desk_items(user, NOW)}
    assert [item.count for item in items.values()] == [1] * len(items)
    titles = [str(item.title) for item in desk_items(user, NOW)]
    assert titles == [
        "Tandem freizugeben",
        "Anfrage ohne freien Platz",
        "Mentor_in hat erst eine Frage",
        "Mentor_in hat noch nicht geantwortet",
        "Vorschlag wartet auf Antwort",
        "Probezeit ist zu Ende",
        "Mentee ohne Tandem",
    ]
    assert [item.urgent for item in desk_items(user, NOW)] == [True] * 3 + [False] * 4
    assert desk_items(factories.coordinator(factories.cohort("2025/26")), NOW) == []


def test_every_way_of_the_desk_leads_to_a_list_of_as_many(staff_client: Staff) -> None:
    """One alone is led to by its own page; two and more by a list. Beside each kind there are others in
    the same state."""
    full, later = a_mentor(capacity=1, held=1), NOW + timedelta(days=3)
    ended = (NOW - timedelta(days=1)).date()
    kinds: list[dict[str, Any]] = [
        {"state": "mentee_agreed"},
        {"state": "mentor_asked", "mentor": full},
        {"state": "mentor_asked", "question_at": NOW, "answer_by": None},
        {"state": "mentor_asked"},
        {"state": "draft"},
        {"state": "probation", "probation_until": ended},
    ]
    for number, values in enumerate(kinds):
        for _one in range(number + 2):
            factories.tandem(**{"answer_by": later, "approved_at": NOW, **values})
    factories.tandem("probation", probation_until=later.date())
    user = factories.coordinator()
    client = staff_client(user)
    items = list(desk_items(user, NOW))
    assert [item.count for item in items] == [2, 3, 4, 5, 6, 7]
    for item in items:
        page = client.get(item.url)
        assert page.status_code == 200
        assert page.context["cl"].result_count == item.count, item.title


# ── what was tried before ────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        ("decline_proposal", "Schon vorgeschlagen: Mentee hat am"),
        ("decline", "Schon gefragt: Mentor_in hat am"),
        ("expire", "Schon gefragt: Bis"),
        ("withdraw", "Schon vorgeschlagen, zurückgezogen am"),
    ],
)
def test_a_pair_that_was_tried_before_says_what_became_of_it(
    staff_client: Staff, now: Any, end: str, sentence: str
) -> None:
    leyla, cello = a_mentee(), a_mentor()
    tandem = actions.propose_tandem(leyla, cello, by=office(), now=now)
    if end == "decline_proposal":
        actions.decline_proposal(tandem, by=as_mentee(tandem), now=now)
    elif end == "withdraw":
        actions.dissolve(tandem, by=office(), now=now, reason="")
    else:
        actions.agree(tandem, by=as_mentee(tandem), now=now)
        asked = actions.approve(tandem, by=office(), now=now)
        if end == "decline":
            actions.decline(asked, by=as_mentor(asked), now=now)
        else:
            actions.expire(asked, by=Actor.system(), now=now + timedelta(days=90))
    client = staff_client(factories.coordinator())
    client.post(bench_url(), {"compute-plan": "1"})
    text = " ".join(text_of(client.get(bench_url(mentee=leyla.pk))).split())
    assert text.count(sentence) == 2  # in the list and where the pair is proposed
    actions.propose_tandem(leyla, cello, by=office(), now=now)
    assert sentence not in text_of(client.get(bench_url(mentee=leyla.pk)))
