"""The document of all state tables, generated from the tables."""

from __future__ import annotations

from django.apps import apps
from django.utils import translation

from core.states import StatefulModel


def document() -> str:
    """The text of ``docs/states.md``: a diagram and a list of verbs per table."""
    parts = [
        "# States",
        "",
        "Made by `make manage CMD='write_docs'` from the tables in each app's `states.py`; a test compares.",
    ]
    models = [model for model in apps.get_models() if issubclass(model, StatefulModel)]
    with translation.override("en"):
        for model in sorted(models, key=lambda one: one._meta.label):
            table = model.TABLE
            parts += ["", f"## {str(table.noun).capitalize()}", "", f"`{model._meta.label}`", ""]
            parts += ["```mermaid", table.mermaid(), "```", "", "| state | word |", "| --- | --- |"]
            parts += [f"| `{state.name}` | {state.label} |" for state in table.states.values()]
    return "\n".join(parts) + "\n"
