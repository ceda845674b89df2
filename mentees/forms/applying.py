"""The application form in its parts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from core.forms import AddressField, NameField, WordsField
from mentees.application_data import PLAIN, Answers
from mentees.models import GermanLevel, MentorWish
from mentees.vocabulary import Offer
from mentors.models import Mentor
from programme.facts import in_words
from programme.models import Cohort, ConsentNotice, MeetingFormat

TOPICS = ("topic_1", "topic_2", "topic_3")
WISHES = ("wish_1", "wish_2", "wish_3")
ORDINALS = (
    pgettext_lazy("wish", "first"),
    pgettext_lazy("wish", "second"),
    pgettext_lazy("wish", "third"),
)


@dataclass(frozen=True)
class Part:
    """One part of the form: its code (and anchor), its heading in the margin, its introduction, its fields."""

    code: str
    title: Any
    lead: Any
    fields: tuple[str, ...]


PARTS = (
    Part(
        "requirements",
        _("Requirements"),
        _(
            "You will find our recommendations beside each question. Is there something "
            "you don’t meet? Apply anyway and tell us why: people read every application,"
            " and no computer rejects anyone."
        ),
        ("subject", "degree", "semester", "semesters_left", "german"),
    ),
    Part("person", _("About you"), "", ("name", "email", "salutation")),
    Part(
        "goals",
        _("Goals"),
        _(
            "We use your goals to look for people who can help you reach them. The "
            "coordinators read what you write here; your mentor reads only what you write"
            " in the last field of this part."
        ),
        (
            "career_fields",
            *TOPICS,
            "motivation",
            "goals",
            "expectations",
            "situation",
            "words_for_mentor",
        ),
    ),
    Part(
        "wishes",
        _("Wishes"),
        _(
            "Is there somebody you would like as your mentor? Name up to three people, "
            "your first choice first: from our network, or anybody you know of. We will "
            "ask them, but we can’t make any promises."
        ),
        WISHES,
    ),
    Part(
        "time",
        _("Time and working style"),
        "",
        ("languages", "meeting_format", "meetings_a_month"),
    ),
    Part("consent", _("Consent"), "", ("agree",)),
)


@dataclass(frozen=True)
class ShownPart:
    """A part on the page: its fields, and the parts before and after it (None at the ends)."""

    part: Part
    fields: list[BoundField]
    before: Part | None
    after: Part | None


class FormIdField(forms.UUIDField):
    """The form's id. An invalid one is replaced: it only serves to recognise repeated posts (promise C8)."""

    def clean(self, value: Any) -> uuid.UUID:
        """The id, or the null UUID for an invalid one: then repeated posts are recognised by the answers
        alone."""
        try:
            return super().clean(value) or uuid.UUID(int=0)
        except forms.ValidationError:
            return uuid.UUID(int=0)


class ApplicationForm(forms.Form):
    """The whole application form. No field asks for age, gender, nationality, religion or a picture.

    ``offer`` holds the possible choices, read once; ``notice`` is the one shown beside the consent.
    """

    form_id = FormIdField(required=False, widget=forms.HiddenInput)
    cohort = forms.CharField(required=False, widget=forms.HiddenInput)
    notice = forms.CharField(required=False, widget=forms.HiddenInput)

    subject = forms.TypedChoiceField(
        label=_("What do you study?"),
        error_messages={"required": _("Please choose your subject.")},
    )
    degree = forms.TypedChoiceField(
        label=_("Which degree are you studying for?"),
        error_messages={"required": _("Please choose your degree.")},
    )
    semester = forms.IntegerField(
        label=_("Which semester of this degree are you in?"),
        min_value=1,
        max_value=30,
        error_messages={"required": _("Please give the number of your semester.")},
    )
    semesters_left = forms.IntegerField(
        label=_("For how many more semesters will you be enrolled?"),
        min_value=0,
        max_value=20,
        error_messages={"required": _("Please give a number; your own estimate is enough.")},
    )
    german = forms.ChoiceField(
        label=_("How good is your German?"),
        help_text=_(
            "Workshops and interviews are in German. How you judge it yourself is what counts."
        ),
        choices=GermanLevel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose the closest answer.")},
    )

    name = NameField(
        label=_("What is your name?"),
        help_text=_("The name you would like us to use."),
        error_messages={"required": _("Please enter your name as you would like us to write it.")},
    )
    email = AddressField(
        label=_("What is your email address?"),
        help_text=_("We will send you a link to confirm your application."),
        error_messages={"required": _("Please give an email address you check regularly.")},
    )
    salutation = NameField(
        label=_("How should we address you in letters?"),
        help_text=_("For example “Ms Arslan”, “Noah Bergmann” or simply your first name."),
        max_length=80,
        required=False,
        widget=forms.TextInput,
    )

    career_fields = forms.TypedMultipleChoiceField(
        label=_("Which career fields interest you?"),
        help_text=_("Choose as many as you like."),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-2"}),
        error_messages={
            "required": _(
                "Please choose at least one; you are not committing yourself to anything."
            )
        },
    )
    topic_1 = forms.TypedChoiceField(
        label=_("Which topic matters most to you?"),
        help_text=_("We look for mentors who know a lot about it."),
        required=False,
        empty_value=None,
    )
    topic_2 = forms.TypedChoiceField(
        label=_("And the second most important?"), required=False, empty_value=None
    )
    topic_3 = forms.TypedChoiceField(label=_("And the third?"), required=False, empty_value=None)
    motivation = WordsField(
        label=_("Why do you want to take part?"),
        help_text=_("Three to eight sentences. What brings you here, and why now?"),
        error_messages={
            "required": _(
                "This field is still empty. Three sentences are enough; notes will do, too."
            )
        },
    )
    goals = WordsField(
        label=_("What would you like to have achieved after two semesters?"),
        help_text=_(
            "One sentence is enough, for example: “I would like to be invited to an audition.”"
        ),
        rows=4,
        error_messages={"required": _("This field is still empty. One sentence is enough.")},
    )
    expectations = WordsField(
        label=_("What would you like the tandem to change?"),
        help_text=_(
            "What do you expect of your mentor, of us and of yourself? How would you know"
            " that it was worthwhile?"
        ),
        error_messages={
            "required": _(
                "This field is still empty. Three sentences are enough; notes will do, too."
            )
        },
    )
    situation = WordsField(
        label=_("Your personal situation"),
        help_text=_(
            "Is there anything we should know so that you have equal opportunities? For "
            "example children, caring responsibilities, an illness, money or your "
            "residence status. Only the coordinators read this, and it is never used in "
            "any calculation."
        ),
        rows=4,
        required=False,
    )
    words_for_mentor = WordsField(
        label=_("A message to your mentor"),
        help_text=_(
            "What may a possible mentor read about you before saying yes? Of everything "
            "you write, this is the only text we pass on."
        ),
        max_length=1500,
        rows=4,
        required=False,
    )

    languages = forms.TypedMultipleChoiceField(
        label=_("Which languages do you speak?"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-2"}),
        required=False,
    )
    meeting_format = forms.ChoiceField(
        label=_("How would you like to meet?"),
        choices=MeetingFormat.choices,
        widget=forms.RadioSelect(attrs={"class": "choices-2"}),
        required=False,
    )
    meetings_a_month = forms.IntegerField(
        label=_("How many meetings a month would suit you?"),
        min_value=1,
        max_value=8,
        required=False,
    )

    agree = forms.BooleanField(
        label=_("I have read the notice and agree"),
        error_messages={"required": _("Without your consent we may not read the application.")},
    )

    def __init__(
        self, *args: Any, offer: Offer, cohort: Cohort, notice: ConsentNotice, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer, self.current_notice = offer, notice
        self.initial.setdefault("form_id", uuid.uuid4())
        self.initial.update(cohort=cohort.pk, notice=notice.pk)
        self._offer("subject", offer.subjects, grouped=True, empty=_("please choose"))
        self._offer("degree", offer.degrees, empty=_("please choose"))
        self._offer("career_fields", offer.career_fields)
        self._offer("languages", offer.languages)
        for name in TOPICS:
            none = _("no particular topic") if name == TOPICS[0] else _("no further topic")
            self._offer(name, offer.topics, empty=none)
        # Without any career field in the vocabulary, none can be required.
        self.fields["career_fields"].required = bool(offer.career_fields)
        self.fields["semesters_left"].help_text = _at_least(cohort.semesters_left)
        self.fields["meetings_a_month"].help_text = " ".join(
            (_at_least(cohort.meetings_a_month), str(_("A meeting takes about an hour.")))
        )
        self.fields["semester"].help_text = " ".join(
            str(one) for one in (*_recommended(offer), _("A leave of absence is not a problem."))
        )
        if offer.excluded_subjects:
            self.fields["subject"].help_text = _(
                "There are separate programmes for: %(subjects)s."
            ) % {"subjects": ", ".join(str(one) for one in offer.excluded_subjects)}
        self._add_wishes()

    def _offer(
        self, name: str, entries: Iterable[Any], *, grouped: bool = False, empty: Any = None
    ) -> None:
        field: Any = self.fields[name]
        by_key = {str(entry.pk): entry for entry in entries}
        choices: list[Any] = [(key, str(entry)) for key, entry in by_key.items()]
        if grouped:
            groups: dict[str, list[tuple[str, str]]] = {}
            for key, entry in by_key.items():
                groups.setdefault(str(entry.group), []).append((key, str(entry)))
            choices = list(groups.items())
        field.choices = [*([("", empty)] if empty is not None else []), *choices]
        field.coerce = by_key.__getitem__

    def _add_wishes(self) -> None:
        for number, name in enumerate(WISHES):
            self.fields[name] = NameField(
                label=_("Your %(ordinal)s wish") % {"ordinal": ORDINALS[number]},
                help_text=_(
                    "Start typing: we suggest people from our network, but you can enter any name."
                )
                if number == 0
                else "",
                required=False,
                max_length=320,
                widget=forms.TextInput(attrs={"list": "network", "autocomplete": "off"}),
            )

    # ── cleaning ─────────────────────────────────────────────────────────────
    def clean_notice(self) -> ConsentNotice:
        """The notice that was shown. Raises ValidationError when a newer one is valid by now."""
        if self.cleaned_data["notice"] not in ("", str(self.current_notice.pk)):
            # The form is shown again with the new notice and can be sent after a new consent.
            fresh: Any = self.data
            self.data = fresh = fresh.copy()
            fresh["notice"] = str(self.current_notice.pk)
            fresh.pop("agree", None)
            raise forms.ValidationError(
                _(
                    "The notice has changed in the meantime. Please read it again before "
                    "you send your application."
                ),
                code="notice",
            )
        return self.current_notice

    def clean(self) -> dict[str, Any]:
        """Refuses a topic or a wish that is named twice."""
        data = super().clean() or {}
        for names, sentence in (
            (TOPICS, _("You have already chosen this topic.")),
            (WISHES, _("You have already named this person.")),
        ):
            seen: set[Any] = set()
            for name in names:
                value = data.get(name)
                value = self.offer.mentor_of(value) if names is WISHES and value else value
                if value and value in seen:
                    self.add_error(name, sentence)
                seen.add(value)
                if isinstance(value, str) and len(value) > MentorWish.NAME_LENGTH:
                    self.add_error(name, _("Please give only the name."))
        return data

    def answers(self) -> Answers:
        """The answers for ``actions.send_application``; only of a valid form."""
        data = self.cleaned_data
        wishes: list[Mentor | str] = [
            self.offer.mentor_of(data[name]) for name in WISHES if data.get(name)
        ]
        return Answers(
            topics=tuple(data[name] for name in TOPICS if data.get(name)),
            wishes=tuple(wishes),
            career_fields=tuple(data["career_fields"]),
            languages=tuple(data["languages"]),
            **{name: data[name] for name in ("email", *PLAIN)},
        )

    def parts(self) -> list[ShownPart]:
        """The parts with their fields and neighbours, for the template."""
        befores, afters = (None, *PARTS[:-1]), (*PARTS[1:], None)
        return [
            ShownPart(part, [self[name] for name in part.fields], before, after)
            for part, before, after in zip(PARTS, befores, afters, strict=True)
        ]


def _at_least(number: int) -> str:
    """“At least two are needed.”"""
    said = ngettext("Please choose at least one.", "Please choose at least %(number)s.", number)
    return said % {"number": in_words(number)}


def _recommended(offer: Offer) -> list[str]:
    """The recommended semesters as sentences, one per figure."""
    by_semester: dict[int, list[str]] = {}
    for degree in offer.degrees:
        if degree.recommended_from > 1:
            by_semester.setdefault(degree.recommended_from, []).append(str(degree))
    return [
        _("Recommended from semester %(semester)d (%(degrees)s).")
        % {"semester": semester, "degrees": ", ".join(degrees)}
        for semester, degrees in sorted(by_semester.items())
    ]
