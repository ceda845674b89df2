"""Who can sign in to the demo, and how: the coordinators, and one person of each role."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db.models import Count

from accounts.actions import invite_staff
from accounts.models import User
from accounts.passwords import DEMO_PASSWORD
from core.audit import Actor
from matching.models import Tandem
from matching.states import HELD
from mentees.models import Application
from mentees.states import ApplicationState
from outbox.actions import muted

COORDINATOR, COLLEAGUE = "katrin.behrend@hochschule.example", "miriam.seidel@hochschule.example"


def coordinators(at: datetime) -> list[User]:
    """The demo's coordinator, who can sign in, and a colleague, who has not set a password."""
    now = at - timedelta(days=890)
    with muted():
        found = [
            invite_staff(email, name=name, by=Actor.system(), now=now)
            for email, name in ((COORDINATOR, "Katrin Behrend"), (COLLEAGUE, "Miriam Seidel"))
        ]
    katrin = found[0]
    katrin.set_password(DEMO_PASSWORD)
    katrin.save(update_fields=["password"])
    TOTP.activate(katrin, generate_totp_secret())
    RecoveryCodes.activate(katrin)
    return found


def sign_in_names() -> list[tuple[str, str]]:
    """(address, role, how to sign in) of the people to sign in as; empty where there is no demo."""
    if not settings.EMBEDDED or not User.objects.filter(email=COORDINATOR).exists():
        return []
    code = "Code per E-Mail, siehe unten"
    found = [
        (
            COORDINATOR,
            f"Koordination; Passwort „{DEMO_PASSWORD}“, zweiter Faktor unter /dev/mail/",
        )
    ]
    held = Tandem.objects.filter(state__in=HELD).with_people().annotate(met=Count("meetings"))
    tandem = held.order_by("-met", "mentee__user__email").first()
    asked = Tandem.objects.filter(state="draft").with_people().order_by("proposed_at", "pk").first()
    invited = (
        Application.objects.filter(state=ApplicationState.INVITED)
        .select_related("applicant")
        .order_by("-talk_at", "pk")
        .first()
    )
    if tandem:
        found.append((tandem.mentee.user.email, f"Mentee mit Tandem; {code}"))
    if asked:
        found.append((asked.mentee.user.email, f"Mentee mit einem Vorschlag; {code}"))
    if invited:
        found.append((invited.applicant.email, f"Bewerber_in; {code}"))
    if tandem and tandem.mentor.user:
        found.append((tandem.mentor.user.email, f"Mentor_in; {code}"))
    return found


def current_codes() -> list[tuple[str, str]]:
    """(address, six digits) of the demo coordinator's second factor at this moment; empty outside the
    embedded default, and never for anybody else."""
    if not settings.EMBEDDED:
        return []
    factors = Authenticator.objects.filter(
        type=Authenticator.Type.TOTP, user__email=COORDINATOR
    ).select_related("user")
    moment = int(time.time()) // app_settings.TOTP_PERIOD
    return [
        (one.user.email, format_hotp_value(hotp_value(decrypt(one.data["secret"]), moment)))
        for one in factors
    ]
