"""Changing an application that was sent."""

from __future__ import annotations

from typing import Any

from core.forms.edits import EditForm
from mentees import questions
from mentees.forms.applying import ApplicationForm
from mentees.models import Application
from mentees.vocabulary import Offer


class RevisionForm(EditForm, ApplicationForm):
    """The revisable questions, for an application (``with_words``) that was sent."""

    form_id = cohort = notice = None  # what was agreed to stays

    def __init__(self, *args: Any, offer: Offer, application: Application, **kwargs: Any) -> None:
        wished = {
            questions.words_of(one): one.mentor for one in application.wishes.all() if one.mentor
        }
        asked = [one for one in questions.every() if one.revisable]
        self.recorded_as = {name: one.name for one in asked for name in one.names}
        super().__init__(
            *args,
            **kwargs,
            offer=offer.knowing(wished),  # what was linked, or is no longer in the directory, stays
            cohort=application.cohort,
            notice=application.notice,
            initial={
                name: value for one in asked for name, value in one.initial(application).items()
            },
        )
        self.application = self.audited = application

    @staticmethod
    def asks(question: questions.Question) -> bool:
        """Whether the answer may be changed."""
        return question.revisable

    def clean(self) -> dict[str, Any]:
        """The new answers, with those that stay."""
        data = super().clean()
        stays = (one for one in questions.every() if not one.revisable)
        data.update({one.name: one.stored(self.application) for one in stays})
        return data
