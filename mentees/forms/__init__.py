"""Forms of the app: ``applying`` for students, ``desk`` for the coordinators' verbs."""

from mentees.forms.applying import ApplicationForm, RevisionForm
from mentees.forms.desk import (
    AcceptForm,
    LeaveForm,
    RejectForm,
    TalkForm,
    WaitForm,
    WishesForm,
)

__all__ = [
    "AcceptForm",
    "ApplicationForm",
    "LeaveForm",
    "RejectForm",
    "RevisionForm",
    "TalkForm",
    "WaitForm",
    "WishesForm",
]
