"""An open link of every purpose there is; a purpose without one here fails the tests."""

from __future__ import annotations

from datetime import timedelta

from core.links import actions
from core.links.models import ActionLink
from tests import factories
from tests.conftest import NOW


def staff_invitation() -> ActionLink:
    """A coordinator is to set a password."""
    staff = factories.person(is_staff=True)
    return actions.issue(
        "staff-invitation", staff, staff, now=NOW, expires_at=NOW + timedelta(days=7)
    )


def confirm_application() -> ActionLink:
    """An applicant is to confirm the address."""
    import uuid

    from core.audit import Actor
    from mentees.actions import send_application
    from tests.mentees.helpers import application_data, link_of, vocabulary

    vocabulary()
    application = send_application(
        factories.cohort(), by=Actor(None, "applicant"), now=NOW, application_data=application_data(),
        form_id=uuid.uuid4(),
    )  # fmt: skip
    return link_of(application)


def mentor_consent() -> ActionLink:
    """A mentor is asked for the consent."""
    from mentors.actions import ask_for_consent

    factories.notice("mentor")
    mentor = factories.mentor("under_review", name="Henrike Osterloh")
    return ask_for_consent(mentor, by=factories.by(factories.coordinator()), now=NOW)


def tandem_invitation() -> ActionLink:
    """A mentor is asked to accompany somebody."""
    from matching.actions import live_link
    from tests.matching.test_links import asked

    link = live_link(asked()[0])
    assert link is not None
    return link


def pick_date() -> ActionLink:
    """A mentor is to pick a date."""
    from tests.meetings.helpers import offered, pair

    return ActionLink.objects.about("pick-date", offered(pair())).live().get()


def confirm_address() -> ActionLink:
    """A new mailbox is asked whether it is the person's."""
    return _new_address("confirm-address")


def stop_address() -> ActionLink:
    """The mailbox that holds is told of a new one."""
    return _new_address("stop-address")


def _new_address(purpose: str) -> ActionLink:
    from accounts.actions import ask_for_address

    person = factories.person("Leyla Arslan")
    ask_for_address(person, email="neu@example.org", by=factories.by(person, "person"), now=NOW)
    return ActionLink.objects.about(purpose, person).live().get()


PURPOSES = {
    "confirm-address": confirm_address,
    "stop-address": stop_address,
    "staff-invitation": staff_invitation,
    "confirm-application": confirm_application,
    "mentor-consent": mentor_consent,
    "tandem-invitation": tandem_invitation,
    "pick-date": pick_date,
}
