"""The pages of mentees."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.model_admin import BackofficeModelAdmin
from backoffice.object_actions import ObjectAction
from backoffice.widgets import two_lines
from core.templatetags.ui import full_day, person, state
from mentees import actions
from mentees.forms import LeaveForm
from mentees.models import Mentee
from programme import reasons


@admin.register(Mentee)
class MenteeAdmin(BackofficeModelAdmin):
    """Mentees. Read-only: participations begin by accepting an application and end by a verb."""

    may_change = False
    object_actions = {
        "complete": ObjectAction(
            actions.complete,
            gettext_lazy(
                "The mentee has completed the programme. Open proposals and requests are "
                "withdrawn; a tandem that is still running is completed on its own page."
            ),
            done=gettext_lazy("%(object)s has completed the programme."),
        ),
        "leave": ObjectAction(
            actions.leave,
            gettext_lazy(
                "An open tandem is dissolved, future meetings and registrations are "
                "cancelled, and everybody affected is told."
            ),
            LeaveForm,
            done=gettext_lazy("%(object)s has left the programme."),
        ),
    }
    list_display = ("who", "state_shown", "cohort", "study")
    list_filter = ("state", "cohort")
    search_fields = ("user__name", "user__email")
    search_help_text = gettext_lazy("Part of the name or of the address")
    fields = (
        "cohort",
        "study_whole",
        "address",
        "telephone",
        "application_shown",
        "joined_day",
        "left_reason_shown",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mentee]:
        """With the related rows that the pages show."""
        return (
            super()
            .get_queryset(request)
            .select_related("user", "cohort", "application__subject", "application__degree")
        )

    def object_title(self, obj: Mentee) -> Any:
        """The name, as a person's name."""
        return person(obj.user)

    @admin.display(description=gettext_lazy("name"), ordering="user__name")
    def who(self, obj: Mentee) -> str:
        """The name, as a person's name."""
        return person(obj.user)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, obj: Mentee) -> str:
        """The state with its symbol."""
        return state(obj)

    @admin.display(description=gettext_lazy("studies"), ordering="application__subject__name_de")
    def study(self, obj: Mentee) -> str:
        """Subject; below it the degree."""
        return two_lines(obj.application.subject, obj.application.degree)

    @admin.display(description=gettext_lazy("studies"))
    def study_whole(self, obj: Mentee) -> str:
        """Subject, degree, and the semester at the time of applying."""
        return _("%(subject)s, %(degree)s, semester %(semester)d when applying") % {
            "subject": obj.application.subject,
            "degree": obj.application.degree,
            "semester": obj.application.semester,
        }

    @admin.display(description=gettext_lazy("email address"))
    def address(self, obj: Mentee) -> str:
        """The e-mail address as a link, and a link to the person's page."""
        return format_html(
            '<a href="mailto:{0}">{0}</a> · <a href="{1}">{2}</a>',
            obj.user.email,
            reverse("admin:accounts_user_change", args=[obj.user_id]),
            _("Salutation, language and telephone"),
        )

    @admin.display(description=gettext_lazy("telephone"))
    def telephone(self, obj: Mentee) -> str:
        """The number, where one is known."""
        return obj.user.phone

    @admin.display(description=gettext_lazy("taking part since"))
    def joined_day(self, obj: Mentee) -> str:
        """The day the participation began, with the year."""
        return full_day(obj.joined_at)

    @admin.display(description=gettext_lazy("reason for leaving"))
    def left_reason_shown(self, obj: Mentee) -> str:
        """Why the mentee left, in the reader's language where the application set the reason."""
        return reasons.in_words(obj.left_reason)

    @admin.display(description=gettext_lazy("application"))
    def application_shown(self, obj: Mentee) -> str:
        """A link to the answers."""
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:mentees_application_change", args=[obj.application_id]),
            _("Answers, wishes and history"),
        )
