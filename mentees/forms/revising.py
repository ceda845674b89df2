"""Changing the answers of an application that was sent."""

from __future__ import annotations

from typing import Any

from backoffice.edit_conflicts import EditForm
from mentees.application_data import PLAIN
from mentees.forms.applying import PARTS, TOPICS, WISHES, ApplicationForm, ShownPart
from mentees.models import Application, MentorWish
from mentees.vocabulary import Offer, label


class RevisionForm(EditForm, ApplicationForm):
    """The same questions for an application that was sent. Its address and its consent stay unchanged."""

    recorded_as = dict.fromkeys(TOPICS, "topics") | dict.fromkeys(WISHES, "wishes")
    STAYS = ("form_id", "cohort", "notice", "email", "agree")

    def __init__(self, data: Any, *, offer: Offer, application: Application) -> None:
        wished = {_words_of(one): one.mentor for one in application.wishes.all() if one.mentor}
        super().__init__(
            data,
            offer=offer.knowing(wished),  # what was linked, or is no longer in the directory, stays
            cohort=application.cohort,
            notice=application.notice,
            initial=_answered(application),
        )
        self.application = self.audited = application
        for name in self.STAYS:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The new answers, with the unchanged address and consent."""
        data = super().clean()
        data.update(email=self.application.applicant.email, notice=self.application.notice)
        return data

    def parts(self) -> list[ShownPart]:
        """The parts that still contain questions."""
        shown = [
            ShownPart(part, [self[name] for name in part.fields if name in self.fields], None, None)
            for part in PARTS
        ]
        return [one for one in shown if one.fields]


def _answered(application: Application) -> dict[str, Any]:
    """The answers of an application (``with_words``) as initial values of the form."""
    known: dict[str, Any] = {
        name: getattr(application, name)
        for name in PLAIN
        if name not in ("subject", "degree", "notice")
    }
    known.update(subject=application.subject_id, degree=application.degree_id)
    for name in ("career_fields", "languages"):
        known[name] = [one.pk for one in getattr(application, name).all()]
    topics = [one.topic_id for one in application.topics.all()]
    wishes = [_words_of(one) for one in application.wishes.all()]
    known.update(zip(TOPICS, topics, strict=False))
    known.update(zip(WISHES, wishes, strict=False))
    return known


def _words_of(wish: MentorWish) -> str:
    """A wish as its applicant may see it."""
    return label(wish.mentor) if wish.mentor and wish.is_told else wish.name
