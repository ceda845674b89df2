"""E-mail addresses as keys: one person, one spelling."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _


def normalise(address: str) -> str:
    """The address in the one spelling that is stored: NFC, trimmed, lower case, the domain in punycode.

    Raises ValueError when it is no single address or its part before the @ is not ASCII (mail servers
    that take such addresses are rare, and a clear refusal beats a lost mail).
    """
    address = unicodedata.normalize("NFC", address).strip()
    local, at, domain = address.rpartition("@")
    if not at or not local.isascii():
        raise ValueError("no address")
    try:
        domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError as error:
        raise ValueError("no domain") from error
    result = f"{local}@{domain}".lower()
    try:
        validate_email(result)
    except ValidationError as error:
        raise ValueError("no address") from error
    # an address literal, a@[127.0.0.1], passes Django's check: it names a machine, not a mailbox of a person
    if len(local) > 64 or len(result) > 254 or '"' in local or domain.startswith("["):
        raise ValueError("no address")
    return result


def clean_address(address: str) -> str:
    """``normalise`` for forms: raises ValidationError with a sentence."""
    try:
        return normalise(address)
    except ValueError as error:
        raise ValidationError(
            _(
                "This is not an email address we can write to. Please give one like "
                "name@example.org."
            ),
            code="address",
        ) from error
