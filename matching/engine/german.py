"""The explanations as German sentences, for the command line and as a model for others."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matching.engine.explanation import PairExplanation, Reason, Unmatched

_NUMBERS = (
    "null",
    "eins",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
)
_RANKS = {1: "erster", 2: "zweiter", 3: "dritter"}
_VOTES = {
    "gladly": "Mentor_in sagt: gern",
    "possible": "Mentor_in sagt: möglich",
    "rather_not": "Mentor_in sagt: lieber nicht",
}
_FORMATS = {
    "online_only": "nur online",
    "online": "gern online",
    "either": "online oder vor Ort",
    "on_site": "gern vor Ort",
    "on_site_only": "nur vor Ort",
}
_UNMATCHED = {
    "inactive": "Nimmt nicht am Matching teil.",
    "no_mentors": "Es gibt keine Mentor_innen in diesem Lauf.",
    "none_allowed": "Niemand kommt infrage.",
    "all_taken": "Alle Plätze bei denen, die infrage kommen, sind vergeben.",
}


def number(count: float) -> str:
    """Small whole numbers as words, others with a decimal comma."""
    if count == int(count) and 0 <= count < len(_NUMBERS):
        return _NUMBERS[int(count)]
    return f"{count:g}".replace(".", ",")


def unmatched(left: Unmatched) -> str:
    """Why a mentee has no mentor."""
    return _UNMATCHED[left.code]


def tied_mentors(others: Sequence[str]) -> str:
    """That mentors were equal and nothing but the order of the ids decided."""
    return f"Gleichauf mit {', '.join(others)}: Zwischen ihnen müssen Menschen wählen."


def tied_mentees(others: Sequence[str]) -> str:
    """That others have a place that suited this mentee as well."""
    return f"Gleichauf mit {', '.join(others)}, für die der Platz gereicht hat: Das müssen Menschen entscheiden."


def reason(point: Reason) -> str:
    """One reason or weakest point as a clause, without full stop."""
    return CLAUSES[point.code](point.params)


def sentences(told: PairExplanation) -> str:
    """The whole explanation: reasons, weakest point, and from how much it was told."""
    parts = []
    if told.reasons:
        parts.append(_capital(" und ".join(reason(each) for each in told.reasons)) + ".")
    if told.weakest:
        parts.append(f"Schwächster Punkt: {reason(told.weakest)}.")
    if told.known < told.of:
        parts.append(_known(told.known, told.of))
    return " ".join(parts)


def _known(known: int, of: int) -> str:
    """From how much a pair's explanation was told."""
    if not known:
        return "Ohne Angaben."
    return f"Aus {'einer' if known == 1 else number(known)} von {number(of)} Angaben."


def _list(codes: Sequence[str]) -> str:
    return ", ".join(codes)


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace(".", ",")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _wish(params: Mapping[str, Any]) -> str:
    rank = _RANKS.get(params["rank"], f"{params['rank']}.")
    said = f", {_VOTES[params['vote']]}" if params["vote"] else ""
    return f"{rank} eigener Wunsch{said}"


def _vote(params: Mapping[str, Any]) -> str:
    wished = ", gewünscht waren andere" if params["others_wished"] else ""
    return _VOTES[params["vote"]] + wished


def _of(params: Mapping[str, Any], one: str) -> str:
    """ "zwei der drei", with `one` for a single one of several."""
    covered = len(params["covered"])
    return f"{one if covered == 1 else number(covered)} der {number(params['of'])}"


def _goals(params: Mapping[str, Any]) -> str:
    covered, of = len(params["covered"]), params["of"]
    what = "das Ziel" if of == 1 else "beide Ziele" if of == 2 else f"alle {number(of)} Ziele"
    if covered < of:
        what = f"{_of(params, 'eines')} Ziele"
    return f"bietet {what} an ({_list(params['covered'])})"


def _goals_none(params: Mapping[str, Any]) -> str:
    return f"bietet keines der Ziele an ({_list(params['missing'])})"


def _fields(params: Mapping[str, Any]) -> str:
    covered, of = len(params["covered"]), params["of"]
    where = "in beiden gewünschten Berufsfeldern" if of == 2 else ""
    where = where or f"in allen {number(of)} gewünschten Berufsfeldern"
    if of == 1:
        where = "im gewünschten Berufsfeld"
    elif covered < of:
        where = f"in {_of(params, 'einem')} gewünschten Berufsfelder"
    return f"arbeitet {where} ({_list(params['covered'])})"


def _fields_none(params: Mapping[str, Any]) -> str:
    return f"arbeitet in keinem gewünschten Berufsfeld ({_list(params['missing'])})"


def _style(params: Mapping[str, Any]) -> str:
    return (
        f"ähnlicher Arbeitsstil (mittlerer Abstand {_decimal(params['difference'])}, "
        f"am nächsten bei {params['closest']})"
    )


def _style_apart(params: Mapping[str, Any]) -> str:
    return (
        f"anderer Arbeitsstil (mittlerer Abstand {_decimal(params['difference'])}, "
        f"am weitesten bei {params['farthest']})"
    )


def _time(params: Mapping[str, Any]) -> str:
    if params["slots"]:
        word = "Zeit" if len(params["slots"]) == 1 else "Zeiten"
        return f"gemeinsame {word} ({_list(params['slots'])})"
    return f"genügend Treffen im Monat (angeboten {number(params['offered'])})"


def _few_slots(params: Mapping[str, Any]) -> str:
    if not params["slots"]:
        return "keine gemeinsame Zeit"
    return f"wenig gemeinsame Zeit (nur {_list(params['slots'])})"


def _few_meetings(params: Mapping[str, Any]) -> str:
    offered, wanted = number(params["offered"]), number(params["wanted"])
    return f"weniger Treffen im Monat (angeboten {offered}, gewünscht {wanted})"


def _format(params: Mapping[str, Any]) -> str:
    place = ", gleiche Region" if params["same_region"] else ""
    return f"passt zur gewünschten Form ({_FORMATS[params['mentee']]}{place})"


def _format_differs(params: Mapping[str, Any]) -> str:
    wanted = _FORMATS[params["mentee"]].removeprefix("gern ")
    return f"{_FORMATS[params['mentor']]}, gewünscht war {wanted}"


def _place_differs(params: Mapping[str, Any]) -> str:
    return f"Treffen vor Ort, aber in einer anderen Region ({_FORMATS[params['mentor']]})"


CLAUSES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "wish": _wish,
    "vote": _vote,
    "not_wished": lambda params: "kein eigener Wunsch",
    "goals": _goals,
    "goals_none": _goals_none,
    "career_fields": _fields,
    "career_fields_none": _fields_none,
    "style_close": _style,
    "style_apart": _style_apart,
    "time": _time,
    "time_few_slots": _few_slots,
    "time_few_meetings": _few_meetings,
    "format": _format,
    "format_differs": _format_differs,
    "place_differs": _place_differs,
    "subject_same": lambda params: f"gleiche Fächergruppe ({_list(params['groups'])})",
    "subject_related": lambda params: "verwandte Fächergruppe",
    "subject_other": lambda params: "andere Fächergruppe",
}
