"""What holds for the code of every action (promises C2, C3)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("mentoring", "mentors", "mentees", "matching", "workshops", "meetings")
# Calls whose result was read under the lock, or made just now.
LOCKS = {
    "locked",
    "locked_with_cohort",
    "_locked",
    "lock",
    "lock_tandem",
    "_line_up",
    "Application",
}
# Called with what the caller holds locked; each caller is looked at by name.
INNER = {"workshops/actions/places.py:leave", "meetings/actions/dates.py:_cancel"}
LOOPS = {"workshops/actions/places.py:fill"}  # over a queryset that locks


def sources() -> Iterator[Path]:
    for app in APPS:
        yield from (one for one in (ROOT / app).rglob("*.py") if "migrations" not in one.parts)


def moves(path: Path) -> Iterator[tuple[str, str, set[str]]]:
    """(function, name of what is moved, the calls it was assigned from before) for every
    ``TABLE.move(name, …)``."""
    for function in ast.walk(ast.parse(path.read_text())):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "move"
                and isinstance(call.args[0], ast.Name)
            ):
                name = call.args[0].id
                yield function.name, name, set(assigned(function, name, call.lineno))


def assigned(function: ast.FunctionDef, name: str, before: int) -> Iterator[str]:
    for one in ast.walk(function):
        if isinstance(one, ast.Assign) and one.lineno < before:
            names = [part.id for target in one.targets for part in ast.walk(target)
                     if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]  # fmt: skip
            for call in ast.walk(one.value) if name in names else ():
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                    yield call.func.id


def careless() -> list[str]:
    found = []
    for path in sources():
        if "actions" in path.parts or path.name == "actions.py":
            place = str(path.relative_to(ROOT))
            for function, name, calls in moves(path):
                if not calls & LOCKS and f"{place}:{function}" not in INNER | LOOPS:
                    found.append(f"{place}:{function} moves {name} as it was handed in")
    return found


def test_c3_what_an_action_moves_was_read_under_its_lock() -> None:
    assert careless() == []


def test_c3_what_is_moved_unlocked_is_handed_on_by_who_locks() -> None:
    """The exceptions: every call hands in something from a lock of the same function."""
    for inner in INNER:
        place, _, name = inner.partition(":")
        tree = [ast.parse(one.read_text()) for one in (ROOT / place).parent.glob("*.py")]
        callers = [
            function for one in tree for function in ast.walk(one)
            if isinstance(function, ast.FunctionDef) and re.search(
                rf"\b{name}\(", "\n".join(ast.unparse(part) for part in function.body))
        ]  # fmt: skip
        assert callers, inner
        for caller in callers:
            locks = r"\b(?:_?locked|lock|_?lock_\w+|select_for_update)\("
            assert re.search(locks, ast.unparse(caller)), caller.name


def test_c3_control_a_move_of_what_was_handed_in_is_found(tmp_path: Path) -> None:
    code = "def publish(thing, *, by, now):\n    TABLE.move(thing, 'publish', now=now)\n"
    (tmp_path / "a.py").write_text(code)
    assert list(moves(tmp_path / "a.py")) == [("publish", "thing", set())]
    (tmp_path / "a.py").write_text(
        code.replace("    TABLE", "    thing = locked(thing)\n    TABLE")
    )
    assert list(moves(tmp_path / "a.py")) == [("publish", "thing", {"locked"})]


def test_c2_nothing_in_the_product_switches_a_guard_off() -> None:
    """The races are sabotaged from tests/ alone: the product imports no test and knows no such switch."""
    count = 0
    for path in sources():
        text = path.read_text()
        assert not re.search(r"^\s*(?:from|import) tests\b", text, re.M), path
        assert not re.search(r"sabot|skip_lock(?!ed)|SKIP_LOCK|without_guard", text), path
        count += 1
    assert count > 100
