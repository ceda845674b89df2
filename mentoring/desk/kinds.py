"""What the kinds of mail are called on the desk: short, and without anything a mail says."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Any] = {
    # accounts
    "sign-in-code": _("sign-in code"),
    "staff-invitation": _("invitation to a coordinator"),
    "address-confirm": _("request to confirm a new address"),
    "address-noticed": _("notice of a new address, to the current one"),
    "address-changed": _("notice of a new address, to the previous one"),
    # public
    "contact-message": _("message from the contact form"),
    # applications and mentees
    "application-confirm": _("confirmation of an address"),
    "application-received": _("confirmation of receipt of an application"),
    "application-arrived": _("new application, to the coordinators"),
    "application-invited": _("invitation to the selection interview"),
    "application-accepted": _("acceptance of an application"),
    "application-waitlisted": _("waiting list, to the applicant"),
    "application-rejected": _("application not accepted"),
    "application-withdrawn": _("confirmation of a withdrawal"),
    "mentee-left": _("mentee left, to the coordinators"),
    # mentors
    "mentor-interest": _("interest in becoming a mentor, to the coordinators"),
    "mentor-interest-received": _("confirmation of interest in becoming a mentor"),
    "mentor-consent-request": _("request for consent"),
    "mentor-consent-link": _("link to the consent, to a new address"),
    "mentor-consent-withdrawn": _("consent withdrawn, to the coordinators"),
    "mentor-welcome": _("welcome to the network"),
    "criterion-reopened": _("criterion open again, to the coordinators"),
    # tandems
    "tandem-proposal": _("proposal to the mentee"),
    "tandem-proposal-declined": _("proposal declined, to the coordinators"),
    "tandem-to-approve": _("tandem to approve, to the coordinators"),
    "tandem-invitation": _("request to the mentor"),
    "tandem-reminder-mentee": _("reminder of a proposal"),
    "tandem-reminder-mentor": _("reminder of a request to the mentor"),
    "tandem-question-office": _("question from a mentor, to the coordinators"),
    "tandem-question-answered": _("answer to the mentor’s question"),
    "tandem-confirmed-mentee": _("acceptance, to the mentee"),
    "tandem-confirmed-mentor": _("acceptance, to the mentor"),
    "tandem-confirmed-office": _("acceptance, to the coordinators"),
    "tandem-declined-mentee": _("mentor declined, to the mentee"),
    "tandem-declined-office": _("mentor declined, to the coordinators"),
    "tandem-undone-mentee": _("answer withdrawn, to the mentee"),
    "tandem-undone-office": _("answer withdrawn, to the coordinators"),
    "tandem-no-place-office": _("no place left, to the coordinators"),
    "tandem-conflict-office": _("all places taken, to the coordinators"),
    "tandem-dissolved": _("end of a tandem"),
    "tandem-withdrawn": _("proposal withdrawn"),
    "tandem-expired-proposal": _("proposal expired, to the mentee"),
    "tandem-expired-mentee": _("no answer from the mentor, to the mentee"),
    "tandem-expired-mentor": _("request expired, to the mentor"),
    "tandem-expired-office": _("deadline passed, to the coordinators"),
    # meetings
    "dates-offered": _("dates to choose from, to the mentor"),
    "dates-offered-back": _("dates to choose from, to the mentee"),
    "dates-refused": _("none of the dates suits"),
    "dates-unanswered": _("dates not answered"),
    "dates-withdrawn": _("dates withdrawn"),
    "date-answer-reminder": _("reminder to choose a date"),
    "meeting-scheduled": _("date of a meeting"),
    "meeting-mailbox-changed": _("meeting removed from the calendar of a previous address"),
    "meeting-moved": _("meeting moved"),
    "meeting-date-released": _("date of a meeting given up"),
    "meeting-cancelled": _("meeting cancelled"),
    "meeting-disputed": _("conflicting reports, to the coordinators"),
    "meeting-reminder-week": _("reminder a week before a meeting"),
    "meeting-reminder-day": _("reminder a day before a meeting"),
    # workshops
    "workshop-registered": _("registration for a workshop"),
    "workshop-waitlisted": _("waiting list of a workshop"),
    "workshop-promotion": _("place in a workshop from the waiting list"),
    "workshop-extra-place": _("additional place in a workshop"),
    "workshop-changed": _("change of a workshop"),
    "workshop-registration-cancelled": _("registration for a workshop cancelled"),
    "workshop-mailbox-changed": _("workshop removed from the calendar of a previous address"),
    "workshop-cancelled": _("workshop cancelled"),
    "workshop-reminder": _("reminder of a workshop"),
}


def kind_label(kind: str) -> str:
    """The words for a kind; the kind itself where none are known."""
    return str(KINDS.get(kind, kind))
