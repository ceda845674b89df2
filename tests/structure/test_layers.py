"""Imports go down only, and import-linter notices the opposite."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mentoring import PACKAGES

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).parent / "lint-imports"


def lint(where: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINTER), "--no-cache", "--config", "pyproject.toml"],
        cwd=where,
        env={**os.environ, "PYTHONPATH": str(where)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources to spoil."""
    where = tmp_path_factory.mktemp("project")
    for app in PACKAGES:
        shutil.copytree(ROOT / app, where / app, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", where)
    return where


def test_the_layers_hold_as_they_stand(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("mentors/spoiled.py", "from matching import models"),  # upward
        ("workshops/spoiled.py", "from matching import models"),  # sideways
        (
            "outbox/spoiled.py",
            "def f():\n    from accounts import models",
        ),  # lazy
        ("core/audit/spoiled.py", "from core import verbs"),  # in a circle
        ("mentoring/operations/spoiled.py", "from mentoring.devtools import run"),
        ("matching/engine/spoiled.py", "import django"),
        ("core/links/spoiled.py", "from programme import models"),
    ],
)
def test_an_import_that_does_not_go_down_is_refused(copy: Path, file: str, line: str) -> None:
    spoiled = copy / file
    spoiled.write_text(line + "\n")
    try:
        assert lint(copy).returncode != 0
    finally:
        spoiled.unlink()


def test_no_module_asks_the_app_registry_for_a_model_it_may_not_import() -> None:
    asking = [
        str(path.relative_to(ROOT))
        for app in PACKAGES
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and "get_model(" in path.read_text()
    ]
    assert asking == []


def test_string_foreign_keys_name_people_and_cohorts_alone() -> None:
    import django.apps
    from django.db.models import ForeignKey

    allowed = {"accounts.User", "programme.Cohort"}
    below = {"links", "audit", "outbox"}
    for model in django.apps.apps.get_models():
        if not model.__module__.startswith(PACKAGES):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and model._meta.app_label in below:
                target = field.related_model._meta.label
                assert target in allowed or target.split(".")[0] in below, f"{model} → {target}"
