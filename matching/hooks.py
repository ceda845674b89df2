"""What matching registers: its mails, its link, whose cohorts it knows."""

from accounts.participation import participation
from core.links.purposes import link_purposes
from matching import actions, links
from matching.mails.kinds import KINDS
from matching.models import Tandem
from outbox.kinds import register

register(KINDS)
link_purposes.add(actions.INVITATION, links.PURPOSE)

participation.add(
    "matching",  # a mentor’s; a mentee’s tandem is in the cohort they take part in
    lambda person_id: (
        Tandem.objects.of_mentor(person_id)
        .filter(mentor__confirmed_at__isnull=False)
        .order_by()
        .values_list("cohort_id", flat=True)
        .distinct()
    ),
)
