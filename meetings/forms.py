"""Forms for dates, without script; answers to offered dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.appointments import Appointment
from core.errors import RuleViolation
from core.forms import NameField, WordsField
from core.forms.days import ClockField, DayField, DayInput
from core.forms.edits import EditForm
from core.forms.layout import Choices, Group, PageHelper, Row, Stack, Unmarked
from core.links.forms import AnswerForm
from core.times import local, wall_time
from meetings.models import DateProposal, Meeting, Report
from meetings.rules import OfferedDate, check_date, clock_note
from meetings.states import MeetingState
from programme.models import Cohort

ROWS = 3
NONE_FITS = "none"
LENGTHS = [
    (30, _("30 minutes")),
    (45, _("45 minutes")),
    (60, _("one hour")),
    (90, _("one and a half hours")),
    (120, _("two hours")),
]


def _legends(rows: int) -> tuple[Any, ...]:
    if rows == 1:
        return (_("New date"),)
    return _("First date"), _("Second date"), _("Third date")


def date_rows(rows: int = ROWS, *, optional: bool = False) -> list[Any]:
    """The layout of the rows of a ``DatesForm``, each of day, time and place, and of the duration."""
    return [
        *(
            Row(
                legend,
                *(f"{part}_{number}" for part in ("day", "time", "place")),
                optional=optional or number > 1,
            )
            for number, legend in enumerate(_legends(rows), start=1)
        ),
        Unmarked("length"),
    ]


class DatesForm(forms.Form):
    """Up to three dates with time and place, and the duration. The first row is required unless ``optional``.

    ``offered`` contains the OfferedDates after validation, ``notes`` a sentence for each time that a change
    to or from summer time has shifted or made ambiguous.
    """

    rows = ROWS
    length = forms.TypedChoiceField(
        label=_("How long?"),
        choices=LENGTHS,
        coerce=int,
        initial=60,
        required=False,
        empty_value=None,
    )

    def __init__(
        self,
        *args: Any,
        cohort: Cohort,
        now: datetime,
        optional: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cohort, self.now = cohort, now
        self.offered: list[OfferedDate] = []
        self.notes: list[str] = []
        first = max(timezone.localdate(now), cohort.starts_on).isoformat()
        for number in range(1, self.rows + 1):
            needed = number == 1 and not optional
            self.fields[f"day_{number}"] = DayField(
                label=_("Day"),
                required=needed,
                widget=DayInput(attrs={"min": first, "max": cohort.ends_on.isoformat()}),
                error_messages={"required": _("On which day?")},
            )
            self.fields[f"time_{number}"] = ClockField(
                label=_("Begins at"),
                required=needed,
                error_messages={"required": _("At what time?")},
            )
            self.fields[f"place_{number}"] = NameField(
                label=_("Where"),
                required=needed,
                max_length=200,
                widget=forms.TextInput(),
                error_messages={"required": _("Where? “online” is enough.")},
            )
        if self.rows > 1:
            for number, legend in enumerate(_legends(self.rows), start=1):
                for part in ("day", "time", "place"):
                    self.fields[f"{part}_{number}"].row = legend  # type: ignore[attr-defined]
        self.order_fields([*self._row_names(), "length"])

    def _row_names(self) -> list[str]:
        return [
            f"{part}_{number}"
            for number in range(1, self.rows + 1)
            for part in ("day", "time", "place")
        ]

    def clean(self) -> dict[str, Any]:
        """Combines the rows; every error is added to its field."""
        data = super().clean() or {}
        self.read_rows(data)
        data["offered"] = self.offered
        return data

    def read_rows(self, data: dict[str, Any]) -> None:
        """Fills ``offered`` and ``notes`` from the rows that have entries."""
        seen: set[datetime] = set()
        for number in range(1, self.rows + 1):
            day, clock, place = (data.get(f"{part}_{number}") for part in ("day", "time", "place"))
            row = [f"{part}_{number}" for part in ("day", "time", "place")]
            if any(name in self.errors for name in row) or not (day or clock or place):
                continue
            if not (day and clock is not None and clock != "" and place):
                self._ask_for_the_rest(row, day, clock, place)
                continue
            starts_at = wall_time(day, clock)
            offered = OfferedDate(
                starts_at, starts_at + timedelta(minutes=data.get("length") or 60), place
            )
            try:
                check_date(offered, self.cohort, self.now)
            except RuleViolation as violation:
                self.add_error(row[0], str(violation))
                continue
            if starts_at in seen:
                self.add_error(row[0], _("You have already entered this date above."))
                continue
            seen.add(starts_at)
            if note := clock_note(day, clock):
                self.notes.append(note)
            self.offered.append(offered)
        self.offered.sort()

    def _ask_for_the_rest(self, row: Sequence[str], *values: Any) -> None:
        for name, value in zip(row, values, strict=True):
            if value in (None, ""):
                self.add_error(name, self.fields[name].error_messages["required"])


class ProposeForm(DatesForm):
    """A mentee's offer: dates and, optionally, the subject of the meeting."""

    helper = PageHelper(Stack(*date_rows(), "agenda"))
    agenda = WordsField(
        label=_("What would you like to talk about?"),
        help_text=_("Only the two of you can read this. You can change it until the meeting."),
        rows=3,
        max_length=2000,
        required=False,
    )


class OfferAgainForm(EditForm, ProposeForm):
    """Other dates for an existing meeting; its subject is the initial value."""

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        kwargs["initial"] = {"agenda": meeting.agenda}
        super().__init__(*args, cohort=meeting.tandem.cohort, **kwargs)
        self.audited = meeting


class MoveForm(EditForm, DatesForm):
    """One other date, on which both have agreed already."""

    rows = 1
    helper = PageHelper(Stack(*date_rows(rows), "agreed"))
    recorded_as = {
        "day_1": "starts_at",
        "time_1": "starts_at",
        "place_1": "place",
        "length": "ends_at",
    }
    agreed = forms.BooleanField(
        label=_("We have already agreed on this"),
        error_messages={
            "required": _("Please agree on it together first, or offer other dates instead.")
        },
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        kwargs["initial"] = {**_as_typed(meeting), **kwargs.get("initial", {})}
        super().__init__(*args, cohort=meeting.tandem.cohort, **kwargs)
        self.audited = meeting
        if meeting.starts_at and meeting.ends_at:
            minutes = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
            lengths = self.fields["length"]
            if minutes not in dict(LENGTHS):
                lengths.choices = [  # type: ignore[attr-defined]
                    (minutes, _("%(minutes)d minutes") % {"minutes": minutes}),
                    *LENGTHS,
                ]
            lengths.initial = minutes


def _as_typed(meeting: Meeting) -> dict[str, Any]:
    if meeting.starts_at is None:
        return {}
    wall = local(meeting.starts_at)
    return {"day_1": wall.date(), "time_1": wall.time(), "place_1": meeting.place}


class DateChoice:
    """The content of one date's option."""

    def __init__(self, proposal: DateProposal, clash: Any, passed: bool) -> None:
        self.proposal, self.clash, self.passed = proposal, clash, passed

    def __str__(self) -> str:
        return str(self.proposal)


class OtherDates(Group):
    """Rows of dates that open on demand."""

    template = "meetings/forms/other_dates.html"


class PickForm(AnswerForm, DatesForm):
    """One of the offered dates, or none of them with a text and other dates. Nothing is preselected."""

    helper = PageHelper(
        Stack(
            Choices(
                "answer",
                {NONE_FITS: ["word", OtherDates(*date_rows(optional=True))]},
                template="meetings/forms/date_choices.html",
            )
        )
    )
    word = WordsField(
        label=_("A short message"),
        rows=3,
        max_length=500,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        meeting: Meeting,
        offers: Sequence[DateProposal],
        busy: Sequence[Appointment] = (),
        tell_titles: bool = False,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        """``busy``: the person's appointments; ``tell_titles`` shows their titles beside the options."""
        super().__init__(*args, cohort=meeting.tandem.cohort, now=now, optional=True, **kwargs)
        ahead = [one for one in offers if one.starts_at > now]
        cards = [DateChoice(one, _clash(one, busy, tell_titles), False) for one in ahead]
        answers: list[tuple[str, Any]] = [(str(card.proposal.pk), card) for card in cards]
        answers.append((NONE_FITS, _("None of these suits me")))
        answer = self.fields["answer"]
        answer.choices = answers  # type: ignore[attr-defined]
        answer.label = (
            _("Which date suits you?")
            if meeting.state == MeetingState.PROPOSED
            else _("Would you like to change your answer?")
        )
        answer.error_messages["invalid_choice"] = _("This date is no longer on offer.")
        self.order_fields(["answer", "word", *self._row_names(), "length"])

    def has_rows(self) -> bool:
        """Whether other dates were entered, so that they are shown again."""
        return self.is_bound and any(self.data.get(name) for name in self._row_names())

    def read_rows(self, data: dict[str, Any]) -> None:
        """Other dates count only with “none of them fits”."""
        if data.get("answer") == NONE_FITS:
            super().read_rows(data)
            return
        for name in (*self._row_names(), "length", "word"):
            self.errors.pop(name, None)


def _clash(proposal: DateProposal, busy: Sequence[Appointment], tell_titles: bool) -> Any:
    for one in busy:
        if one.starts_at < proposal.ends_at and proposal.starts_at < one.ends_at:
            if tell_titles:
                return _("clashes with: %(title)s") % {"title": one.title}
            return _("you have another commitment in the programme at that time")
    return ""


class ReportForm(EditForm, forms.Form):
    """Whether the meeting took place. Only one's own former report is preselected."""

    report = forms.ChoiceField(
        label=_("Did the meeting take place?"),
        choices=[
            (Report.HELD, _("Yes, it took place")),
            (Report.MISSED, _("No, it did not take place")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose an answer; nothing has been recorded yet.")},
    )

    def __init__(self, *args: Any, meeting: Meeting, side: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"report": meeting.report_of(side)}
        super().__init__(*args, **kwargs)
        self.audited, self.recorded_as = meeting, {"report": f"reported_by_{side}"}


class CancelForm(forms.Form):
    """An optional reason for cancelling."""

    reason = WordsField(
        label=_("Would you like to say why?"),
        help_text=_("The other person will read this."),
        rows=3,
        max_length=300,
        required=False,
    )


class AgendaForm(EditForm, forms.Form):
    """The subject of the meeting."""

    agenda = WordsField(
        label=_("What would you like to talk about?"),
        help_text=_("Only the two of you can read this."),
        rows=6,
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        kwargs["initial"] = {"agenda": meeting.agenda}
        super().__init__(*args, **kwargs)
        self.audited = meeting
