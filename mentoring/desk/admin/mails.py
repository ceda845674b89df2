"""The outbox in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.model_admin import BackofficeModelAdmin
from backoffice.object_actions import ObjectAction
from backoffice.widgets import EMPTY_CELL, two_lines
from core.templatetags.ui import (
    clock,
    dated,
    moment,
    person,
)
from mentoring.desk.admin.ways import noun_of, page_of
from mentoring.desk.todo import readable_mails, with_known
from outbox import actions as outbox
from outbox.kinds import is_secret, label_of, mail_kinds
from outbox.mailbox import LOOKS
from outbox.models import NEEDS_A_PERSON, MailStatus, OutgoingMail


class SettledFilter(admin.SimpleListFilter):
    """Filter for mails that need a decision."""

    title = gettext_lazy("to do")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("decision needed"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.needs_a_person() if self.value() == "open" else queryset


class KindFilter(admin.SimpleListFilter):
    """Filter by kind of mail; its choices need no query."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return sorted(((one, label_of(one)) for one in mail_kinds), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() in mail_kinds else queryset


@admin.register(OutgoingMail)
class OutgoingMailAdmin(BackofficeModelAdmin):
    """The status of each mail: recipient, time, and the server's last answer. Never its content, so that
    coordinators do not read what two people write to each other."""

    cohort_path = None
    may_change = False
    counted = gettext_lazy("emails")
    list_display = ("kind_shown", "recipient_shown", "state_shown", "when", "answer")
    list_filter = (SettledFilter, "status", KindFilter)
    search_fields = ("recipient__email__istartswith", "recipient__name__istartswith")
    search_help_text = gettext_lazy("Beginning of the address or name")
    ordering = ("-created_at", "due_at")
    fields = (
        "recipient_shown",
        "about",
        "created_at",
        "due_at",
        "useful_until",
        "attempt",
        "answer",
        "sent_at",
        "message_id",
        "resolved_at",
    )
    readonly_fields = ("recipient_shown", "about", "answer")
    object_actions = {
        "send-again": ObjectAction(
            outbox.send_again,
            gettext_lazy(
                "The email is sent once more, exactly as it was written. If it has "
                "already arrived, the person may receive it twice."
            ),
            primary=True,
            label=gettext_lazy("Send again"),
            tells_mails=False,
            possible=lambda mail: _undecided(mail) and not is_secret(mail.kind),
            done=gettext_lazy("Being sent again: %(object)s."),
        ),
        "close": ObjectAction(
            outbox.close,
            gettext_lazy("No further attempt is made; the email disappears from your tasks."),
            label=gettext_lazy("Close without sending"),
            possible=lambda mail: _undecided(mail),
            done=gettext_lazy("Closed without sending: %(object)s."),
        ),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # columns that are not shown are not fetched
        return (
            with_known(readable_mails(request.user), request.user)
            .select_related("recipient")
            .defer("facts", "text", "html", "subject")
        )

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_shown(self, obj: OutgoingMail) -> str:
        """The name of the kind."""
        return capfirst(label_of(obj.kind))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Searches names too, but only of people whom the coordinator may know."""
        found, doubled = super().get_search_results(request, queryset, search_term)
        if search_term:
            found = found.filter(Q(known=True) | Q(recipient__email__istartswith=search_term))
        return found, doubled

    @admin.display(description=gettext_lazy("recipient"), ordering="recipient__email")
    def recipient_shown(self, obj: Any) -> str:
        """The recipient, with the address."""
        if obj.recipient is None:
            return EMPTY_CELL
        if not obj.known or not obj.recipient.name:
            return str(obj.address)
        return two_lines(person(obj.recipient.name), obj.address)

    @admin.display(description=gettext_lazy("when"), ordering="due_at")
    def when(self, obj: OutgoingMail) -> str:
        """When it was sent, or is due."""
        at, word = (obj.sent_at, "") if obj.sent_at else (obj.due_at, _("due"))
        return format_html(
            '<span class="one-line">{}</span> <span class="second one-line">{} {}</span>',
            dated(at),
            word,
            clock(at),
        )

    def object_title(self, obj: Any) -> Any:
        """The kind of mail, and its recipient."""
        whom = person(obj.recipient) if obj.known else obj.address
        return format_html("{}, {}", capfirst(label_of(obj.kind)), whom)

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state_shown(self, obj: OutgoingMail) -> str:
        """The status as a word with its symbol."""
        status = MailStatus(obj.status)
        return format_html('<span class="state state-{}">{}</span>', LOOKS[status], status.label)

    @admin.display(description=gettext_lazy("last response"))
    def answer(self, obj: OutgoingMail) -> str:
        """The server's last answer, where it matters."""
        return EMPTY_CELL if obj.status == MailStatus.SENT else obj.last_error or EMPTY_CELL

    @admin.display(description=gettext_lazy("about"))
    def about(self, obj: OutgoingMail) -> str:
        """The object the mail is about, as a link."""
        return page_of(obj.object_type, obj.object_id, noun_of(obj.object_type))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            status = MailStatus(obj.status)
            context["object_state"] = {"word": status.label, "head": LOOKS[status]}
            context["object_actions"] = self.possible_verbs(obj)
            context["object_deadline"] = (
                _("Closed on %(moment)s") % {"moment": moment(obj.resolved_at)}
                if obj.status in NEEDS_A_PERSON and obj.resolved_at
                else ""
            )
        return super().render_change_form(request, context, *args, **kwargs)


def _undecided(mail: OutgoingMail) -> bool:
    return mail.status in NEEDS_A_PERSON and mail.resolved_at is None
