"""What belongs to no app alone: the outbox, people, and the audit trail."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib import admin
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.models import Tandem
from meetings.models import Meeting
from mentees.models import Application, Mentee
from mentoring.accounts import actions as accounts
from mentoring.accounts.models import User
from mentoring.audit.models import AuditEvent
from mentoring.desk.kinds import KINDS, kind_label
from mentoring.desk.waiting import is_secret, readable_mails
from mentoring.operations.mailbox import LOOKS
from mentoring.outbox import actions as outbox
from mentoring.outbox.models import NEEDS_A_PERSON, MailStatus, OutgoingMail
from mentoring.programme.forms import NameField
from mentoring.programme.history import ROLES, field_label, verb_label
from mentoring.programme.house_admin import AdminVerb, HouseAdmin, actor
from mentoring.programme.models import Cohort, CohortRole
from mentoring.programme.templatetags.house import moment, person
from mentors.models import Mentor
from workshops.models import Registration, Workshop

NOTHING = "–"


def _page_of(label: str, key: Any, words: Any) -> str:
    """``words`` as a link to the object's page on the desk, where there is one."""
    try:
        url = reverse(f"admin:{label.replace('.', '_').lower()}_change", args=[key])
    except NoReverseMatch:
        return str(words)
    return format_html('<a href="{}">{}</a>', url, words)


def _model(label: str) -> type[Model] | None:
    """The model of “matching.Tandem”; None where it is gone."""
    return next((one for one in apps.get_models() if one._meta.label == label), None)


def _noun(label: str) -> str:
    """“Tandem” for “matching.Tandem”; the label where the model is gone."""
    model = _model(label)
    return str(model._meta.verbose_name) if model else label


# ── outbox ───────────────────────────────────────────────────────────────────
class SettledFilter(admin.SimpleListFilter):
    """Mails that wait for a person's decision."""

    title = gettext_lazy("to do")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("to be decided"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.needs_a_person() if self.value() == "open" else queryset


class KindFilter(admin.SimpleListFilter):
    """By what the mail is; known without asking the database."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return sorted(KINDS.items(), key=lambda one: str(one[1]))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() in KINDS else queryset


@admin.register(OutgoingMail)
class OutgoingMailAdmin(HouseAdmin):
    """What became of each mail: to whom, when, and the server's last answer. Never what it says, so that
    nobody reads here what two people tell each other (promises §2: metadata)."""

    cohort_path = None
    may_change = False
    list_display = ("kind_shown", "recipient_shown", "state_shown", "due_at", "sent_at", "answer")
    list_filter = (SettledFilter, "status", KindFilter)
    search_fields = ("recipient__email__istartswith", "recipient__name__istartswith")
    search_help_text = gettext_lazy("Beginning of the address or name")
    ordering = ("-created_at",)
    fields = (
        "kind_shown",
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
    readonly_fields = ("kind_shown", "recipient_shown", "about", "answer")
    house_verbs = {
        "send-again": AdminVerb(
            outbox.send_again,
            gettext_lazy(
                "The mail is sent once more, as it was written. Somebody who has it already may get it "
                "a second time."
            ),
            primary=True,
            label=gettext_lazy("Send again"),
            possible=lambda mail: _undecided(mail) and not is_secret(mail.kind),
        ),
        "settle": AdminVerb(
            outbox.close,
            gettext_lazy("Nothing more is sent; the mail leaves your desk."),
            label=gettext_lazy("Settle"),
            possible=lambda mail: _undecided(mail),
        ),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # what nobody reads here is not even fetched
        return (
            readable_mails(request.user)
            .select_related("recipient")
            .defer("facts", "text", "html", "subject")
        )

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_shown(self, obj: OutgoingMail) -> str:
        """What the mail is."""
        return kind_label(obj.kind)

    @admin.display(description=gettext_lazy("recipient"), ordering="recipient__name")
    def recipient_shown(self, obj: OutgoingMail) -> str:
        """Who gets it, with the address."""
        found = obj.recipient
        if found is None:
            return NOTHING
        if not found.name:
            return found.email
        return format_html('{} <span class="soft">{}</span>', person(found.name), found.email)

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state_shown(self, obj: OutgoingMail) -> str:
        """Where it is on its way, as a word with its note head."""
        status = MailStatus(obj.status)
        return format_html('<span class="state state-{}">{}</span>', LOOKS[status], status.label)

    @admin.display(description=gettext_lazy("last answer"))
    def answer(self, obj: OutgoingMail) -> str:
        """What the server said last."""
        return obj.last_error or NOTHING

    @admin.display(description=gettext_lazy("about"))
    def about(self, obj: OutgoingMail) -> str:
        """The object the mail is about, with the way there."""
        return _page_of(obj.object_type, obj.object_id, _noun(obj.object_type))

    def possible_verbs(self, obj: Any) -> list[dict[str, Any]]:
        """What can be decided; a mail's status is no state with verbs."""
        return [
            {
                "verb": verb,
                "label": one.label,
                "url": reverse("admin:outbox_outgoingmail_verb", args=[obj.pk, verb]),
                "primary": one.primary,
            }
            for verb, one in self.house_verbs.items()
            if one.possible and one.possible(obj)
        ]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            status = MailStatus(obj.status)
            context["house_state"] = {"word": status.label, "head": LOOKS[status]}
            context["house_verbs"] = self.possible_verbs(obj)
            context["house_deadline"] = (
                _("Settled on %(moment)s") % {"moment": moment(obj.resolved_at)}
                if obj.status in NEEDS_A_PERSON and obj.resolved_at
                else ""
            )
        return super().render_change_form(request, context, *args, **kwargs)


def _undecided(mail: OutgoingMail) -> bool:
    return mail.status in NEEDS_A_PERSON and mail.resolved_at is None


# ── people ───────────────────────────────────────────────────────────────────
class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a person is addressed and reached; the address itself is theirs and stays."""

    name = NameField(max_length=150, required=False, label=gettext_lazy("name"))

    class Meta:
        model = User
        fields = ("name", "salutation", "language", "phone")


@admin.register(User)
class PersonAdmin(HouseAdmin):
    """Everybody the coordinator has to do with: applicants and mentees of the own cohorts, the network,
    and the colleagues. Staff accounts are read, not written, by coordinators."""

    cohort_path = None
    form = PersonForm
    list_display = ("who", "email", "parts", "language")
    list_filter = ("language",)
    search_fields = ("name", "email__istartswith")
    search_help_text = gettext_lazy("Part of the name or beginning of the address")
    fields = ("name", "salutation", "language", "phone", "email", "parts")
    readonly_fields = ("email", "parts")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the parts each one takes, without a query per person."""
        own = Cohort.objects.coordinated_by(request.user)
        mine = OuterRef("pk")
        applied = Exists(Application.objects.filter(applicant=mine, cohort__in=own))
        mentee = Exists(Mentee.objects.filter(user=mine, cohort__in=own))
        mentor = Exists(Mentor.objects.filter(user=mine))
        office = Exists(CohortRole.objects.filter(user=mine, cohort__in=own))
        guest = Exists(Registration.objects.filter(person=mine, workshop__cohort__in=own))
        found = User.objects.annotate(
            applied=applied, is_mentee=mentee, is_mentor=mentor, is_office=office
        )
        if not getattr(request.user, "is_superuser", False):
            found = found.filter(applied | mentee | mentor | office | guest)
        return found.order_by("name", "email")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.is_staff and obj.pk != request.user.pk:
            return bool(request.user.is_active and request.user.is_superuser)
        return super().has_change_permission(request, obj)

    def save_action(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        accounts.change_person(
            obj,
            by=actor(request),
            now=request.now,  # type: ignore[attr-defined]
            values={name: form.cleaned_data[name] for name in form.changed_data},
        )

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def who(self, obj: User) -> str:
        """The name in serif, or that none is known."""
        return person(obj.name) if obj.name else _("no name yet")

    @admin.display(description=gettext_lazy("takes part as"))
    def parts(self, obj: Any) -> str:
        """“Mentee, Mentor_in”."""
        words = [
            (getattr(obj, "is_office", False), _("coordination")),
            (getattr(obj, "is_mentor", False), _("mentor")),
            (getattr(obj, "is_mentee", False), _("mentee")),
            (
                getattr(obj, "applied", False) and not getattr(obj, "is_mentee", False),
                _("applicant"),
            ),
        ]
        return ", ".join(word for there, word in words if there) or NOTHING


# ── audit trail ──────────────────────────────────────────────────────────────
# What belongs to no cohort and concerns every coordinator: the network and the programme's own pages.
SHARED_LABELS = (
    Mentor._meta.label,
    *(one._meta.label for one in apps.get_models() if one._meta.app_label == "programme"),
)
STATEFUL = (Application, Mentee, Mentor, Tandem, Meeting, Workshop, Registration)


class ObjectFilter(admin.SimpleListFilter):
    """By what the event is about."""

    title = gettext_lazy("object")
    parameter_name = "object"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        models = (*STATEFUL, Cohort, User, OutgoingMail)
        return [(one._meta.label, one._meta.verbose_name) for one in models]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {key for key, _name in self.lookup_choices}
        return queryset.filter(object_type=self.value()) if self.value() in known else queryset


class RoleFilter(admin.SimpleListFilter):
    """By the role somebody acted in."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ROLES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(actor_role=self.value()) if self.value() in ROLES else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(HouseAdmin):
    """What happened, newest first. Nobody writes here and nothing is deleted (promise P9)."""

    cohort_path = None
    may_change = False
    list_display = ("at", "what", "object_shown", "who")
    list_display_links = ("at",)
    list_filter = (ObjectFilter, RoleFilter)
    ordering = ("-at", "-pk")
    fields = ("at", "what", "object_shown", "who", "changed", "figures")
    readonly_fields: ClassVar[Any] = ("what", "object_shown", "who", "changed", "figures")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Events of the own cohorts and of what belongs to all; with the name of who acted."""
        found = AuditEvent.objects.annotate(
            actor_name=Subquery(User.objects.filter(pk=OuterRef("actor_id")).values("name")[:1])
        )
        if not getattr(request.user, "is_superuser", False):
            own = Cohort.objects.coordinated_by(request.user).values("pk")
            found = found.filter(
                Q(cohort_id__in=own) | Q(cohort_id=None, object_type__in=SHARED_LABELS)
            )
        return found.order_by("-at", "-pk")

    @admin.display(description=gettext_lazy("what happened"), ordering="verb")
    def what(self, obj: AuditEvent) -> str:
        """The verb in words."""
        model = _model(obj.object_type)
        return str(verb_label(obj.verb, model)) if model else obj.verb

    @admin.display(description=gettext_lazy("object"), ordering="object_type")
    def object_shown(self, obj: AuditEvent) -> str:
        """What it happened to, with the way there."""
        return _page_of(obj.object_type, obj.object_id, _noun(obj.object_type))

    @admin.display(description=gettext_lazy("person"))
    def who(self, obj: Any) -> str:
        """Who acted, and in which role; somebody erased since is told by the role alone."""
        role = ROLES.get(obj.actor_role, obj.actor_role)
        name = getattr(obj, "actor_name", "")
        return (
            format_html('{} <span class="soft">{}</span>', person(name), role)
            if name
            else str(role)
        )

    @admin.display(description=gettext_lazy("fields"))
    def changed(self, obj: AuditEvent) -> str:
        """The fields that changed."""
        model = _model(obj.object_type)
        words = [field_label(name, model) if model else name for name in obj.fields]
        return ", ".join(words) or NOTHING

    @admin.display(description=gettext_lazy("values"))
    def figures(self, obj: AuditEvent) -> str:
        """The new values that are not personal."""
        return ", ".join(f"{key}: {value}" for key, value in obj.values.items()) or NOTHING
