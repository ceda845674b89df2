"""Who signs a mail, and where an answer goes: the footer and the Reply-To header say the same."""

from __future__ import annotations

from typing import Any

import pytest

from outbox.kinds import MailKind, mail_kinds
from outbox.message import build
from outbox.models import OutgoingMail
from outbox.render import LINK_HERE, render
from programme.letterhead import letterhead
from tests import factories
from tests.conftest import NOW
from tests.outbox import kinds as probes
from tests.outbox.conftest import parse

pytestmark = pytest.mark.django_db
PROBES = {one.kind for one in probes.KINDS}
KINDS = [mail_kinds[key] for key in mail_kinds if key not in PROBES]
REPLY = {"de": "Antworten Sie einfach auf diese E-Mail", "en": "Simply reply to this email"}
WRITER = {"de": "geht an die Person, die geschrieben hat", "en": "goes to the person who wrote"}


def made(kind: MailKind, person: Any, language: str) -> Any:
    """The parsed mail and its two bodies."""
    person.language = language
    mail = render(kind, kind.sample, person, has_link=False)
    row = OutgoingMail(
        kind=kind.kind, recipient=person, facts=dict(kind.sample), subject=mail.subject,
        text=mail.text.replace(LINK_HERE, ""), html=mail.html.replace(LINK_HERE, ""),
        language=language, rendered_at=NOW, message_id="<1@x.example>",
    )  # fmt: skip
    return parse(build(row, kind, letterhead(language)).data), (mail.text, mail.html)


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_coordinator_signs_what_the_office_gets(language: str) -> None:
    organisation = factories.organisation()
    organisation.signed_by = "Wilhelmine Unterzeichner"
    organisation.save()
    coordinator = factories.coordinator()
    for kind in KINDS:
        for person, signed in (
            (factories.person(), True), (coordinator, False), (organisation.office, False),
        ):  # fmt: skip
            for body in made(kind, person, language)[1]:
                assert (organisation.signed_by in body) is signed, (kind.kind, str(person))


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_footer_says_where_the_answer_goes(language: str) -> None:
    """To the office for everybody but the office itself; what a visitor wrote is answered to the visitor."""
    organisation = factories.organisation()
    coordinator, person = factories.coordinator(), factories.person()
    to_writers = 0
    for kind in KINDS:
        for recipient in (person, coordinator, organisation.office):
            message, bodies = made(kind, recipient, language)
            to_office = organisation.office_email in message["Reply-To"]
            to_writers += not to_office
            for body in bodies:
                assert (WRITER[language] in body) is not to_office, kind.kind
                asked = to_office and recipient != organisation.office
                assert (REPLY[language] in body) is asked, (kind.kind, str(recipient))
    assert to_writers
