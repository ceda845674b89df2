"""Nothing that comes from data is let through into a page unescaped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db.models import CharField, Field, TextField
from django.test import Client

from core.audit.models import AuditEvent
from programme.models import Vocabulary
from tests import markup
from tests.access import matrix, world
from tests.access.matrix import GROUPS
from tests.access.test_matrix import address
from tests.access.world import World
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = ("<meta http-equiv=refresh>", "\"'><script>q1</script><b>")
# Columns whose values are words of the code, not of people.
NAMES = {"code", "kind", "page", "verb", "version", "dedupe_key", "object_type", "actor_role", "fingerprint"}  # fmt: skip


def test_no_template_and_no_function_marks_what_is_no_constant() -> None:
    assert markup.problems(ROOT) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ field.help_text|safe }}",
        "{{ x | safe }}",
        "{{ names|safeseq|join:', ' }}",
        "{% autoescape off %}{{ x }}{% endautoescape %}",
    ],
)
def test_control_a_template_that_marks_is_found(text: str) -> None:
    assert len(list(markup.in_template(f"<p>\n{text}"))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "mark_safe(name)",
        "safestring.mark_safe(f'<b>{name}</b>')",
        "SafeString('<b>' + name)",
        "format_html(name)",
        "format_html(f'<b>{name}</b>')",
        "format_html('<b>%s</b>' % name)",
        "format_html_join(sep, '{}', rows)",
        "class A:\n    def __html__(self): return self.name",
    ],
)
def test_control_a_function_that_marks_is_found(text: str) -> None:
    assert len(list(markup.in_python(text, set()))) == 1


def test_constants_and_translations_of_constants_may_be_formats() -> None:
    for text in ("mark_safe('<br>')", "format_html(_('<b>{}</b>'), name)", "format_html('{}', x)"):
        assert list(markup.in_python(text, set())) == []


# ── what is shown ────────────────────────────────────────────────────────────
def written(model: Any) -> Iterator[Field]:
    """The columns of a model that hold what people wrote."""
    for field in model._meta.concrete_fields:
        free = type(field) in (CharField, TextField) and not field.choices and not field.unique
        room = (field.max_length or 1000) >= max(len(one) for one in HOSTILE)
        if free and room and field.name not in NAMES and model._meta.app_label != "sessions":
            yield field


@pytest.fixture
def full_world(db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    settings.MAIL_URL = tmp_path.as_uri()
    with time_machine.travel(NOW, tick=False):
        yield world.build()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_page_lets_markup_of_people_through(
    client: Client, full_world: World, hostile: str
) -> None:
    """In every word of every row, vocabulary first of all: public, signed in, on the desk."""
    fields = 0
    for model in apps.get_models():
        if model is AuditEvent:
            continue  # nobody writes words there, and PostgreSQL refuses to change it
        if model._meta.label in full_world.own or issubclass(model, Vocabulary):
            values = {field.name: hostile for field in written(model)}
            model._base_manager.update(**values) if values else None  # type: ignore[func-returns-value]
            fields += len(values)
    assert fields > 50
    for subject in apps.get_model("programme.StudySubject")._base_manager.all():
        subject.may_apply = (
            False  # the form names those that may not apply in a sentence of its own
        )
        subject.save()
    seen, wrong = 0, []
    for role in ("anonymous", "applicant", "mentee", "mentor", "coordinator"):
        world.enter(client, full_world, role)
        for group in GROUPS:
            for name, page in GROUPS[group].items():
                if page.own[role] != "P" or page.acts or group == "dev":
                    continue
                shown = client.get(
                    address(name, page, matrix.objects(full_world, page)["own"], full_world)
                )
                text = b"" if shown.streaming else shown.content
                seen += b"q1" in text or b"equiv=refresh" in text
                if hostile.strip("\"'>").encode() in text:
                    wrong.append(f"{role}: {name}")
        client.logout()
    assert wrong == []
    assert seen > 40
