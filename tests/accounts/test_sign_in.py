"""Signing in: the code by mail, the password with its second factor, and what no door tells."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.audit.models import AuditEvent
from core.links import actions as links
from core.links.models import ActionLink
from outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "drei Takte Pause bitte"


def ask_for_code(client: Client, email: str) -> Any:
    return client.post("/account/login/code/", {"email": email})


def code_of(user: User) -> str:
    return (
        OutgoingMail.objects.filter(kind="sign-in-code", recipient=user)
        .latest("created_at")
        .facts["code"]
    )


def staff(password: str = PASSWORD) -> User:
    user = factories.coordinator()
    user.set_password(password)
    user.save()
    return user


def enrol(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def totp_code(secret: str, steps: int = 0) -> str:
    counter = int(time.time()) // 30 + steps
    return format_hotp_value(hotp_value(secret, counter))


def sign_in_with_password(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/account/login/", {"login": email, "password": password})


def test_a_participant_signs_in_by_a_code_sent_by_mail(client: Client) -> None:
    user = factories.person("Leyla Arslan")
    response = ask_for_code(client, user.email)
    assert response.status_code == 302
    assert response["Location"] == "/account/login/code/confirm/"
    response = client.post("/account/login/code/confirm/", {"code": code_of(user)})
    assert response["Location"] == "/account/arrive/"
    assert client.get("/account/arrive/")["Location"] == "/me/"


def test_the_address_is_found_in_any_spelling_of_case(client: Client) -> None:
    user = factories.person(email="leyla@example.org")
    ask_for_code(client, "Leyla@Example.ORG")
    assert OutgoingMail.objects.filter(recipient=user, kind="sign-in-code").count() == 1


def test_p1_a_wrong_code_is_refused_and_after_five_attempts_a_new_one_is_needed(
    client: Client,
) -> None:
    user = factories.person()
    ask_for_code(client, user.email)
    good = code_of(user)
    for _attempt in range(5):
        client.post("/account/login/code/confirm/", {"code": "WRONG1"})
    client.post("/account/login/code/confirm/", {"code": good})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("language", ["de", "en"])
def test_p1_after_too_many_wrong_codes_the_way_on_is_told_in_words_of_the_house(
    client: Client, language: str
) -> None:
    user = factories.person()
    ask_for_code(client, user.email)
    for _attempt in range(5):
        answer = client.post(
            "/account/login/code/confirm/",
            {"code": "WRONG1"},
            follow=True,
            headers={"accept-language": language},
        )
    said = " ".join(str(message) for message in answer.context["messages"])
    assert "new code" in said if language == "en" else "versuche es" not in said
    ask_for_code(client, user.email)
    client.post("/account/login/code/confirm/", {"code": code_of(user)})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_sign_up_is_closed(client: Client) -> None:
    assert client.get("/account/signup/")["Location"] == "/apply/"
    client.post("/account/signup/", {"email": "x@example.org", "password1": PASSWORD})
    assert not User.objects.exists()


def test_p2_staff_enter_the_admin_only_with_password_and_second_factor(client: Client) -> None:
    user = staff()
    secret = enrol(user)
    assert client.get("/admin/")["Location"].startswith("/account/login/")
    assert sign_in_with_password(client, user.email)["Location"] == "/account/2fa/authenticate/"
    assert client.get("/admin/").status_code == 302
    response = client.post("/account/2fa/authenticate/", {"code": totp_code(secret)})
    assert response["Location"] == "/account/arrive/"
    assert client.get("/admin/").status_code == 200


def test_p2_staff_without_second_factor_are_sent_to_enrol_and_do_not_loop(client: Client) -> None:
    user = staff()
    sign_in_with_password(client, user.email)
    assert client.get("/admin/")["Location"].startswith("/account/2fa/totp/activate/")
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": totp_code(secret)})
    assert client.get("/admin/")["Location"].startswith("/account/2fa/reauthenticate/")
    cache.clear()  # a code is good for once; forget that it was used
    response = client.post("/account/2fa/reauthenticate/?next=/admin/", {"code": totp_code(secret)})
    assert response.status_code == 302
    assert client.get("/admin/").status_code == 200


def test_p2_a_code_by_mail_is_no_side_door_for_staff(client: Client) -> None:
    user = staff()
    secret = enrol(user)
    ask_for_code(client, user.email)
    client.post("/account/login/code/confirm/", {"code": code_of(user)})
    client.post("/account/2fa/authenticate/", {"code": totp_code(secret)})
    assert client.get("/admin/")["Location"].startswith("/account/reauthenticate/")


def test_p2_a_session_from_before_the_enrolment_is_asked_again(client: Client) -> None:
    user = staff()
    sign_in_with_password(client, user.email)
    enrol(user)
    assert client.get("/admin/")["Location"].startswith("/account/2fa/reauthenticate/")


def test_p2_a_used_code_of_the_app_is_not_taken_twice() -> None:
    user = staff()
    secret = enrol(user)
    code = totp_code(secret)
    for expected in ("/account/arrive/", None):
        browser = Client()
        sign_in_with_password(browser, user.email)
        response = browser.post("/account/2fa/authenticate/", {"code": code})
        assert response.get("Location") == expected


def test_p2_the_admins_own_login_only_redirects(client: Client) -> None:
    assert client.get("/admin/login/")["Location"].startswith("/account/login/")
    user = staff()
    response = client.post("/admin/login/", {"username": user.email, "password": PASSWORD})
    assert response["Location"].startswith("/account/login/")
    assert "_auth_user_id" not in client.session


def test_p2_a_claimed_prefix_of_the_path_is_no_side_door(client: Client) -> None:
    """``SCRIPT_NAME`` stands before the path that is told, not before the one a view is found by."""
    user = staff()
    ask_for_code(client, user.email)
    client.post("/account/login/code/confirm/", {"code": code_of(user)})
    assert client.session["_auth_user_id"] == str(user.pk)
    answer = client.get("/admin/", SCRIPT_NAME="/x")
    assert answer.status_code == 302
    assert "/account/reauthenticate/" in answer["Location"]
    assert "no-store" in answer["Cache-Control"]
    other = Client()
    other.force_login(factories.person())
    assert other.get("/account/2fa/", SCRIPT_NAME="/x").status_code == 404


def test_p2_recovery_codes_are_ten_and_work_once() -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = staff()
    enrol(user)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    assert len(codes) == 10
    for expected in ("/account/arrive/", None):
        browser = Client()
        sign_in_with_password(browser, user.email)
        response = browser.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert response.get("Location") == expected


def test_a_signed_in_participant_finds_no_admin(client: Client) -> None:
    client.force_login(factories.person())
    assert client.get("/admin/").status_code == 404
    assert client.get("/account/2fa/").status_code == 404


def test_the_secret_of_the_second_factor_rests_encrypted() -> None:
    user = staff()
    page_secret = enrol(user)
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert page_secret not in stored


def test_p1_no_more_than_five_wrong_passwords_are_tried_in_five_minutes() -> None:
    user = staff()
    for number in range(8):
        browser = Client(REMOTE_ADDR=f"10.0.0.{number}")
        sign_in_with_password(browser, user.email, f"falsch geraten {number}")
    browser = Client(REMOTE_ADDR="10.0.0.99")
    response = sign_in_with_password(browser, user.email)
    assert response.status_code == 200
    assert "_auth_user_id" not in browser.session
    assert "account_login" not in browser.session


def test_p1_a_forged_forwarded_header_does_not_open_a_fresh_bucket() -> None:
    for number in range(12):
        Client(HTTP_X_FORWARDED_FOR=f"10.1.0.{number}").post(
            "/account/login/", {"login": f"person{number}@example.org", "password": "x" * 12}
        )
    user = staff()
    browser = Client(HTTP_X_FORWARDED_FOR="10.1.9.9")
    assert sign_in_with_password(browser, user.email).status_code == 200


def test_p1_a_browser_that_signed_in_before_is_not_locked_out_by_strangers() -> None:
    user = staff()
    known = Client(REMOTE_ADDR="10.0.1.1")
    sign_in_with_password(known, user.email)
    known.post("/account/logout/")
    for number in range(8):
        sign_in_with_password(Client(REMOTE_ADDR=f"10.0.2.{number}"), user.email, "falsch geraten")
    assert sign_in_with_password(known, user.email).status_code == 302


def test_p5_staff_are_signed_out_after_half_an_hour_without_a_request(staff_client: Any) -> None:
    client = staff_client(factories.coordinator())
    assert client.get("/admin/").status_code == 200
    session = client.session
    session["staff_seen_at"] = time.time() - 31 * 60
    session.save()
    assert client.get("/admin/")["Location"].startswith("/account/login/")


def test_p5_a_deactivated_person_is_out_with_the_next_request(staff_client: Any) -> None:
    user = factories.coordinator()
    client = staff_client(user)
    call_command("close_account", user.email.upper(), stdout=StringIO())
    assert client.get("/admin/")["Location"].startswith("/account/login/")
    assert AuditEvent.objects.of(user).filter(verb="deactivate").exists()


def test_l5_the_links_of_a_closed_account_decide_nothing_any_more(now: datetime) -> None:
    tandem = factories.tandem("mentor_asked")
    link = links.issue(
        "tandem-answer", tandem, tandem.mentor.user, now=now, expires_at=now + timedelta(days=7)
    )
    call_command("close_account", tandem.mentor.user.email, stdout=StringIO())
    link.refresh_from_db()
    assert link.closed_as == "withdrawn"


def test_closing_an_account_names_an_address_nobody_has() -> None:
    for address in ("nobody@example.org", "no address"):
        with pytest.raises(CommandError, match=address):
            call_command("close_account", address)


def test_the_first_coordinator_gets_in_by_a_link(client: Client) -> None:
    cohort = factories.cohort()
    call_command(
        "invite_coordinator",
        "Katrin@Example.org",
        "--name",
        "Katrin Behrend",
        "--cohort",
        cohort.name,
    )
    user = User.objects.get(email="katrin@example.org")
    link = ActionLink.objects.get(holder=user)
    path = f"/l/{links.token_of(link)}/"
    assert client.get(path).status_code == 200
    assert not User.objects.get(pk=user.pk).has_usable_password()
    refused = client.post(path, {"password": "mentoring1234", "again": "mentoring1234"})
    assert refused.status_code == 400
    assert client.post(path, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert client.get(path).status_code == 200
    response = sign_in_with_password(client, user.email)
    assert response.status_code == 302
    assert client.get("/admin/")["Location"].startswith("/account/2fa/totp/activate/")


def test_a_password_that_was_not_repeated_is_told_beside_the_field(client: Client) -> None:
    call_command("invite_coordinator", "k@example.org")
    path = f"/l/{links.token_of(ActionLink.objects.get())}/"
    answer = client.post(path, {"password": PASSWORD})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["again"]
    assert not User.objects.get(email="k@example.org").has_usable_password()


def test_l3_a_staff_invitation_sets_the_password_once(client: Client) -> None:
    call_command("invite_coordinator", "k@example.org")
    link = ActionLink.objects.get()
    path = f"/l/{links.token_of(link)}/"
    client.post(path, {"password": PASSWORD, "again": PASSWORD})
    client.post(path, {"password": "ganz anderes Wort 7", "again": "ganz anderes Wort 7"})
    assert User.objects.get(email="k@example.org").check_password(PASSWORD)


def test_l5_an_expired_invitation_is_renewed_to_the_address_on_file_alone(client: Client) -> None:
    call_command("invite_coordinator", "k@example.org")
    link = ActionLink.objects.get()
    ActionLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(days=1))
    path = f"/l/{links.token_of(link)}/"
    assert client.get(path).status_code == 410
    for _attempt in range(5):
        client.post(path, {"renew-link": "1"})
    mails = OutgoingMail.objects.filter(kind="staff-invitation")
    assert {mail.recipient.email for mail in mails} == {"k@example.org"}
    assert client.get(path).status_code == 410


@pytest.mark.parametrize("taken", ["is_staff", "is_active"])
def test_l5_an_old_invitation_gives_nobody_back_what_was_taken(client: Client, taken: str) -> None:
    call_command("invite_coordinator", "k@example.org")
    link = ActionLink.objects.get()
    ActionLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(days=1))
    User.objects.filter(pk=link.holder_id).update(**{taken: False})
    answer = client.post(f"/l/{links.token_of(link)}/", {"renew-link": "1"})
    assert answer.status_code == 410
    assert "renew-link" not in answer.content.decode()
    assert getattr(User.objects.get(pk=link.holder_id), taken) is False
    assert OutgoingMail.objects.filter(kind="staff-invitation").count() == 1


def test_who_comes_back_is_invited_again() -> None:
    """By whoever may use the machine: the account is open again, and the trail says so."""
    call_command("invite_coordinator", "k@example.org")
    call_command("close_account", "k@example.org", stdout=StringIO())
    call_command("invite_coordinator", "k@example.org")
    user = User.objects.get(email="k@example.org")
    assert user.is_active
    latest = AuditEvent.objects.of(user)[0]
    assert (latest.verb, latest.fields) == ("invite_staff", ["is_active", "is_staff"])
