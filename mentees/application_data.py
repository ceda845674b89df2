"""What is filled in for an application, as form, commands and tests pass it to the verbs."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from django.db.models import Model

from mentees import questions


class ApplicationData(dict[str, Any]):
    """A value for each question by its name (``mentees/questions``).

    Relations are tuples: vocabulary entries, ranked ones by priority; a wish is a mentor of the pool or a
    name. ``email`` is normalised. An optional question may be left out. Raises TypeError for an unknown name
    and for one that is missing.
    """

    def __init__(self, **values: Any) -> None:
        asked = {one.name: one for one in questions.every()}
        blanks = {name: one.blank for name, one in asked.items() if one.optional}
        super().__init__({**blanks, **values})
        if wrong := self.keys() ^ asked.keys():
            raise TypeError(f"missing or unknown: {', '.join(sorted(wrong))}")

    def key(self, form_id: uuid.UUID, cohort_id: uuid.UUID) -> uuid.UUID:
        """Identifies a repeated post: the same form, cohort and values (promise C8).

        A form that is sent again with a corrected address has another key and is stored.
        """
        content = {name: _plain(value) for name, value in self.items()}
        text = json.dumps([str(cohort_id), content], sort_keys=True, ensure_ascii=False)
        return uuid.uuid5(form_id, hashlib.sha256(text.encode()).hexdigest())


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return str(value.pk)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
