"""What a question of the application is, and the kinds there are: how each is asked and stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model

from core.privacy import FieldPolicy
from mentees.models import Application, ApplicationTopic, MentorWish
from mentees.questions.shown import Shown
from mentees.vocabulary import Offer, label
from mentors.models import Mentor
from programme.models import Cohort


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question, stored in the column ``name`` of the application.

    ``field`` is its form field, ``asked_as`` the field's name in the form where it is another. ``offered`` are
    the entries to choose from, ``empty`` the choice of none, ``help`` a help text with figures. ``blank`` is
    stored where an optional question is not answered. ``shown`` is for the applicant and the coordinators,
    who read every answer: without it, the answer has a place of its own on both pages. ``for_mentor`` is for
    a mentor who decides about a tandem: without it, they don't learn the answer. ``revisable`` says whether it
    may be changed after the application was sent.
    """

    name: str
    field: forms.Field
    policy: FieldPolicy | None
    asked_as: tuple[str, ...] = ()
    offered: Callable[[Offer], Iterable[Any]] | None = None
    empty: Any = None
    help: Callable[[Offer, Cohort], Any] | None = None
    blank: Any = ""
    shown: Shown | None = None
    for_mentor: Shown | None = None
    revisable: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its form fields."""
        return self.asked_as or (self.name,)

    @property
    def optional(self) -> bool:
        """Whether the verbs take an application without an answer."""
        return not self.field.required

    @property
    def policies(self) -> Mapping[tuple[str, str], FieldPolicy]:
        """Its entries in the register of personal data: by model ("app.Model") and field."""
        return self._policies(Application, self.name)

    def _policies(self, model: type[Model], *names: str) -> dict[tuple[str, str], FieldPolicy]:
        return {(model._meta.label, name): self.policy for name in names if self.policy}

    # ── asked ────────────────────────────────────────────────────────────────
    def form_fields(self, offer: Offer, cohort: Cohort) -> dict[str, forms.Field]:
        """New form fields by name."""
        field = deepcopy(self.field)
        if self.offered is not None:
            _set_choices(field, self.offered(offer), self.empty)
        if self.help is not None:
            field.help_text = self.help(offer, cohort)
        return {self.names[0]: field}

    def initial(self, application: Application) -> Mapping[str, Any]:
        """The initial values of the form fields for a stored application (``with_words``)."""
        return {self.names[0]: application.serializable_value(self.name)}

    def check(self, form: Any) -> None:
        """Adds an error where cleaned values of several form fields contradict each other."""

    def value(self, form: Any) -> Any:
        """The value to be stored, of a valid form."""
        return form.cleaned_data[self.name]

    # ── stored ───────────────────────────────────────────────────────────────
    def stored(self, application: Application) -> Any:
        """The stored value, comparable with ``value``."""
        return getattr(application, self.name)

    def differs(self, application: Application, value: Any) -> bool:
        """Whether ``value`` is another than the stored one."""
        return bool(self.stored(application) != value)

    def put(self, application: Application, value: Any) -> None:
        """Sets columns of the application, before it is saved."""
        setattr(application, self.name, value)

    def put_related(self, application: Application, value: Any) -> None:
        """Replaces related rows of the saved application."""


class Address(Question):
    """The applicant's address. It is stored with the person, and its policy too (``policy=None``)."""

    def stored(self, application: Application) -> str:
        return application.applicant.email

    def put(self, application: Application, value: str) -> None:
        """The verb finds the person."""


@dataclass(frozen=True, kw_only=True)
class Related(Question):
    """Answers in related rows; the value is a tuple of them."""

    blank: Any = ()
    optional = True

    def put(self, application: Application, value: Any) -> None:
        """There is no column."""


class Several(Related):
    """Any number of vocabulary entries, in a many-to-many field. Without any in the vocabulary, none can be
    required."""

    def form_fields(self, offer: Offer, cohort: Cohort) -> dict[str, forms.Field]:
        found = super().form_fields(offer, cohort)
        for field in found.values():
            field.required = field.required and bool(field.choices)  # type: ignore[attr-defined]
        return found

    def initial(self, application: Application) -> Mapping[str, Any]:
        return {self.name: [one.pk for one in self.stored(application)]}

    def value(self, form: Any) -> Any:
        return tuple(form.cleaned_data[self.name])

    def stored(self, application: Application) -> tuple[Any, ...]:
        return tuple(getattr(application, self.name).all())

    def differs(self, application: Application, value: Any) -> bool:
        return set(self.stored(application)) != set(value)

    def put_related(self, application: Application, value: Any) -> None:
        getattr(application, self.name).set(value)


@dataclass(frozen=True, kw_only=True)
class Ranked(Related):
    """A few answers, the most important first: a form field for each, with one of the ``labels``. The same
    answer ``twice`` is refused by that sentence."""

    labels: tuple[Any, ...]
    twice: Any

    def form_fields(self, offer: Offer, cohort: Cohort) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for name, said in zip(self.names, self.labels, strict=True):
            (field,) = super().form_fields(offer, cohort).values()
            field.label, field.help_text = said, "" if found else field.help_text
            found[name] = field
        return found

    def check(self, form: Any) -> None:
        seen: list[Any] = []
        for name in self.names:
            value = self._meant(form, form.cleaned_data.get(name))
            if value and value in seen:
                form.add_error(name, self.twice)
            seen.append(value)

    def value(self, form: Any) -> tuple[Any, ...]:
        given = (form.cleaned_data.get(name) for name in self.names)
        return tuple(self._meant(form, one) for one in given if one)

    def _meant(self, form: Any, value: Any) -> Any:
        return value


@dataclass(frozen=True, kw_only=True)
class Topics(Ranked):
    """Vocabulary entries, as ``ApplicationTopic``. ``no_further`` is the choice of none after the first."""

    no_further: Any

    @property
    def policies(self) -> Mapping[tuple[str, str], FieldPolicy]:
        return self._policies(ApplicationTopic, "topic", "priority")

    def form_fields(self, offer: Offer, cohort: Cohort) -> dict[str, forms.Field]:
        found = super().form_fields(offer, cohort)
        for name in self.names[1:]:
            field: Any = found[name]
            field.choices = [("", self.no_further), *field.choices[1:]]
        return found

    def initial(self, application: Application) -> Mapping[str, Any]:
        topics = [one.topic_id for one in application.topics.all()]
        return dict(zip(self.names, topics, strict=False))

    def stored(self, application: Application) -> tuple[Any, ...]:
        return tuple(one.topic for one in application.topics.select_related("topic"))

    def put_related(self, application: Application, value: Any) -> None:
        application.topics.all().delete()
        ApplicationTopic.objects.bulk_create(
            ApplicationTopic(application=application, topic=topic, priority=priority)
            for priority, topic in enumerate(value, 1)
        )


@dataclass(frozen=True, kw_only=True)
class Wishes(Ranked):
    """Mentors of the directory or other names, as ``MentorWish``; ``too_long`` refuses a longer name."""

    name_policy: FieldPolicy
    too_long: Any

    @property
    def policies(self) -> Mapping[tuple[str, str], FieldPolicy]:
        return {
            **self._policies(MentorWish, "rank", "mentor"),
            (MentorWish._meta.label, "name"): self.name_policy,
        }

    def initial(self, application: Application) -> Mapping[str, Any]:
        wishes = [words_of(one) for one in application.wishes.all()]
        return dict(zip(self.names, wishes, strict=False))

    def check(self, form: Any) -> None:
        super().check(form)
        for name in self.names:
            value = self._meant(form, form.cleaned_data.get(name))
            if isinstance(value, str) and len(value) > MentorWish.NAME_LENGTH:
                form.add_error(name, self.too_long)

    def stored(self, application: Application) -> tuple[Any, ...]:
        return tuple(one.mentor or one.name for one in application.wishes.select_related("mentor"))

    def put_related(self, application: Application, value: Any) -> None:
        application.wishes.all().delete()
        MentorWish.objects.bulk_create(
            MentorWish(application=application, rank=rank, mentor=wish)
            if isinstance(wish, Mentor)
            else MentorWish(application=application, rank=rank, name=wish)
            for rank, wish in enumerate(value, 1)
        )

    def _meant(self, form: Any, value: Any) -> Any:
        return form.offer.mentor_of(value) if value else value


@dataclass(frozen=True)
class FormStep:
    """One step of the form: its code (and anchor), its heading, what it begins with, its questions."""

    code: str
    title: Any
    lead: Any
    questions: tuple[Question, ...]


def words_of(wish: MentorWish) -> str:
    """A wish as its applicant may see it."""
    return label(wish.mentor) if wish.mentor and wish.is_told else wish.name


def _set_choices(field: Any, entries: Iterable[Any], empty: Any) -> None:
    """Offers vocabulary entries, under their groups where they have one; a choice becomes its entry."""
    by_key = {str(entry.pk): entry for entry in entries}
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, entry in by_key.items():
        groups.setdefault(str(getattr(entry, "group", "")), []).append((key, str(entry)))
    choices: list[Any] = [*groups.pop("", ()), *groups.items()]
    field.choices = [*([("", empty)] if empty is not None else []), *choices]
    field.coerce = by_key.__getitem__
