"""The facts on every mail: programme, organisation, office and who signs."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext

from programme.models import Organisation


def letterhead(language: str) -> dict[str, str]:
    """The facts every letter may use: ``programme``, ``organisation``, ``office_email``, ``office_phone``,
    ``signed_by``, in ``language``. Complete even before an organisation is entered."""
    found = Organisation.objects.select_related("office").first()
    with translation.override(language):
        return {
            "programme": gettext("Mentoring programme"),
            "organisation": found.name if found else "",
            "office_email": found.office_email if found else "",
            "office_phone": found.office_phone if found else "",
            "signed_by": found.signed_by
            if found and found.signed_by
            else gettext("The coordinators"),
        }
