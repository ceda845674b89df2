"""The questions of the application in the order of the form. No question asks for age, gender, nationality,
religion or a picture."""

from __future__ import annotations

from operator import attrgetter, methodcaller

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.forms import AddressField, NameField, WordsField
from core.privacy import PROGRAMME, DataClass, FieldPolicy
from mentees.models import GermanLevel
from mentees.questions import shown
from mentees.questions.kinds import (
    Address,
    FormStep,
    Question,
    Several,
    Topics,
    Wishes,
)
from mentees.questions.shown import Shown
from mentees.vocabulary import Offer
from programme.facts import in_words
from programme.models import Cohort, MeetingFormat

UNTIL = "6 months after the cohort, 12 for those who took part"
_TO_CHOOSE = "to choose who takes part"
CHOOSING = FieldPolicy(DataClass.PART, _TO_CHOOSE, retention=UNTIL)
MATCHING = FieldPolicy(DataClass.PART, "to find a mentor who suits", retention=UNTIL)
WORDS = FieldPolicy(DataClass.WORDS, _TO_CHOOSE, retention=UNTIL)


def _at_least(number: int) -> str:
    """“Please choose at least two.”"""
    said = ngettext("Please choose at least one.", "Please choose at least %(number)s.", number)
    return said % {"number": in_words(number)}


def _other_programmes(offer: Offer, cohort: Cohort) -> str:
    """The subjects that have a programme of their own."""
    if not offer.excluded_subjects:
        return ""
    return gettext("There are separate programmes for: %(subjects)s.") % {
        "subjects": ", ".join(str(one) for one in offer.excluded_subjects)
    }


def _recommended(offer: Offer, cohort: Cohort) -> str:
    """The recommended semesters, one sentence per figure."""
    by_semester: dict[int, list[str]] = {}
    for degree in offer.degrees:
        if degree.recommended_from > 1:
            by_semester.setdefault(degree.recommended_from, []).append(str(degree))
    sentences = [
        gettext("Recommended from semester %(semester)d (%(degrees)s).")
        % {"semester": semester, "degrees": ", ".join(degrees)}
        for semester, degrees in sorted(by_semester.items())
    ]
    return " ".join((*sentences, gettext("A leave of absence is not a problem.")))


STUDIES, _TIME = _("Studies"), _("Time and working style")
_NOTES_WILL_DO = _("This field is still empty. Three sentences are enough; notes will do, too.")

STEPS = (
    FormStep(
        "requirements",
        _("Requirements"),
        _(
            "You will find our recommendations beside each question. Is there something "
            "you don’t meet? Apply anyway and tell us why: people read every application,"
            " and no computer rejects anyone."
        ),
        (
            Question(
                name="subject",
                field=forms.TypedChoiceField(
                    label=_("What do you study?"),
                    error_messages={"required": _("Please choose your subject.")},
                ),
                offered=attrgetter("subjects"),
                empty=_("please choose"),
                help=_other_programmes,
                policy=CHOOSING,
                shown=Shown(STUDIES, attrgetter("subject")),
                for_mentor=Shown(STUDIES, attrgetter("subject")),
            ),
            Question(
                name="degree",
                field=forms.TypedChoiceField(
                    label=_("Which degree are you studying for?"),
                    error_messages={"required": _("Please choose your degree.")},
                ),
                offered=attrgetter("degrees"),
                empty=_("please choose"),
                policy=CHOOSING,
                shown=Shown(STUDIES, attrgetter("degree"), continues=True),
                for_mentor=Shown(STUDIES, attrgetter("degree"), continues=True),
            ),
            Question(
                name="semester",
                field=forms.IntegerField(
                    label=_("Which semester of this degree are you in?"),
                    min_value=1,
                    max_value=30,
                    error_messages={"required": _("Please give the number of your semester.")},
                ),
                help=_recommended,
                policy=CHOOSING,
                shown=Shown(STUDIES, shown.semester, soft=True),
                for_mentor=Shown(STUDIES, shown.semester, continues=True),
            ),
            Question(
                name="semesters_left",
                field=forms.IntegerField(
                    label=_("For how many more semesters will you be enrolled?"),
                    min_value=0,
                    max_value=20,
                    error_messages={
                        "required": _("Please give a number; your own estimate is enough.")
                    },
                ),
                help=lambda offer, cohort: _at_least(cohort.semesters_left),
                policy=CHOOSING,
                shown=Shown(STUDIES, shown.semesters_left, continues=True),
            ),
            Question(
                name="german",
                field=forms.ChoiceField(
                    label=_("How good is your German?"),
                    help_text=_(
                        "Workshops and interviews are in German. How you judge it yourself "
                        "is what counts."
                    ),
                    choices=GermanLevel.choices,
                    widget=forms.RadioSelect,
                    error_messages={"required": _("Please choose the closest answer.")},
                ),
                policy=CHOOSING,
                shown=Shown(_("German"), methodcaller("get_german_display")),
            ),
        ),
    ),
    FormStep(
        "person",
        _("About you"),
        "",
        (
            Question(
                name="name",
                field=NameField(
                    label=_("What is your name?"),
                    help_text=_("The name you would like us to use."),
                    error_messages={
                        "required": _("Please enter your name as you would like us to write it.")
                    },
                ),
                policy=FieldPolicy(DataClass.IDENTITY, "to know who applies", retention=UNTIL),
            ),
            Address(
                name="email",
                field=AddressField(
                    label=_("What is your email address?"),
                    help_text=_("We will send you a link to confirm your application."),
                    error_messages={
                        "required": _("Please give an email address you check regularly.")
                    },
                ),
                policy=None,
                revisable=False,
            ),
            Question(
                name="salutation",
                field=NameField(
                    label=_("How should we address you in letters?"),
                    help_text=_(
                        "For example “Ms Arslan”, “Noah Bergmann” or simply your first name."
                    ),
                    max_length=80,
                    required=False,
                    widget=forms.TextInput,
                ),
                policy=FieldPolicy(
                    DataClass.IDENTITY, "to address people as they wish", retention=UNTIL
                ),
            ),
        ),
    ),
    FormStep(
        "goals",
        _("Goals"),
        _(
            "We use your goals to look for people who can help you reach them. The "
            "coordinators read what you write here; your mentor reads only what you write"
            " in the last field of this part."
        ),
        (
            Several(
                name="career_fields",
                field=forms.TypedMultipleChoiceField(
                    label=_("Which career fields interest you?"),
                    help_text=_("Choose as many as you like."),
                    widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-2"}),
                    error_messages={
                        "required": _(
                            "Please choose at least one; you are not committing yourself to "
                            "anything."
                        )
                    },
                ),
                offered=attrgetter("career_fields"),
                policy=MATCHING,
                shown=Shown(_("Career fields"), shown.entries("career_fields", "–")),
                for_mentor=Shown(_("Aims for"), shown.entries("career_fields")),
            ),
            Topics(
                name="topics",
                asked_as=("topic_1", "topic_2", "topic_3"),
                field=forms.TypedChoiceField(
                    help_text=_("We look for mentors who know a lot about it."),
                    required=False,
                    empty_value=None,
                ),
                labels=(
                    _("Which topic matters most to you?"),
                    _("And the second most important?"),
                    _("And the third?"),
                ),
                offered=attrgetter("topics"),
                empty=_("no particular topic"),
                no_further=_("no further topic"),
                twice=_("You have already chosen this topic."),
                policy=MATCHING,
                shown=Shown(_("Topics"), shown.numbered_topics),
                for_mentor=Shown(_("Topics"), shown.entries("topics")),
            ),
            Question(
                name="motivation",
                field=WordsField(
                    label=_("Why do you want to take part?"),
                    help_text=_("Three to eight sentences. What brings you here, and why now?"),
                    error_messages={"required": _NOTES_WILL_DO},
                ),
                policy=WORDS,
                shown=shown.words("motivation", _("Motivation")),
            ),
            Question(
                name="goals",
                field=WordsField(
                    label=_("What would you like to have achieved after two semesters?"),
                    help_text=_(
                        "One sentence is enough, for example: “I would like to be invited to "
                        "an audition.”"
                    ),
                    rows=4,
                    error_messages={
                        "required": _("This field is still empty. One sentence is enough.")
                    },
                ),
                policy=WORDS,
                shown=shown.words("goals", _("Goals")),
            ),
            Question(
                name="expectations",
                field=WordsField(
                    label=_("What would you like the tandem to change?"),
                    help_text=_(
                        "What do you expect of your mentor, of us and of yourself? How would "
                        "you know that it was worthwhile?"
                    ),
                    error_messages={"required": _NOTES_WILL_DO},
                ),
                policy=WORDS,
                shown=shown.words("expectations", _("Expectations")),
            ),
            Question(
                name="situation",
                field=WordsField(
                    label=_("Your personal situation"),
                    help_text=_(
                        "Is there anything we should know so that you have equal "
                        "opportunities? For example children, caring responsibilities, an "
                        "illness, money or your residence status. Only the coordinators read "
                        "this, and it is never used in any calculation."
                    ),
                    rows=4,
                    required=False,
                ),
                policy=FieldPolicy(
                    DataClass.SENSITIVE,
                    "equal chances: read by the coordinators, never computed with",
                    basis="GDPR 9(2)(a), told voluntarily",
                    retention=UNTIL,
                ),
                shown=shown.words("situation", _("Personal situation")),
            ),
            Question(
                name="words_for_mentor",
                field=WordsField(
                    label=_("A message to your mentor"),
                    help_text=_(
                        "What may a possible mentor read about you before saying yes? Of "
                        "everything you write, this is the only text we pass on."
                    ),
                    max_length=1500,
                    rows=4,
                    required=False,
                ),
                policy=FieldPolicy(
                    DataClass.WORDS, "what a mentor may read before saying yes", retention=UNTIL
                ),
                shown=shown.words("words_for_mentor", _("Message to the mentor")),
                for_mentor=shown.words("words_for_mentor", _("In their own words")),
            ),
        ),
    ),
    FormStep(
        "wishes",
        _("Wishes"),
        _(
            "Is there somebody you would like as your mentor? Name up to three people, "
            "your first choice first: from our network, or anybody you know of. We will "
            "ask them, but we can’t make any promises."
        ),
        (
            Wishes(
                name="wishes",
                asked_as=("wish_1", "wish_2", "wish_3"),
                field=NameField(
                    help_text=_(
                        "Start typing: we suggest people from our network, but you can enter "
                        "any name."
                    ),
                    required=False,
                    max_length=320,
                    widget=forms.TextInput(attrs={"list": "network", "autocomplete": "off"}),
                ),
                labels=(_("Your first wish"), _("Your second wish"), _("Your third wish")),
                twice=_("You have already named this person."),
                too_long=_("Please give only the name."),
                policy=MATCHING,
                name_policy=FieldPolicy(
                    DataClass.IDENTITY, "whom an applicant wishes for", retention=UNTIL
                ),
            ),
        ),
    ),
    FormStep(
        "time",
        _TIME,
        "",
        (
            Several(
                name="languages",
                field=forms.TypedMultipleChoiceField(
                    label=_("Which languages do you speak?"),
                    widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-2"}),
                    required=False,
                ),
                offered=attrgetter("languages"),
                policy=MATCHING,
                shown=Shown(_TIME, shown.entries("languages")),
                for_mentor=Shown(_("Languages"), shown.entries("languages")),
            ),
            Question(
                name="meeting_format",
                field=forms.ChoiceField(
                    label=_("How would you like to meet?"),
                    choices=MeetingFormat.choices,
                    widget=forms.RadioSelect(attrs={"class": "choices-2"}),
                    required=False,
                ),
                policy=MATCHING,
                shown=Shown(_TIME, shown.meeting_format),
                for_mentor=Shown(
                    _("Would like to meet"),
                    methodcaller("get_meeting_format_display"),
                ),
            ),
            Question(
                name="meetings_a_month",
                field=forms.IntegerField(
                    label=_("How many meetings a month would suit you?"),
                    min_value=1,
                    max_value=8,
                    required=False,
                ),
                help=lambda offer, cohort: " ".join(
                    (
                        _at_least(cohort.meetings_a_month),
                        gettext("A meeting takes about an hour."),
                    )
                ),
                blank=None,
                policy=MATCHING,
                shown=Shown(_TIME, shown.meetings_a_month),
            ),
        ),
    ),
    FormStep(
        "consent",
        _("Consent"),
        "",
        (
            Question(
                name="notice",
                asked_as=("agree",),
                field=forms.BooleanField(
                    label=_("I have read the notice and agree"),
                    error_messages={
                        "required": _("Without your consent we may not read the application.")
                    },
                ),
                policy=PROGRAMME,
                revisable=False,
            ),
        ),
    ),
)
