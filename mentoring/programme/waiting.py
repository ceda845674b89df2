"""What waits for whom: the cue on a participant's page, and the items on the coordinators' desk.

Each app says in its ``waiting.py`` what waits: ``cues(user, now)`` for what is the person's to do,
``waits(user, now)`` for what others have to do next and until when, ``desk_items(user, now)`` for
coordinators. The pages on the top floor put them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Cue:
    """What is this person's to do next (“Ihr Einsatz”).

    ``template`` is the body inside the cue's frame, with the primary button; it gets ``context``.
    Of several cues the page shows the one with the earliest deadline in the yellow frame (those
    without a deadline last) and names the others in a sentence with ``url``.
    """

    title: Any
    url: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    deadline: datetime | None = None


@dataclass(frozen=True)
class Wait:
    """What somebody else does next: a whole sentence that names who and, where there is a deadline, until
    when. Both sides of a step see the same day."""

    sentence: Any
    deadline: datetime | None = None


@dataclass(frozen=True)
class DeskItem:
    """A number, what it is, the way there. ``urgent`` marks what is late or needs a person today."""

    count: int
    title: Any
    detail: Any
    url: str
    urgent: bool = False
