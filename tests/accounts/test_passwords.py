"""Which passwords of staff are taken and which are refused (promise P4)."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings

from accounts.models import User

TAKEN = [
    "drei Takte Pause bitte",
    "korrekt-pferd-batterie",
    "Ab dem Takt 32 leiser",
    "vier kleine Stimmgabeln",
    "zwölftausend Kontrabässe",
    "ein regenschirm im juni",
    "7 Birnen auf dem Sims",
    "hell-dunkel-hell-dunkel",
    "Quittengelee im Februar",
    "Nguyễn hört Ánh singen",
    "ünïcödé ist erlaubt 1",
    "aaaa bbbb cccc dddd!",
    "    mit Leerzeichen    ",
    "木漏れ日の午後に歩くのだ",
    "x" * 12 + "yz",
    "langer satz ohne grossschreibung und ziffern",
    "MITGROSSBUCHSTABENUNDLEER ZEICHEN",
    "Kaffee? Nein, lieber Tee.",
    "mentoring aber mit sehr viel mehr",
    "k" * 64 + " und noch mehr",
]
REFUSED = [
    "",
    "kurz",
    "elf zeichen",
    "password1234",
    "theater-musik-theater",
    "qwertyuiop123",
    "1q2w3e4r5t6y",
    "iloveyou1234"[:8],
    "123456789012"[:9],
    "mentoring1234",
    "MentoringMentoring",
    "mentormentee1",
    "TandemTandem12",
    "Hochschule2026",
    "Musik Theater 26",
    "theatermusik12",
    "katrin.behrend",
    "Katrin.Behrend1",
    "katrin.behrend2026",
    "x" * 129,
]
KATRIN = User(email="katrin.behrend@hochschule.example", name="Katrin Behrend")


def test_p4_the_table_has_forty_passwords() -> None:
    assert (len(TAKEN), len(REFUSED)) == (20, 20)


@pytest.mark.parametrize("password", TAKEN)
def test_p4_a_long_password_of_ones_own_is_taken(password: str) -> None:
    validate_password(password, KATRIN)


@pytest.mark.parametrize("password", REFUSED, ids=lambda one: one[:24] or "empty")
def test_p4_a_short_common_or_obvious_password_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, KATRIN)


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
def test_p4_passwords_are_hashed_with_argon2id() -> None:
    encoded = make_password("drei Takte Pause bitte")
    assert identify_hasher(encoded).algorithm == "argon2"
    assert "$argon2id$" in encoded
    assert get_hasher().verify("drei Takte Pause bitte", encoded)
