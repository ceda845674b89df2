"""The documents say what is so."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from django.apps import apps
from django.utils import translation

from core.states import StatefulModel
from mentoring.operations.state_diagrams import document

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_that_architecture_md_names_exists() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    table = text.split("## Where do I find the rule that")[1].split("\n## ")[0]
    rows = re.findall(r"^\| … .+\| `([^`]+)` \|$", table, re.M)
    assert len(rows) >= 20
    assert [name for name in rows if not (ROOT / name).exists()] == []


def test_every_link_between_the_documents_leads_somewhere() -> None:
    lost = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text())
        if not target.startswith(("http://", "https://")) and not (path.parent / target).exists()
    ]
    assert lost == []


def test_every_setting_of_the_environment_is_told() -> None:
    read = set(
        re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "mentoring/settings.py").read_text())
    )
    told = (ROOT / "docs/deployment.md").read_text()
    assert {"SECRET_KEY", "TRUSTED_PROXIES"} <= read
    assert (
        sorted(name for name in read if f"`{name}`" not in told and f"`{name}=" not in told) == []
    )


def test_the_diagrams_are_made_from_the_state_tables() -> None:
    assert (ROOT / "docs/states.md").read_text() == document()


def test_every_dependency_is_told_with_what_it_is_for() -> None:
    told = (ROOT / "docs/dependencies.md").read_text().lower()
    for name in ("requirements.in", "requirements-dev.in"):
        for line in (ROOT / name).read_text().splitlines():
            package = re.match(r"[A-Za-z0-9_.-]+", line)
            if package and not line.startswith("-"):
                assert f"| {package[0].lower()} |" in told, package[0]


def test_every_decision_is_short_and_listed() -> None:
    folder = ROOT / "docs/decisions"
    index = (folder / "README.md").read_text()
    for path in folder.glob("*.md"):
        if path.name != "README.md":
            assert path.name in index
            assert len(path.read_text().split()) < 400, path.name


def test_the_table_of_proofs_says_what_is_so() -> None:
    from tests import proof

    assert proof.DOCUMENT.read_text() == proof.document()


def test_every_promise_of_the_project_has_a_test() -> None:
    from tests import proof

    tests = proof.found()
    assert [promise for promise in proof.PROMISES if not tests.get(promise)] == []
    assert [promise for promise in tests if promise not in proof.PROMISES] == []


def test_promises_md_names_the_promises_that_have_a_proof_and_apart_those_that_have_none() -> None:
    from tests import proof

    text = (ROOT / "docs/promises.md").read_text()
    kept, missing = text.split("\n## Not there yet")
    told = re.findall(r"^### ([A-Z]\d+) ", kept, re.M)
    assert told == sorted(proof.PROMISES, key=proof.order)
    open_ones = re.findall(r"^\| ([A-Z]\d+) \|", missing, re.M)
    assert open_ones
    assert [number for number in open_ones if number in proof.PROMISES] == []


def test_every_promise_names_a_test_that_has_its_number() -> None:
    from tests import proof

    tests = proof.found()
    text = (ROOT / "docs/promises.md").read_text()
    for number, body in re.findall(r"^### ([A-Z]\d+) .*\n(.+)$", text, re.M):
        named = set(re.findall(r"`(tests/[^`]+)`", body.split("**Proved by**")[1]))
        assert named & {file for file, _name in tests[number]}, number


def test_every_file_that_promises_md_names_exists() -> None:
    named = re.findall(r"`((?:\w+/)+\w+\.\w+)`", (ROOT / "docs/promises.md").read_text())
    assert len(named) > 100
    assert sorted({name for name in named if not (ROOT / name).exists()}) == []


def test_the_glossary_has_every_object_and_every_state_in_its_own_words() -> None:
    text = (ROOT / "docs/glossary.md").read_text()
    rows = text.splitlines()
    names = [
        re.split(r"`", row)[1] for row in text.split("\n## States")[0].splitlines() if "| `" in row
    ]
    assert names == sorted(names, key=str.lower)
    lost = []
    for model in apps.get_models():
        if not issubclass(model, StatefulModel):
            continue
        meta = model._meta
        with translation.override("de"):
            german = [str(meta.verbose_name)] + [str(s.label) for s in model.TABLE.states.values()]
        with translation.override("en"):
            english = [str(meta.verbose_name)] + [str(s.label) for s in model.TABLE.states.values()]
        codes = [model.__name__, *model.TABLE.states]
        for code, one, other in zip(codes, german, english, strict=True):
            if not any(row.startswith(f"| `{code}` | {one} | {other} |") for row in rows):
                lost.append((model.__name__, code, one, other))
    assert lost == []


def test_no_comment_cites_a_document_that_is_not_in_the_repository() -> None:
    foreign = re.compile(
        r"(design|promises|contract|findings)(\.md)? ?§|(design|contract|findings)\.md"
    )
    named = [
        name
        for name in subprocess.run(
            ["git", "ls-files", "*.py", "*.html", "*.css", "*.js", "*.md", "*.toml"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout.splitlines()
        if name != "tests/structure/test_docs.py" and foreign.search((ROOT / name).read_text())
    ]  # fmt: skip
    assert named == []
