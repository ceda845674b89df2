"""Where something is let through into a page without being escaped: ``make check`` and ``tests/structure`` ask.

Nothing that comes from data is safe. Words of our own that hold markup are marked where they are written,
by ``format_html`` with a constant format; templates mark nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from mentoring import PACKAGES

# A text that is no HTML has nothing to escape.
PLAIN_TEMPLATES = {"templates/outbox/mail.txt"}
READERS = {
    # The three small markups that are read line by line; each escapes every word before it adds its own tags.
    "outbox/render.py": {"_rich"},
    "core/templatetags/ui.py": {"prose"},
    "programme/texts.py": {"compose"},
    # Cells of a list, each of them escaped before.
    "backoffice/list_rows.py": {"table_rows"},
    # A form as its templates wrote it, with one id put in place of another.
    "mentees/views.py": {"_blank_form"},
}
IN_TEMPLATES = re.compile(r"\|\s*(safe|safeseq)\b|\{%-?\s*autoescape\s+off\b")
MARKS = {"mark_safe", "SafeString", "SafeText", "html_safe"}
FORMATS = {"format_html", "format_html_join"}
GETTEXT = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy", "ngettext", "ngettext_lazy"}


def problems(root: Path) -> list[str]:
    """One line per place that lets something through unescaped: file, line, what."""
    found = []
    for path in sorted((root / "templates").rglob("*.*")):
        name = path.relative_to(root).as_posix()
        if name not in PLAIN_TEMPLATES:
            found += [f"{name}:{line}: {what}" for line, what in in_template(path.read_text())]
    for app in PACKAGES:
        for path in sorted((root / app).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            known = READERS.get(name, set())
            found += [f"{name}:{line}: {what}" for line, what in in_python(path.read_text(), known)]
    return found


def in_template(text: str) -> Iterator[tuple[int, str]]:
    """(line, what) for every filter or block of a template that switches escaping off."""
    for number, line in enumerate(text.splitlines(), 1):
        for hit in IN_TEMPLATES.finditer(line):
            yield number, f"{hit[0].strip()}: mark words of your own where they are written"


def in_python(text: str, readers: set[str]) -> Iterator[tuple[int, str]]:
    """(line, what) for every mark on something that is no constant and every format that is none; functions
    named in ``readers`` may mark."""
    tree = ast.parse(text)
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name in readers
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "__html__":
            yield node.lineno, "__html__: nothing but format_html says what is safe"
        if not isinstance(node, ast.Call) or id(node) in inside:
            continue
        called = _name(node.func)
        if called in MARKS and node.args and not _constant(node.args[0]):
            yield node.lineno, f"{called} of what is no constant: use format_html"
        if called in FORMATS and not (node.args and _constant(node.args[0])):
            yield node.lineno, f"{called} with a format that is no constant"


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _constant(node: ast.expr) -> bool:
    """Whether it is words that stand here: a text, a translation of one, a constant that was marked."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.Call) and _name(node.func) in GETTEXT | {"mark_safe"}:
        texts = node.args[:2] if _name(node.func).startswith(("ng", "pg")) else node.args[:1]
        return all(_constant(one) for one in texts)
    return False
