"""The audit trail in the admin."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Replace
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from accounts.models import User
from backoffice.history import ROLES, field_label, verb_label
from backoffice.model_admin import BackofficeModelAdmin
from backoffice.widgets import EMPTY_CELL, two_lines
from core.audit.models import AuditEvent
from core.templatetags.ui import clock, dated, person
from matching.models import Tandem
from meetings.models import Meeting
from mentees.models import Application, Mentee
from mentoring.desk.admin.ways import model_of, noun_of, page_of
from mentors.models import Mentor
from outbox.models import OutgoingMail
from programme.models import Cohort
from workshops.models import Registration, Workshop

STATEFUL = (Application, Mentee, Mentor, Tandem, Meeting, Workshop, Registration)


class ObjectFilter(admin.SimpleListFilter):
    """Filter by the kind of object."""

    title = gettext_lazy("object")
    parameter_name = "object"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        models = (*STATEFUL, Cohort, User, OutgoingMail)
        return [(one._meta.label, one._meta.verbose_name) for one in models]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {key for key, _name in self.lookup_choices}
        return queryset.filter(object_type=self.value()) if self.value() in known else queryset


class RoleFilter(admin.SimpleListFilter):
    """Filter by the role of the actor."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ROLES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(actor_role=self.value()) if self.value() in ROLES else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(BackofficeModelAdmin):
    """The audit events, newest first. Read-only (promise P9)."""

    cohort_path = None
    may_change = False
    has_history = False
    list_display = ("when", "what", "object_shown", "who")
    list_display_links = ("when",)
    list_filter = (ObjectFilter, RoleFilter)
    ordering = ("-at", "-pk")
    fields = ("when", "object_shown", "who", "changed", "figures")
    readonly_fields: ClassVar[Any] = ("when", "object_shown", "who", "changed", "figures")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The events a coordinator may see: of the own cohorts, of applications only where they may be read,
        and events of no cohort about the mentor network and the programme's own pages, which every
        coordinator may open. Everything else is for technical administrators. Joined with the actor's name.
        """
        found = AuditEvent.objects.annotate(
            actor_name=Subquery(User.objects.filter(pk=OuterRef("actor_id")).values("name")[:1])
        )
        if not getattr(request.user, "is_superuser", False):
            own = Cohort.objects.coordinated_by(request.user).values("pk")
            # Keys are stored as text with dashes; some databases write UUIDs as text without.
            applications = Application.objects.coordinated_by(request.user).annotate(
                key=Replace(Cast("pk", CharField()), Value("-"), Value(""))
            )
            found = found.annotate(key=Replace("object_id", Value("-"), Value(""))).filter(
                Q(cohort_id__in=own) | Q(cohort_id=None, object_type__in=self._shared()),
                ~Q(object_type=Application._meta.label) | Q(key__in=applications.values("key")),
            )
        return found.order_by("-at", "-pk")

    def _shared(self) -> list[str]:
        """The models whose objects every coordinator may open."""
        return [
            model._meta.label
            for model, page in self.admin_site._registry.items()
            if model is Mentor
            or (model._meta.app_label == "programme" and getattr(page, "cohort_path", "") is None)
        ]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Adds the names of their objects to the events of a page: one query per model."""
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        self._name_objects(request, rows)
        changelist.result_list = rows
        return changelist

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The event with the name of its object."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            self._name_objects(request, [found])
        return found

    def _name_objects(self, request: HttpRequest, events: list[Any]) -> None:
        """Names the objects that the coordinator may see, as links; the others are named by their kind."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for event in events:
            wanted[event.object_type].add(event.object_id)
        for label, keys in wanted.items():
            model = model_of(label)
            page = self.admin_site._registry.get(model) if model else None
            if not isinstance(page, BackofficeModelAdmin):
                continue
            found = {str(one.pk): one for one in page.get_queryset(request).filter(pk__in=keys)}
            for event in events:
                if event.object_type == label and event.object_id in found:
                    event.object_name = page.object_title(found[event.object_id])

    def object_title(self, obj: AuditEvent) -> Any:
        """The verb and the object."""
        name = getattr(obj, "object_name", "") or noun_of(obj.object_type)
        return format_html("{}: {}", self.what(obj), name)

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, obj: AuditEvent) -> str:
        """The day and the clock time."""
        return format_html('<span class="one-line">{}, {}</span>', dated(obj.at), clock(obj.at))

    @admin.display(description=gettext_lazy("what happened"), ordering="verb")
    def what(self, obj: AuditEvent) -> str:
        """The verb's label."""
        model = model_of(obj.object_type)
        return str(verb_label(obj.verb, model, obj.actor_role)) if model else obj.verb

    @admin.display(description=gettext_lazy("object"), ordering="object_type")
    def object_shown(self, obj: AuditEvent) -> str:
        """The object as a link; below it its kind."""
        noun = noun_of(obj.object_type)
        name = getattr(obj, "object_name", "")
        if not name:
            return noun
        way = page_of(obj.object_type, obj.object_id, name)
        return two_lines(way, noun)

    @admin.display(description=gettext_lazy("person"))
    def who(self, obj: Any) -> str:
        """The actor with their role; for an erased person only the role."""
        role = ROLES.get(obj.actor_role, obj.actor_role)
        name = getattr(obj, "actor_name", "")
        return two_lines(person(name), role) if name else str(role)

    @admin.display(description=gettext_lazy("fields"))
    def changed(self, obj: AuditEvent) -> str:
        """The fields that changed."""
        model = model_of(obj.object_type)
        words = [field_label(name, model) if model else name for name in obj.fields]
        return ", ".join(words) or EMPTY_CELL

    @admin.display(description=gettext_lazy("values"))
    def figures(self, obj: AuditEvent) -> str:
        """The new values that are not personal, with labels where there are any."""
        model = model_of(obj.object_type)
        told = (_value(model, key, value) for key, value in obj.values.items())
        return ", ".join(told) or EMPTY_CELL


def _value(model: Any, key: str, value: Any) -> str:
    """“state: accepted” in the language of the page."""
    states = getattr(model, "TABLE", None)
    if key == "state" and states is not None and value in states.states:
        value = states.label(value)
    return f"{field_label(key, model) if model else key}: {value}"
