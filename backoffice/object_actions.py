"""Verbs in the admin: the buttons above a form, and the confirmation page of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from core.audit import Actor
from core.errors import RuleViolation
from core.forms.edits import EditForm, lock_row, saves_under_lock
from core.http import now_of, sent
from core.retries import retry_on_conflict
from core.states import StatefulModel
from core.verbs import decided_on, moved_meanwhile
from outbox.preview import preview


@dataclass(frozen=True)
class ObjectAction:
    """A verb of the state table as an admin page offers it.

    ``action(obj, by=…, now=…, **cleaned)`` carries it out. ``form`` asks for the verb's arguments. ``done``
    is the message afterwards: what has happened, and to whom (``%(object)s``). ``sentence`` says what will
    happen; ``primary`` makes it the page's main button, for every object or for those for which
    ``primary(obj)`` is true. ``initial(obj, now)`` returns the form's initial values, which are also used for
    the preview of the mails. A verb without a move is in no state table: it has its own ``label``, and
    ``possible(obj)`` says when it is offered. ``tells_mails`` is False where an already written mail is sent:
    then no preview of mails is shown.
    """

    action: Callable[..., Any]
    sentence: Any = ""
    form: type[forms.Form] | None = None
    primary: bool | Callable[[Any], bool] = False
    initial: Callable[[Any, datetime], Mapping[str, Any]] | None = None
    label: Any = ""
    possible: Callable[[Any], bool] | None = None
    tells_mails: bool = True
    done: Any = field(kw_only=True)

    def comes_next(self, obj: Any) -> bool:
        """Whether it is the main button on the page of ``obj``."""
        return self.primary(obj) if callable(self.primary) else self.primary


def actor(request: HttpRequest) -> Actor:
    """The coordinator (or technical administrator) behind an admin request."""
    user: Any = request.user
    return Actor.person(user, "admin" if user.is_superuser else "coordinator")


def told_about(sentence: Any, name: str) -> str:
    """The sentence with ``%(object)s`` filled in, without its own full stop where the name ends with one."""
    return re.sub(r"(?<=[.!?…])\.$", "", str(sentence % {"object": name}))


def _needs_answers(form: forms.Form | None) -> bool:
    """Whether the verb needs an argument that is not given yet: until then the mails can't be previewed."""
    if form is None or (form.is_bound and form.is_valid()):
        return False
    return any(
        field.required and form.get_initial_for_field(field, name) in (None, "")
        for name, field in form.fields.items()
    )


def _beside_its_field(form: forms.Form | None, violation: RuleViolation) -> str:
    """Adds a rule's sentence to the field it is about; returns the sentence where there is no such field."""
    if form is None or not form.is_bound or violation.field not in form.fields:
        return str(violation)
    form.add_error(violation.field, str(violation))
    return ""


class ObjectActionPages(admin.ModelAdmin):  # type: ignore[type-arg]
    """The part of every admin page that offers verbs; base of ``BackofficeModelAdmin``."""

    object_actions: Mapping[str, ObjectAction] = {}

    def get_urls(self) -> list[Any]:
        opts = self.model._meta
        view: Any = self.admin_site.admin_view(self.verb_view)
        view.body_limit = self._body_limit
        own = [
            path(
                "<path:object_id>/do/<slug:verb>/",
                view,
                name=f"{opts.app_label}_{opts.model_name}_verb",
            )
        ]
        return own + super().get_urls()

    def _body_limit(self, verb: str, **parts: str) -> int:
        """The ``body_limit`` that the form of a verb declares, in bytes; by default that of all pages."""
        offered = self.object_actions.get(verb)
        asked = offered.form if offered else None
        return int(getattr(asked, "body_limit", settings.DATA_UPLOAD_MAX_MEMORY_SIZE))

    def page_url(self, request: HttpRequest, obj: Any) -> str:
        """The page of the object, with the filters of the list the person came from."""
        opts = self.model._meta
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": opts}
        return str(add_preserved_filters(filters, url))

    def possible_verbs(self, obj: Any) -> list[dict[str, Any]]:
        """The buttons above the form: verbs that the state table (if any) allows now and this admin offers,
        and verbs without a move that are possible."""
        opts = self.model._meta
        name = f"admin:{opts.app_label}_{opts.model_name}_verb"
        moves = obj.verbs() if isinstance(obj, StatefulModel) else []
        offered = [one.verb for one in moves if one.verb in self.object_actions]
        offered += [
            verb for verb, one in self.object_actions.items() if one.possible and one.possible(obj)
        ]
        return [
            {
                "verb": verb,
                "label": self.verb_label(obj, verb),
                "url": reverse(name, args=[obj.pk, verb]),
                "primary": self.object_actions[verb].comes_next(obj),
            }
            for verb in offered
        ]

    def verb_label(self, obj: Any, verb: str) -> Any:
        """The words of a verb: its own, else those of the state table."""
        return self.object_actions[verb].label or obj.TABLE.moves[verb].label

    def object_title(self, obj: Any) -> Any:
        """The object's name in headings and back links: never a key. May be HTML."""
        return str(obj)

    def verb_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """The page that confirms a verb: what will happen, its form, the mails that will be sent. Where its
        form changes stored data, the row is locked before it is read and compared (C10)."""
        offered = self.object_actions.get(verb)
        if offered is None or offered.form is None or not issubclass(offered.form, EditForm):
            return self._asked(request, object_id, verb)
        return saves_under_lock(self._asked_of_the_locked)(request, object_id, verb)

    def _asked_of_the_locked(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        if request.method == "POST":
            lock_row(self.model, unquote(object_id))
        return self._asked(request, object_id, verb)

    def _asked(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        offered = self.object_actions.get(verb)
        if obj is None or offered is None:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        now = now_of(request)
        initial = dict(offered.initial(obj, now)) if offered.initial else {}
        form = offered.form(*sent(request), initial=initial) if offered.form else None
        back = self.page_url(request, obj)
        by = actor(request)
        if request.method == "POST" and (form is None or form.is_valid()):
            data = form.cleaned_data if form else {}
            if "preview" in request.POST:
                return self._previewed(request, obj, verb, offered, form, back, data)
            compared = isinstance(form, EditForm)  # the form reports what was changed
            if not compared and (since := self._since_then(request, obj, verb)):
                return self._previewed(request, obj, verb, offered, form, back, data, since)
            try:
                self._carried_out(obj, lambda: offered.action(obj, by=by, now=now, **data))
            except RuleViolation as violation:
                if violation.code == "moved":
                    obj = self._again(request, obj)
                    return self._previewed(
                        request, obj, verb, offered, form, back, data, str(violation)
                    )
                problem = self._too_late(request, obj, verb) or _beside_its_field(form, violation)
                return self._verb_page(request, obj, verb, offered, form, back, [], problem)
            name = self.name_in_sentence(self._again(request, obj))
            messages.success(request, told_about(offered.done, name))
            return HttpResponseRedirect(back)
        if request.method == "POST":  # invalid input can't be previewed either
            return self._verb_page(request, obj, verb, offered, form, back, [], "")
        return self._previewed(request, obj, verb, offered, form, back, initial)

    def _since_then(self, request: HttpRequest, obj: Any, verb: str) -> str:
        """A sentence when somebody else moved the object since the page was opened, so that the person sees
        the new state before deciding. Empty where nothing moved, and where the verb is no longer possible
        (then that is reported). A move between this check and the verb's lock is found by ``_carried_out``.
        """
        seen = request.POST.get("seen", "")
        if not seen or not isinstance(obj, StatefulModel) or seen == str(obj.version):
            return ""
        if not any(one["verb"] == verb for one in self.possible_verbs(obj)):
            return ""
        return str(moved_meanwhile(obj))

    def _too_late(self, request: HttpRequest, obj: Any, verb: str) -> str:
        """The sentence for a verb that the state forbids; empty where something else forbids it."""
        if not isinstance(obj, StatefulModel) or verb not in obj.TABLE.moves:
            return ""
        held = self._again(request, obj)
        return "" if held.TABLE.allows(held.state, verb) else self._not_possible(held)

    def _not_possible(self, obj: Any) -> str:
        """The sentence that a verb is not possible, with the present state and since when."""
        if not isinstance(obj, StatefulModel):
            return _("This is not possible at the moment.")
        return obj.TABLE.not_possible(obj)

    def _carried_out(self, obj: Any, action: Callable[[], Any]) -> None:
        """Runs the verb on ``obj`` as read for this response; the version is compared once the verb has
        locked it. The transaction is opened here, so that a retry compares again."""
        if not isinstance(obj, StatefulModel):
            action()
            return
        version = obj.version

        @retry_on_conflict
        @transaction.atomic
        def attempt() -> None:
            with decided_on(obj, version):
                action()

        attempt()

    def _again(self, request: HttpRequest, obj: Any) -> Any:
        """The object read again from the database."""
        return self.get_object(request, str(obj.pk)) or obj

    def _previewed(
        self,
        request: HttpRequest,
        obj: Any,
        verb: str,
        offered: ObjectAction,
        form: forms.Form | None,
        back: str,
        data: Mapping[str, Any],
        problem: str = "",
    ) -> HttpResponse:
        """The page with the mails that would be sent if the verb were carried out with ``data``."""
        by, now = actor(request), now_of(request)
        mails, forbidden = preview(
            lambda: offered.action(obj, by=by, now=now, **data),
            knows=lambda recipients: self._known(request.user, recipients),
        )
        # The preview changed this instance and rolled the row back: read it again.
        obj = self._again(request, obj)
        if forbidden and not problem:
            problem = self._too_late(request, obj, verb) or _beside_its_field(form, forbidden)
        return self._verb_page(request, obj, verb, offered, form, back, mails, problem)

    def _known(self, user: Any, people: Collection[Any]) -> set[Any]:
        """The keys among ``people`` of those whose data ``user`` may see (promise A7)."""
        site: Any = self.admin_site
        return {user.pk, *site.seen_by(user).filter(pk__in=people).values_list("pk", flat=True)}

    def name_in_sentence(self, obj: Any) -> str:
        """The object's name within a sentence, as plain text."""
        return strip_tags(self.object_title(obj))

    def _verb_page(
        self,
        request: HttpRequest,
        obj: Any,
        verb: str,
        offered: ObjectAction,
        form: forms.Form | None,
        back: str,
        mails: list[Any],
        problem: str,
    ) -> HttpResponse:
        label = self.verb_label(obj, verb)
        possible = any(one["verb"] == verb for one in self.possible_verbs(obj))
        context = {
            **self.admin_site.each_context(request),
            "title": label,
            "object": obj,
            "original": obj,
            "object_heading": self.object_title(obj),
            "opts": self.model._meta,
            "sentence": offered.sentence,
            "form": form,
            "tells_mails": offered.tells_mails,
            "possible": possible,
            "needs_answers": not mails and _needs_answers(form),
            "refused": bool(problem) or bool(form is not None and form.errors),
            "previews": [
                {
                    "subject": one.mail.subject,
                    "recipient_name": str(one.recipient),
                    "text": one.mail.text,
                    "due_at": one.due_at,
                }
                for one in mails
            ],
            "verb": verb.replace("_", "-") + f"-{self.model._meta.model_name}",
            "back_url": back,
            "problem": problem or ("" if possible else self._not_possible(obj)),
        }
        refused = request.method == "POST" and "preview" not in request.POST
        status = 400 if refused or (form is not None and form.errors) else 200
        return TemplateResponse(request, "admin/ui/verb.html", context, status=status)
