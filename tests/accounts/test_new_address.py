"""Another address of a person: asked at the new one, told at the old one, moved once it is confirmed."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions
from accounts.authority import may_change
from accounts.models import User
from core.addresses import clean_address
from core.audit import Actor
from core.audit.models import AuditEvent
from core.errors import RuleViolation
from core.links.actions import issue, url_of
from core.links.models import ActionLink
from outbox.delivery import deliver
from outbox.models import OutgoingMail
from programme.models import CohortRole
from tests import factories as make
from tests.accounts.helpers import confirm_new_address, move
from tests.conftest import NOW
from tests.outbox.conftest import parse

pytestmark = pytest.mark.django_db
NEW = "neu@example.org"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests happen at NOW."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def person() -> User:
    return make.person("Leyla Arslan", email="leyla@example.org")


def ask(person: User, email: str = NEW, by: Actor | None = None) -> User:
    by = by or make.by(person, "person")
    return actions.ask_for_address(person, email=email, by=by, now=NOW)


def path(person: User, purpose: str) -> str:
    link = ActionLink.objects.about(purpose, person).live().get()
    return "/" + url_of(link).split("/", 3)[3]


def mails(kind: str) -> list[str]:
    rows = OutgoingMail.objects.filter(kind=kind, status="planned").order_by("created_at")
    return [row.address for row in rows]


def opens(address: str, person: User) -> bool:
    """Whether a code to sign in as the person leaves for who asks with this address."""
    codes = OutgoingMail.objects.filter(kind="sign-in-code", recipient=person)
    before = codes.count()
    Client().post("/account/login/code/", {"email": address})
    return codes.count() > before


def test_a7_until_it_is_confirmed_the_new_address_opens_nothing(person: User) -> None:
    ask(person)
    assert (mails("address-confirm"), mails("address-noticed")) == ([NEW], ["leyla@example.org"])
    person.refresh_from_db()
    assert person.email == "leyla@example.org"
    assert not opens(NEW, person)
    assert opens("leyla@example.org", person)


def test_a7_the_new_mailbox_confirms_and_the_old_one_opens_nothing_more(
    client: Client, person: User
) -> None:
    held = issue("tandem-answer", person, person, now=NOW, expires_at=NOW + timedelta(days=7))
    ask(person)
    page = path(person, actions.CONFIRM_ADDRESS)
    text = client.get(page).content.decode()
    assert "Leyla" not in text  # a stranger may read this
    assert "leyla@example.org" not in text
    assert client.post(page, {}).status_code == 400
    person.refresh_from_db()
    assert person.email == "leyla@example.org"
    assert client.post(page, {"answer": "confirm"}).status_code == 302
    person.refresh_from_db()
    assert (person.email, person.new_email) == (NEW, "")
    assert mails("address-changed") == ["leyla@example.org"]
    held.refresh_from_db()
    assert held.state_at(NOW) == "withdrawn"
    assert client.get(page).status_code == 200
    assert client.post(page, {"answer": "confirm"}).status_code == 302  # twice is once
    assert len(mails("address-changed")) == 1
    assert not opens("leyla@example.org", person)
    assert opens(NEW, person)


def test_l6_a_mailbox_that_may_be_a_strangers_is_told_no_name(
    person: User, settings: Any, tmp_path: Path
) -> None:
    settings.MAIL_URL = tmp_path.as_uri()
    ask(person)
    deliver(NOW)
    [row] = OutgoingMail.objects.filter(kind="address-confirm", status="sent")
    [path] = tmp_path.glob(f"*{row.pk}.eml")
    mail = parse(path.read_bytes())
    assert mail["To"] == NEW
    assert not {"Leyla", "Arslan", "leyla@example.org"} & set(re.split(r"[\s<>]", str(mail)))


def test_a7_the_mailbox_that_holds_stops_the_change(client: Client, person: User) -> None:
    ask(person)
    confirm, stop = (path(person, one) for one in (actions.CONFIRM_ADDRESS, actions.STOP_ADDRESS))
    asked = client.get(stop).content.decode()
    assert NEW in asked
    assert "Ist das Ihre neue Adresse?" in asked
    assert client.post(stop, {"answer": "keep"}).status_code == 302
    stopped = client.get(stop).content.decode()
    assert "Ihre Adresse bleibt, wie sie ist" in stopped
    assert "Es hat sich nichts geändert." in stopped
    assert client.post(confirm, {"answer": "confirm"}).status_code == 410
    person.refresh_from_db()
    assert (person.email, person.new_email) == ("leyla@example.org", "")


def test_the_new_mailbox_may_say_that_it_is_not_meant(client: Client, person: User) -> None:
    ask(person)
    client.post(path(person, actions.CONFIRM_ADDRESS), {"answer": "not_mine"})
    person.refresh_from_db()
    assert (person.email, person.new_email) == ("leyla@example.org", "")


def test_p3_an_address_somebody_has_is_asked_like_any_other_and_moves_nobody(person: User) -> None:
    other, sent = make.person(), []
    for email in (other.email, "unbekannt@example.org"):
        with CaptureQueriesContext(connection) as queries:
            ask(person, email)
        sent.append((len(queries), email in mails("address-confirm")))
    assert sent == [(sent[1][0], True), (sent[1][0], True)]
    ask(person, other.email)
    with pytest.raises(RuleViolation) as refused:
        confirm_new_address(person)
    assert refused.value.code == "address_taken"
    person.refresh_from_db()
    assert person.email == "leyla@example.org"


def test_capitals_are_the_same_address(person: User) -> None:
    with pytest.raises(RuleViolation) as refused:
        ask(person, "LEYLA@Example.org")
    assert refused.value.code == "same_address"
    assert move(person, "NEU@Example.ORG").email == NEW
    assert User.objects.person("Neu@EXAMPLE.org") == person


def test_asking_again_replaces_the_link_and_the_same_address_is_no_news(person: User) -> None:
    ask(person)
    first = ActionLink.objects.about(actions.CONFIRM_ADDRESS, person).get()
    ask(person)
    assert len(mails("address-confirm")) == 1
    for _press in range(2):  # the button pressed twice sends one mail (promise C8)
        actions.ask_again(person, by=make.by(person, "person"), now=NOW)
    assert mails("address-confirm") == [NEW, NEW]
    first.refresh_from_db()
    assert first.state_at(NOW) == "replaced"


def test_a_link_sent_again_promises_no_more_time_than_the_address_has(person: User) -> None:
    ask(person)
    actions.ask_again(person, by=make.by(person, "person"), now=NOW + timedelta(days=6))
    link = ActionLink.objects.about(actions.CONFIRM_ADDRESS, person).live().get()
    assert link.expires_at == NOW + timedelta(days=7)


def test_what_nobody_confirms_lapses_after_seven_days(person: User) -> None:
    ask(person)
    assert actions.pass_deadlines(NOW + timedelta(days=7, seconds=-1)) == 0
    assert actions.pass_deadlines(NOW + timedelta(days=7)) == 1
    person.refresh_from_db()
    assert (person.email, person.new_email) == ("leyla@example.org", "")
    assert not ActionLink.objects.live().filter(holder=person).exists()


def test_a_closed_account_gets_no_new_address(person: User) -> None:
    ask(person)
    link = ActionLink.objects.about(actions.CONFIRM_ADDRESS, person).get()
    actions.deactivate(person, by=Actor.system(), now=NOW)
    with pytest.raises(RuleViolation):
        actions.confirm_address(link, now=NOW)
    with pytest.raises(RuleViolation):
        ask(person, "noch@example.org", by=Actor.system())


def test_a_closed_account_keeps_no_address_that_waits(person: User) -> None:
    ask(person)
    actions.deactivate(person, by=Actor.system(), now=NOW)
    person.refresh_from_db()
    assert (person.new_email, person.new_email_at, person.new_email_by) == ("", None, None)
    links = ActionLink.objects.filter(holder=person)
    assert {(one.purpose, one.state_at(NOW)) for one in links} == {
        (actions.CONFIRM_ADDRESS, "withdrawn"),
        (actions.STOP_ADDRESS, "withdrawn"),
    }
    assert mails("address-confirm") == []
    assert "new_email" in AuditEvent.objects.of(person).get(verb="deactivate").fields


def test_a7_an_address_is_not_written_past_its_verb(person: User) -> None:
    person.email = NEW
    for attempt in (person.save, lambda: person.save(update_fields=["email"])):
        with pytest.raises(RuleViolation):
            attempt()
    with pytest.raises(RuleViolation):
        User.objects.filter(pk=person.pk).update(email=NEW)
    with pytest.raises(RuleViolation):
        User.objects.bulk_update([person], ["email"])
    person.refresh_from_db()
    assert person.email == "leyla@example.org"


def test_what_left_before_still_says_where_it_went(person: User) -> None:
    actions.invite_staff(person.email, by=Actor.system(), now=NOW)
    row = OutgoingMail.objects.get(kind="staff-invitation")
    row.status, row.message_id, row.sent_at = "sent", "<1@x>", NOW
    row.save()
    person.refresh_from_db()
    move(person, NEW)
    row.refresh_from_db()
    assert row.address == "leyla@example.org"
    # the invitation still waited: it is asked again where the person reads now
    again = OutgoingMail.objects.get(kind="staff-invitation", status="planned")
    assert again.address == NEW


@pytest.mark.parametrize("address", ["a@[127.0.0.1]", "a@[IPv6:::1]", "a@127.0.0.1"])
def test_an_address_that_names_a_machine_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_address(address)
    assert refused.value.code == "address"


# ── who may ──────────────────────────────────────────────────────────────────
def test_a7_a_coordinator_changes_only_who_takes_part_with_them_alone() -> None:
    here, there = make.cohort(), make.cohort("2027/28")
    mine, theirs = make.coordinator(here), make.coordinator(there)
    boss = make.person("Admin", is_staff=True, is_superuser=True)
    mentee = make.mentee(of=here).user
    both = make.mentee(of=here).user
    make.application(of=there, applicant=both, confirmed_at=NOW)
    typed = make.person()
    make.application("unconfirmed", of=here, applicant=typed)
    network = make.mentor().user
    guide = make.tandem("confirmed", mentee=make.mentee(of=there)).mentor.user
    allowed = {
        who
        for who, person in {
            "mentee": mentee, "both": both, "typed": typed, "network": network, "guide": guide,
            "office": make.organisation().office, "colleague": theirs, "boss": boss, "self": mine,
        }.items()
        if may_change(person, make.by(mine))
    }  # fmt: skip
    assert allowed == {"mentee", "network", "self"}
    assert may_change(both, make.by(boss))
    assert not may_change(mentee, Actor(None, "applicant"))
    assert not may_change(mentee, make.by(make.person("ohne Durchgang", is_staff=True)))


def becomes_staff(person: User, asked_by: User) -> None:
    actions.invite_staff(person.email, superuser=True, by=Actor.system(), now=NOW)


def applies_elsewhere(person: User, asked_by: User) -> None:
    make.application(of=make.cohort("2027/28"), applicant=person, confirmed_at=NOW)


def who_asked_is_dismissed(person: User, asked_by: User) -> None:
    CohortRole.objects.filter(user=asked_by).delete()


def who_asked_is_closed(person: User, asked_by: User) -> None:
    actions.deactivate(asked_by, by=Actor.system(), now=NOW)


@pytest.mark.parametrize(
    "meanwhile",
    [becomes_staff, applies_elsewhere, who_asked_is_dismissed, who_asked_is_closed, None],
    ids=lambda one: one.__name__ if one else "nothing",
)
def test_a7_who_entered_an_address_must_still_be_allowed_to_when_it_is_confirmed(
    meanwhile: Any,
) -> None:
    """Else an address entered for a mentee gets the invitation of the administrator they became."""
    mine = make.coordinator()
    mentee = make.mentee(of=make.cohort()).user
    ask(mentee, by=make.by(mine))
    if meanwhile is None:
        assert confirm_new_address(mentee).email == NEW
        return
    meanwhile(mentee, mine)
    with pytest.raises(RuleViolation) as refused:
        confirm_new_address(mentee)
    assert refused.value.code == "not_yours"
    assert not OutgoingMail.objects.filter(kind="staff-invitation", to_address=NEW).exists()
    mentee.refresh_from_db()
    assert mentee.email != NEW


def test_a7_who_enters_a_waiting_address_themselves_needs_no_coordinators_right() -> None:
    """They became staff since a coordinator entered it: then that one may not, and they may."""
    mine = make.coordinator()
    mentee = make.mentee(of=make.cohort()).user
    ask(mentee, by=make.by(mine))
    former = ActionLink.objects.about(actions.CONFIRM_ADDRESS, mentee).get()
    becomes_staff(mentee, mine)
    ask(mentee)
    former.refresh_from_db()
    assert former.state_at(NOW) == "replaced"
    assert mails("address-confirm") == [NEW, NEW]
    assert confirm_new_address(mentee).email == NEW


def test_a7_a_coordinator_takes_over_no_address_the_person_entered() -> None:
    mine = make.coordinator()
    mentee = make.mentee(of=make.cohort()).user
    ask(mentee)
    ask(mentee, by=make.by(mine))
    who_asked_is_dismissed(mentee, mine)
    assert mails("address-confirm") == [NEW]
    assert confirm_new_address(mentee).email == NEW


def test_a7_who_sends_the_link_again_stands_for_the_address() -> None:
    """A colleague, or the person: then whoever entered it need not be allowed to any more."""
    first, second = make.coordinator(), make.coordinator()
    for ends, again in ((first, second), (second, None)):
        mentee = make.mentee(of=make.cohort()).user
        email = f"{mentee.pk}@example.org"
        ask(mentee, email, by=make.by(ends))
        actions.ask_again(mentee, by=make.by(again or mentee), now=NOW)
        who_asked_is_dismissed(mentee, ends)
        assert confirm_new_address(mentee).email == email


def test_a7_who_sends_the_link_again_takes_over_no_address_the_person_entered() -> None:
    mine = make.coordinator()
    mentee = make.mentee(of=make.cohort()).user
    ask(mentee)
    actions.ask_again(mentee, by=make.by(mine), now=NOW)
    who_asked_is_dismissed(mentee, mine)
    assert confirm_new_address(mentee).email == NEW


def test_the_same_address_is_asked_anew_once_its_link_has_expired(person: User) -> None:
    ask(person)
    late = NOW + actions.ADDRESS_LIFETIME
    actions.ask_for_address(person, email=NEW, by=make.by(person, "person"), now=late)
    assert mails("address-confirm") == [NEW, NEW]
    link = ActionLink.objects.about(actions.CONFIRM_ADDRESS, person).live().get()
    assert actions.confirm_address(link, now=late).email == NEW


# ── one's own page, and the desk ─────────────────────────────────────────────
def test_a_person_changes_their_own_address(client: Client, person: User) -> None:
    client.force_login(person)
    page = client.post("/me/address/", {"email": "a@[127.0.0.1]", "change-address": ""})
    assert page.status_code == 400
    assert client.post("/me/address/", {"email": NEW, "change-address": ""}).status_code == 302
    assert NEW in client.get("/me/address/").content.decode()
    assert f"{NEW} ist noch nicht bestätigt" in client.get("/me/").content.decode()
    assert client.post("/me/address/", {"ask-again": ""}).status_code == 302
    assert mails("address-confirm") == [NEW, NEW]
    assert client.post("/me/address/", {"drop-address": ""}).status_code == 302
    person.refresh_from_db()
    assert person.new_email == ""
    assert client.post("/me/address/", {"drop-address": ""}).status_code == 302  # twice is calm
    for number in range(6):
        client.post("/me/address/", {"email": f"n{number}@example.org", "change-address": ""})
    assert client.post("/me/address/", {"email": NEW, "change-address": ""}).status_code == 429


def test_the_desk_asks_shows_and_withdraws(staff_client: Any) -> None:
    mine = make.coordinator()
    make.mentor(name="Anna Ahrendt")  # somebody else's record, first in the list
    mentor = make.mentor(name="Henrike Osterloh")
    desk = staff_client(mine)
    page = f"/admin/accounts/user/{mentor.user.pk}/do"
    assert desk.post(f"{page}/change-address/", {"email": NEW}).status_code == 302
    for shown in (f"/admin/mentors/mentor/{mentor.pk}/", f"/admin/accounts/user/{mentor.user.pk}/"):
        text = desk.get(f"{shown}change/").content.decode()
        assert f"{NEW} ist noch nicht bestätigt" in text
        assert f"{page}/ask-again/" in text
        assert f"{page}/drop-address/" in text
    mentors_page = f"/admin/mentors/mentor/{mentor.pk}/change/"
    way = f"{page}/ask-again/?from=mentor"
    assert f'href="{way}"' in desk.get(mentors_page).content.decode()
    assert f'href="{mentors_page}"' in desk.get(way).content.decode()
    assert desk.post(way)["Location"] == mentors_page
    persons_page = f"/admin/accounts/user/{mentor.user.pk}/change/"
    assert desk.post(f"{page}/drop-address/")["Location"] == persons_page
    mentor.user.refresh_from_db()
    assert mentor.user.new_email == ""
    own = f"/admin/accounts/user/{mine.pk}/do/change-address/"
    assert desk.get("/me/address/")["Location"] == own
    assert desk.post(own, {"email": "katrin@example.org"}).status_code == 302


# ── sessions ─────────────────────────────────────────────────────────────────
def test_p5_a_confirmed_address_ends_every_session_but_the_one_it_was_confirmed_in(
    person: User,
) -> None:
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        browser.force_login(person)
    ask(person)
    assert elsewhere.get("/me/").status_code == 200  # asking alone ends nothing
    here.post(path(person, actions.CONFIRM_ADDRESS), {"answer": "confirm"})
    person.refresh_from_db()
    assert person.email == NEW
    assert [one.get("/me/").status_code for one in (here, elsewhere)] == [200, 302]


def test_p5_a_link_opened_by_somebody_else_signs_nobody_in_or_out(person: User) -> None:
    other, browser, own = make.person(), Client(), Client()
    browser.force_login(other)
    own.force_login(person)
    ask(person)
    browser.post(path(person, actions.CONFIRM_ADDRESS), {"answer": "confirm"})
    assert browser.session["_auth_user_id"] == str(other.pk)
    assert browser.get("/me/").status_code == 200
    assert own.get("/me/").status_code == 302


def test_p5_control_sessions_that_hang_on_the_password_alone_go_on(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(User, "_get_session_auth_hash")
    browser = Client()
    browser.force_login(person)
    move(person, NEW)
    assert browser.get("/me/").status_code == 200


def test_a_new_address_brings_no_invitation_because_a_colleague_has_an_open_one() -> None:
    person = make.coordinator()
    actions.invite_staff("kollege@example.org", by=Actor.system(), now=NOW)
    move(person, NEW)
    assert mails("staff-invitation") == ["kollege@example.org"]
