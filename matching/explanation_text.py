"""The engine's explanations as sentences, in the language of the reader.

The engine returns codes with parameters; this module words them for three readers: the ``office`` reads about
a pair, the ``mentee`` about a mentor, the ``mentor`` about themselves. Mentee and mentor read what speaks for
the pair, never a score, a rank or a weakest point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from matching import engine
from mentees.models import Mentee
from mentors.models import Mentor
from programme.models import CareerField, SubjectGroup, Topic

Viewer = Literal["office", "mentee", "mentor"]
Params = Mapping[str, Any]

_NUMBERS = (
    pgettext_lazy("number", "no"),
    pgettext_lazy("number", "one"),
    pgettext_lazy("number", "two"),
    pgettext_lazy("number", "three"),
    pgettext_lazy("number", "four"),
    pgettext_lazy("number", "five"),
    pgettext_lazy("number", "six"),
    pgettext_lazy("number", "seven"),
    pgettext_lazy("number", "eight"),
    pgettext_lazy("number", "nine"),
    pgettext_lazy("number", "ten"),
)
# A component of about one half is not mentioned as a reason, only as the weakest point.
_NO_REASON = {"format_differs", "place_differs", "time_few_slots", "time_few_meetings", "vote"}

EXCLUSIONS: Mapping[str, Any] = {
    "same_person": gettext_lazy("is the same person"),
    "teaches": gettext_lazy("teaches the mentee"),
    "examines": gettext_lazy("examines the mentee"),
    "employs": gettext_lazy("employs the mentee"),
    "mentee_veto": gettext_lazy("one side has objected"),
    "mentor_veto": gettext_lazy("one side has objected"),
    "mentee_inactive": gettext_lazy("the mentee is not included in the matching"),
    "mentor_inactive": gettext_lazy("is not active"),
    "no_consent": gettext_lazy("the consent is missing"),
    "no_capacity": gettext_lazy("has no free place"),
    "no_common_language": gettext_lazy("has no language in common with the mentee"),
    "formats_exclude": gettext_lazy("“online only” and “in person only” rule each other out"),
    "forbidden": gettext_lazy("excluded by the coordinators"),
}
UNMATCHED: Mapping[str, Any] = {
    "inactive": gettext_lazy("not included in the matching"),
    "no_mentors": gettext_lazy("there are no mentors in this run"),
    "none_allowed": gettext_lazy("no mentor is possible"),
    "all_taken": gettext_lazy("all possible mentors have no place left"),
}
COMPONENTS: Mapping[str, Any] = {
    "wish": gettext_lazy("mentee’s own wish"),
    "goals": gettext_lazy("goals"),
    "career_field": gettext_lazy("career field"),
    "working_style": gettext_lazy("working style"),
    "time": gettext_lazy("time"),
    "format": gettext_lazy("format and place"),
    "subject": gettext_lazy("related subjects"),
}
_FORMATS: Mapping[str, Any] = {
    "online_only": gettext_lazy("online only"),
    "online": gettext_lazy("preferably online"),
    "either": gettext_lazy("online or in person"),
    "on_site": gettext_lazy("preferably in person"),
    "on_site_only": gettext_lazy("in person only"),
}


@dataclass(frozen=True)
class Words:
    """The names behind the codes of the vocabularies; an unknown code is shown as it is."""

    topics: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, Any] = field(default_factory=dict)


def words() -> Words:
    """All names of topics, career fields and subject groups; three queries."""
    return Words(
        *(
            {entry.code: entry for entry in model.objects.all()}
            for model in (Topic, CareerField, SubjectGroup)
        )
    )


def number(count: float) -> str:
    """Small whole numbers as words."""
    if count == int(count) and 0 <= count < len(_NUMBERS):
        return str(_NUMBERS[int(count)])
    return f"{count:g}"


def listed(codes: Iterable[str], names: Mapping[str, Any]) -> str:
    """Names joined by commas."""
    return ", ".join(str(names.get(code, code)) for code in codes)


def exclusion(code: str) -> str:
    """Why a pair is impossible, as a clause without full stop: follows a colon or stands in brackets."""
    return str(EXCLUSIONS.get(code, code))


# ── reasons ──────────────────────────────────────────────────────────────────
def reasons(told: Sequence[Mapping[str, Any]], known: Words, viewer: Viewer = "office") -> str:
    """What speaks for a pair, as sentences; empty when nothing stands out. ``told`` is the JSON of
    ``Suggestion.reasons``."""
    found = [
        _reason(one["code"], one["params"], known, viewer)
        for one in told
        if not one["weakest"] and one["code"] not in _NO_REASON
    ]
    return " ".join(sentence for sentence in found if sentence)


def weakest(told: Sequence[Mapping[str, Any]], known: Words) -> str:
    """The weakest point as a clause without full stop, for coordinators only; empty when there is none."""
    return next((_weak(one["code"], one["params"], known) for one in told if one["weakest"]), "")


def _reason(code: str, params: Params, known: Words, viewer: Viewer) -> str:
    if code == "goals":
        return _share(_GOALS[viewer], params, known.topics)
    if code == "career_fields":
        return _share(_FIELDS[viewer], params, known.fields)
    if code == "wish":
        return _wish(params["rank"], viewer)
    if code == "subject_same":
        names = listed(params["groups"], known.groups)
        return {
            "office": _("Same subject group (%(names)s)."),
            "mentee": _("Comes from your subject group (%(names)s)."),
            "mentor": _("You share a subject group (%(names)s)."),
        }[viewer] % {"names": names}
    plain = _PLAIN.get(code)
    return "" if plain is None else str(plain[viewer]) % _plain_params(code, params, viewer)


def _plain_params(code: str, params: Params, viewer: Viewer) -> dict[str, str]:
    if code != "format":
        return {}
    side = "mentor" if viewer == "mentee" else "mentee"
    return {"format": str(_FORMATS.get(params[side], params[side]))}


# Five wordings for how much is covered: the only one, all, one of several, some of several, both.
_Variants = tuple[Any, Any, Any, Any, Any]
_GOALS: Mapping[Viewer, _Variants] = {
    "office": (
        gettext_lazy("Can talk about the topic requested (%(names)s)."),
        gettext_lazy("Can talk about all %(of)s topics requested (%(names)s)."),
        gettext_lazy("Can talk about one of the %(of)s topics requested (%(names)s)."),
        gettext_lazy("Can talk about %(count)s of the %(of)s topics requested (%(names)s)."),
        gettext_lazy("Can talk about both topics requested (%(names)s)."),
    ),
    "mentee": (
        gettext_lazy("Can talk about your topic (%(names)s)."),
        gettext_lazy("Can talk about all %(of)s of your topics (%(names)s)."),
        gettext_lazy("Can talk about one of your %(of)s topics (%(names)s)."),
        gettext_lazy("Can talk about %(count)s of your %(of)s topics (%(names)s)."),
        gettext_lazy("Can talk about both of your topics (%(names)s)."),
    ),
    "mentor": (
        gettext_lazy("You can talk about the topic requested (%(names)s)."),
        gettext_lazy("You can talk about all %(of)s topics requested (%(names)s)."),
        gettext_lazy("You can talk about one of the %(of)s topics requested (%(names)s)."),
        gettext_lazy("You can talk about %(count)s of the %(of)s topics requested (%(names)s)."),
        gettext_lazy("You can talk about both topics requested (%(names)s)."),
    ),
}
_FIELDS: Mapping[Viewer, _Variants] = {
    "office": (
        gettext_lazy("Works in the preferred career field (%(names)s)."),
        gettext_lazy("Works in all %(of)s preferred career fields (%(names)s)."),
        gettext_lazy("Works in one of the %(of)s preferred career fields (%(names)s)."),
        gettext_lazy("Works in %(count)s of the %(of)s preferred career fields (%(names)s)."),
        gettext_lazy("Works in both preferred career fields (%(names)s)."),
    ),
    "mentee": (
        gettext_lazy("Works in your preferred career field (%(names)s)."),
        gettext_lazy("Works in all %(of)s of your preferred career fields (%(names)s)."),
        gettext_lazy("Works in one of your %(of)s preferred career fields (%(names)s)."),
        gettext_lazy("Works in %(count)s of your %(of)s preferred career fields (%(names)s)."),
        gettext_lazy("Works in both of your preferred career fields (%(names)s)."),
    ),
    "mentor": (
        gettext_lazy("You work in the mentee’s preferred career field (%(names)s)."),
        gettext_lazy("You work in all %(of)s of the mentee’s preferred career fields (%(names)s)."),
        gettext_lazy("You work in one of the mentee’s %(of)s preferred career fields (%(names)s)."),
        gettext_lazy(
            "You work in %(count)s of the mentee’s %(of)s preferred career fields (%(names)s)."
        ),
        gettext_lazy("You work in both of the mentee’s preferred career fields (%(names)s)."),
    ),
}
_PLAIN: Mapping[str, Mapping[Viewer, Any]] = {
    "style_close": {
        "office": gettext_lazy("Has a similar working style."),
        "mentee": gettext_lazy("Has a working style similar to yours."),
        "mentor": gettext_lazy("You both have a similar working style."),
    },
    "time": {
        "office": gettext_lazy("Has as much time as requested."),
        "mentee": gettext_lazy("Has as much time as you would like."),
        "mentor": gettext_lazy("You have as much time as the mentee would like."),
    },
    "format": {
        "office": gettext_lazy("Would like to meet in the same way (%(format)s)."),
        "mentee": gettext_lazy("Would like to meet in the same way as you (%(format)s)."),
        "mentor": gettext_lazy("You would both like to meet in the same way (%(format)s)."),
    },
    "subject_related": {
        "office": gettext_lazy("Related subject group."),
        "mentee": gettext_lazy("Comes from a related subject group."),
        "mentor": gettext_lazy("Your subject groups are related."),
    },
}


def _share(variants: _Variants, params: Params, names: Mapping[str, Any]) -> str:
    covered, of = len(params["covered"]), params["of"]
    everything = 4 if of == 2 else 1
    which = 0 if of == 1 else everything if covered == of else 2 if covered == 1 else 3
    return str(variants[which]) % {
        "names": listed(params["covered"], names),
        "of": number(of),
        "count": number(covered),
    }


def _wish(rank: int, viewer: Viewer) -> str:
    if viewer == "mentee":
        return _("You proposed this mentor yourself.")
    if viewer == "mentor":
        return _("The mentee named you as a preferred mentor.")
    return {
        1: pgettext("wish", "The mentee’s first choice."),
        2: pgettext("wish", "The mentee’s second choice."),
        3: pgettext("wish", "The mentee’s third choice."),
    }.get(rank, _("Number %(rank)d on the mentee’s list of wishes.") % {"rank": rank})


def _weak(code: str, params: Params, known: Words) -> str:
    if code in ("goals", "career_fields"):
        names = known.topics if code == "goals" else known.fields
        one, some = _ONLY[code]
        return str(one if len(params["covered"]) == 1 else some) % {
            "count": number(len(params["covered"])),
            "of": number(params["of"]),
            "names": listed(params["missing"], names),
        }
    if code in ("goals_none", "career_fields_none"):
        names = known.topics if code == "goals_none" else known.fields
        sentence = (
            _("cannot talk about any of the topics (%(names)s)")
            if code == "goals_none"
            else _("works in none of the preferred career fields (%(names)s)")
        )
        return sentence % {"names": listed(params["missing"], names)}
    if code == "time_few_meetings":
        return _("meetings per month: %(offered)s offered, %(wanted)s wanted") % {
            "offered": number(params["offered"]),
            "wanted": number(params["wanted"]),
        }
    if code in ("format_differs", "place_differs"):
        return _("%(theirs)s; the mentee wanted %(mine)s") % {
            "theirs": _FORMATS.get(params["mentor"], params["mentor"]),
            "mine": _FORMATS.get(params["mentee"], params["mentee"]),
        }
    if code == "wish":
        return _("number %(rank)d on the mentee’s list of wishes") % {"rank": params["rank"]}
    return str(_WEAK_PLAIN.get(code, ""))


_ONLY: Mapping[str, tuple[Any, Any]] = {
    "goals": (
        gettext_lazy("can talk about only one of the %(of)s topics (missing: %(names)s)"),
        gettext_lazy("can talk about only %(count)s of the %(of)s topics (missing: %(names)s)"),
    ),
    "career_fields": (
        gettext_lazy(
            "works in only one of the %(of)s preferred career fields (missing: %(names)s)"
        ),
        gettext_lazy(
            "works in only %(count)s of the %(of)s preferred career fields (missing: %(names)s)"
        ),
    ),
}
_WEAK_PLAIN: Mapping[str, Any] = {
    "style_close": gettext_lazy("a slightly different working style"),
    "style_apart": gettext_lazy("a different working style"),
    "time": gettext_lazy("slightly less or more time than the mentee wanted"),
    "time_few_slots": gettext_lazy("their time hardly matches"),
    "format": gettext_lazy("not quite how the mentee would like to meet"),
    "subject_same": gettext_lazy("same subject group"),
    "subject_related": gettext_lazy("only a related subject group"),
    "subject_other": gettext_lazy("a different subject group"),
    "vote": gettext_lazy("the mentor has reservations"),
    "not_wished": gettext_lazy("not one of the mentee’s own wishes"),
}


def known_of(known: int, of: int) -> str:
    """“from 5 of 7 statements”, or empty when everything is known."""
    if known >= of:
        return ""
    return _("based on %(known)d of %(of)d details") % {"known": known, "of": of}


# ── what can't be planned ────────────────────────────────────────────────────
def problem(error: engine.ProblemError) -> str:
    """Why a plan can't be computed, naming the pair."""
    keys = (error.params.get("mentee"), error.params.get("mentor"))
    mentee = Mentee.objects.select_related("user").filter(pk=keys[0]).first() if keys[0] else None
    mentor = Mentor.objects.filter(pk=keys[1]).first() if keys[1] else None
    names = {"mentee": mentee or "–", "mentor": mentor or "–"}
    if error.code in ("excluded_pin", "forbidden_pin"):
        codes = error.params.get("exclusions") or ("forbidden",)
        return _(
            "%(mentee)s and %(mentor)s are fixed, but: %(reason)s. Please release the pair."
        ) % {**names, "reason": exclusion(codes[0])}
    if error.code == "pin_over_capacity":
        return (
            _(
                "More pairs are fixed with %(mentor)s than there are free places. Please "
                "release one of them."
            )
            % names
        )
    return _("The plan can’t be computed from these details: %(reason)s") % {"reason": error}
