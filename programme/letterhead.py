"""The facts on every mail: programme, organisation, office and who signs."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext

from programme.look import BUILT_IN, Inks, palette
from programme.models import Organisation

_IN_MAILS = (
    *("cover", "on-cover", "on-cover-soft", "voice-2", "voice-2-on-paper"),
    *("paper", "ink", "ink-soft", "rule", "plum", "next-action", "on-next-action"),
)


def letterhead(language: str) -> dict[str, str]:
    """The facts every letter may use: ``programme``, ``organisation``, ``office_email``, ``office_phone``,
    ``signed_by``, in ``language``, and the colours of a mail. Complete even before an organisation is entered."""
    found = Organisation.objects.select_related("office").first()
    with translation.override(language):
        return {
            "programme": found.programme_name
            if found and found.programme_name
            else gettext("Mentoring programme"),
            "organisation": found.name if found else "",
            "office_email": found.office_email if found else "",
            "office_phone": found.office_phone if found else "",
            "signed_by": found.signed_by
            if found and found.signed_by
            else gettext("The coordinators"),
            **_colours(found.inks if found else BUILT_IN),
        }


def _colours(inks: Inks) -> dict[str, str]:
    """The colours a mail is written in: ``colour_ink`` …, and ``colour_dark_ink`` … where the screen is dark."""
    light, dark = palette(inks)
    return {f"colour_{name.replace('-', '_')}": light[name] for name in _IN_MAILS} | {
        f"colour_dark_{name.replace('-', '_')}": dark[name] for name in _IN_MAILS
    }
