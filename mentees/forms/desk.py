"""The forms of the coordinators' verbs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import (
    LineField,
    NearDateField,
    NearMomentField,
    WordsField,
)
from core.forms.edits import EditForm
from core.forms.layout import PageHelper, Stack, Unmarked
from core.times import local, wall_time
from mentees import decision_deadline
from mentees.models import Application
from mentees.vocabulary import label
from mentors.models import Mentor

DAY: dict[str, Any] = {"type": "date", "aria-label": _("Day")}
TIME: dict[str, Any] = {"type": "time", "aria-label": _("Time")}


class TalkForm(forms.Form):
    """Time and place of the selection talk."""

    talk_at = NearMomentField(
        label=_("When is the interview?"),
        help_text=_(
            "The decision is due at least a week after it; the applicant can see this date."
        ),
        widget=forms.SplitDateTimeWidget(
            date_attrs=DAY,
            time_attrs=TIME,
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
        error_messages={"required": _("Please give the date and time.")},
    )
    talk_place = LineField(
        label=_("Where?"),
        help_text=_("A room, or the address of a video call."),
        max_length=200,
        error_messages={"required": _("Please say where the interview will take place.")},
    )

    @staticmethod
    def initial_for(application: Application, now: datetime) -> dict[str, Any]:
        """The present talk, else ten o'clock on the first future working day of the talks."""
        day = local(now).date() + timedelta(days=7)
        if application.cohort.talks_from and application.cohort.talks_from > local(now).date():
            day = application.cohort.talks_from
        day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
        ahead = application.talk_at if application.talk_at and application.talk_at > now else None
        return {
            "talk_at": ahead or wall_time(day, time(10, 0)),
            "talk_place": application.talk_place,
        }


class MoveTalkForm(EditForm, TalkForm):
    """Another time or place for a talk that was announced."""

    @staticmethod
    def initial_for(application: Application, now: datetime) -> dict[str, Any]:
        """The present talk."""
        return {"talk_at": application.talk_at, "talk_place": application.talk_place}


class AcceptForm(forms.Form):
    """Whether to accept the application beyond the number of places."""

    beyond_places = forms.BooleanField(
        label=_("Accept even if all places are taken"), required=False
    )


class WaitForm(forms.Form):
    """The end of the waiting list for an application."""

    decide_on = NearDateField(
        label=_("Until which day?"),
        help_text=_("The applicant is told to expect an answer by then in any case."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @staticmethod
    def initial_for(application: Application, now: datetime) -> dict[str, date]:
        """The first day of the cohort, or the usual time for a decision from now."""
        return {
            "decide_on": local(decision_deadline.waiting_list_ends(application.cohort, now)).date()
        }


class RejectForm(forms.Form):
    """An optional text for the mail."""

    words = WordsField(
        label=_("Your own message"),
        help_text=_(
            "It appears in the email above our standard text and is not kept anywhere else."
        ),
        max_length=1500,
        rows=4,
        required=False,
    )


class MentorChoice(forms.ModelChoiceField):
    """A mentor of the network, with profession and state to tell equal names apart."""

    def label_from_instance(self, obj: Mentor) -> str:
        """Name, profession and state."""
        return f"{label(obj)} ({obj.state_word().label})"


class WishesForm(forms.Form):
    """The mentor for each wish by name. ``initial["wishes"]`` holds the wishes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        network = Mentor.objects.in_network().order_by("name")
        for wish in self.initial.get("wishes", ()):
            self.fields[f"wish_{wish.rank}"] = MentorChoice(
                network,
                label=_("Who is “%(name)s”?") % {"name": wish.name},
                empty_label=_("nobody in our network"),
                required=False,
            )
        self.helper = PageHelper(Stack(Unmarked(*self.fields)))

    def clean(self) -> dict[str, Any]:
        """The chosen mentors. Raises ValidationError when none is chosen."""
        data = super().clean() or {}
        if not any(data.values()) and not self.errors:
            raise forms.ValidationError(_("Please choose at least one person."), code="nobody")
        return data

    @staticmethod
    def initial_for(application: Application, now: datetime) -> dict[str, Any]:
        """The wishes by name; a mentor is preselected if no other mentor has exactly that name."""
        wishes = list(application.wishes.by_name())
        known: dict[str, Any] = {"wishes": wishes}
        for wish in wishes:
            namesakes = list(Mentor.objects.in_network().filter(name__iexact=wish.name)[:2])
            if len(namesakes) == 1:
                known[f"wish_{wish.rank}"] = namesakes[0]
        return known


class LeaveForm(forms.Form):
    """Why the mentee leaves."""

    reason = LineField(
        label=_("Reason"),
        help_text=_("Only the coordinators read this; a few words are enough."),
        max_length=200,
        required=False,
    )
