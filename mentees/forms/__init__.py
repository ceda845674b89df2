"""Forms of the app: ``applying`` and ``revising`` for students, ``desk`` for the coordinators' verbs."""

from mentees.forms.applying import NO_ID, ApplicationForm
from mentees.forms.desk import (
    AcceptForm,
    LeaveForm,
    MoveTalkForm,
    RejectForm,
    TalkForm,
    WaitForm,
    WishesForm,
)
from mentees.forms.revising import RevisionForm

__all__ = [
    "NO_ID",
    "AcceptForm",
    "ApplicationForm",
    "LeaveForm",
    "MoveTalkForm",
    "RejectForm",
    "RevisionForm",
    "TalkForm",
    "WaitForm",
    "WishesForm",
]
