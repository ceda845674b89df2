"""Every small fault that can be put into one source: found in its syntax tree, written as one replacement.

``faults(path, source)`` lists them in the order of the source. The kinds:

- ``filter``: a condition of ``filter()`` or ``exclude()`` is dropped, a queryset method that narrows too
- ``negate``, ``half``: a condition is turned round, or loses one part of its ``and``/``or``
- ``boundary``: ``<`` becomes ``<=`` and so on, ``__lt`` too; ``number``: a constant is one more
- ``drop``: a statement that only does something, a value that is written; ``lock``: ``select_for_update``
- ``swap``: mentee and mentor, ``min`` and ``max``, plus and minus change places
- ``return``: a function that returns nothing does nothing; ``refuse``: a rule no longer says no
- ``utc``: the day or hour is taken in UTC instead of Berlin

Not among them are the length of a column (``max_length``: a longer one harms nobody, and that the models say
what the migrations do is asked by ``makemigrations --check`` in ``make check``, not by the suite) and the
values of a ``MailKind``: label and sample, of which examples are made and nothing is sent, and flags.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

ALL = frozenset(
    ["filter", "negate", "half", "boundary", "number", "drop", "lock", "swap", "return", "refuse", "utc"]
)  # fmt: skip
SCOPING = frozenset({"filter"})
# Methods of our querysets that leave rows out; replaced by all().
NARROWING = frozenset(
    [
        "about",
        "ahead",
        "coordinated_by",
        "due",
        "held",
        "live",
        "needs_a_person",
        "of_tandem_members",
        "overdue",
        "reserving",
        "unanswered",
        "visible",
        "without_place",
        "taking_part",
        "active",
        "published",
        "upcoming",
    ]
)
SWAPPED = {
    "mentee": "mentor", "mentor": "mentee", "MENTEE": "MENTOR", "MENTOR": "MENTEE",
    "mentee_id": "mentor_id", "mentor_id": "mentee_id", "min": "max", "max": "min",
}  # fmt: skip
BOUNDARY = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">"}
LOOKUPS = {"lt": "lte", "lte": "lt", "gt": "gte", "gte": "gt"}
LOCAL = {"local": "", "localtime": "", "localdate": ".date()"}  # call → what reads UTC instead
# Calls of no consequence for anybody: nothing to notice.
QUIET = {"log", "logger", "logging", "checkpoints", "warnings"}


@dataclass(frozen=True)
class Fault:
    """One replacement: bytes ``start`` to ``end`` of the source become ``after``."""

    path: str
    line: int
    kind: str
    start: int
    end: int
    before: str
    after: str
    function: str = ""

    def applied(self, source: str) -> str:
        """The source with the fault in it."""
        raw = source.encode()
        return (raw[: self.start] + self.after.encode() + raw[self.end :]).decode()

    def told(self) -> str:
        """file:line, what was there and what stands there now, on one line."""
        before, after = " ".join(self.before.split()), " ".join(self.after.split())
        return f"{self.path}:{self.line} [{self.kind}] {before[:90]} → {after[:90] or '(nothing)'}"


def faults(path: str, source: str, kinds: frozenset[str] = ALL) -> list[Fault]:
    """All faults of these kinds in the source of ``path``, each place and replacement once."""
    found = {}
    for one in _Finder(path, source).all():
        if one.kind in kinds and one.before != one.after:
            found.setdefault((one.start, one.end, one.after), one)
    return sorted(found.values(), key=lambda one: (one.start, one.end, one.after))


class _Finder:
    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.raw = source.encode()
        self.tree = ast.parse(source)
        starts = [0]
        for line in self.raw.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        self.starts = starts
        self.function = ""

    def all(self) -> Iterator[Fault]:
        yield from self._walk(self.tree, "")

    def _walk(self, node: ast.AST, function: str) -> Iterator[Fault]:
        self.function = function
        yield from self._at(node)
        for child in ast.iter_child_nodes(node):
            inner = function
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inner = f"{function}.{child.name}".strip(".")
            if isinstance(child, ast.Assert | ast.arguments) or _typing_only(child):
                continue
            if isinstance(child, ast.keyword) and child.arg == "max_length":
                continue
            if isinstance(node, ast.Call) and _name(node.func) == "MailKind":
                continue
            yield from self._walk(child, inner)

    # ── places ───────────────────────────────────────────────────────────────
    def _span(self, node: ast.AST) -> tuple[int, int]:
        start = self.starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = self.starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        return start, end

    def _text(self, node: ast.AST) -> str:
        start, end = self._span(node)
        return self.raw[start:end].decode()

    def _fault(self, kind: str, node: ast.AST, after: str) -> Fault:
        start, end = self._span(node)
        line: int = node.lineno  # type: ignore[attr-defined]
        before = self.raw[start:end].decode()
        return Fault(self.path, line, kind, start, end, before, after, self.function)

    # ── kinds ────────────────────────────────────────────────────────────────
    def _at(self, node: ast.AST) -> Iterator[Fault]:
        match node:
            case ast.Call():
                yield from self._call(node)
            case ast.Compare(ops=[op], left=left, comparators=[right]) if type(op) in BOUNDARY:
                after = f"{self._text(left)} {BOUNDARY[type(op)]} {self._text(right)}"
                yield self._fault("boundary", node, after)
            case ast.BoolOp():
                yield from self._halves(node)
            case ast.Constant(value=int(number)) if type(number) is int and number > 0:
                yield self._fault("number", node, str(number + 1))
            case ast.Constant(value=str(text)) if text in ("mentee", "mentor"):
                yield self._fault("swap", node, repr(SWAPPED[text]))
            case ast.Attribute(attr=name, value=owner) if name in SWAPPED:
                yield self._fault("swap", node, f"{self._text(owner)}.{SWAPPED[name]}")
            case ast.BinOp(op=ast.Add() | ast.Sub(), left=left, right=right) if _of_time(node):
                sign = "-" if isinstance(node.op, ast.Add) else "+"
                yield self._fault("swap", node, f"{self._text(left)} {sign} {self._text(right)}")
            case ast.Raise():
                yield self._fault("refuse", node, "pass")
            case ast.FunctionDef():
                yield from self._early(node)
        yield from self._conditions(node)
        yield from self._statements(node)

    def _call(self, node: ast.Call) -> Iterator[Fault]:
        name = _name(node.func)
        if name in LOCAL and len(node.args) == 1:
            yield self._fault("utc", node, f"({self._text(node.args[0])}){LOCAL[name]}")
        if isinstance(node.func, ast.Name) and name in ("min", "max") and len(node.args) > 1:
            yield self._fault("swap", node.func, SWAPPED[name])
        if not isinstance(node.func, ast.Attribute):
            return
        owner = self._text(node.func.value)
        if name == "select_for_update":
            yield self._fault("lock", node, owner)
        elif name in NARROWING and name != "all":
            yield self._fault("filter", node, f"{owner}.all()")
        elif name in ("filter", "exclude"):
            yield from self._conditions_of_query(node, owner)

    def _conditions_of_query(self, node: ast.Call, owner: str) -> Iterator[Fault]:
        parts = [*node.args, *node.keywords]
        for dropped in parts:
            left = ", ".join(self._text(part) for part in parts if part is not dropped)
            whole = self._text(node.func) + f"({left})"
            bare = owner if not owner.endswith(".objects") else f"{owner}.all()"
            yield self._fault("filter", node, whole if left else bare)
        for keyword in node.keywords:
            stem, _, lookup = (keyword.arg or "").rpartition("__")
            if lookup in LOOKUPS:
                after = f"{stem}__{LOOKUPS[lookup]}={self._text(keyword.value)}"
                yield self._fault("boundary", keyword, after)

    def _halves(self, node: ast.BoolOp) -> Iterator[Fault]:
        word = " and " if isinstance(node.op, ast.And) else " or "
        for dropped in node.values:
            rest = [f"({self._text(part)})" for part in node.values if part is not dropped]
            yield self._fault("half", node, word.join(rest))

    def _conditions(self, node: ast.AST) -> Iterator[Fault]:
        tests: list[ast.expr] = []
        if isinstance(node, ast.If | ast.IfExp):
            tests = [node.test]
        elif isinstance(node, ast.comprehension):
            tests = node.ifs
        for test in tests:
            yield self._fault("negate", test, f"not ({self._text(test)})")

    def _statements(self, node: ast.AST) -> Iterator[Fault]:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            if _root(call.func) not in QUIET and _name(call.func) != "__init__":
                yield self._fault("drop", node, "pass")
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute):
            yield self._fault("drop", node, "pass")
        elif isinstance(node, ast.Assign):
            yield from self._old_value_kept(node)

    def _old_value_kept(self, node: ast.Assign) -> Iterator[Fault]:
        """``a.x = a.y = v`` and ``a.x, a.y = v, w``: each attribute once keeps what it had."""
        if len(node.targets) > 1:
            for dropped in node.targets:
                if isinstance(dropped, ast.Attribute):
                    rest = [self._text(one) for one in node.targets if one is not dropped]
                    yield self._fault("drop", node, " = ".join([*rest, self._text(node.value)]))
        elif isinstance(node.targets[0], ast.Attribute):
            yield self._fault("drop", node, "pass")
        elif isinstance(node.targets[0], ast.Tuple):
            for dropped in node.targets[0].elts:
                if isinstance(dropped, ast.Attribute):
                    rest = [
                        "_" if one is dropped else self._text(one) for one in node.targets[0].elts
                    ]
                    yield self._fault("drop", node, f"{', '.join(rest)} = {self._text(node.value)}")

    def _early(self, node: ast.FunctionDef) -> Iterator[Fault]:
        returns_nothing = isinstance(node.returns, ast.Constant) and node.returns.value is None
        body = [one for one in node.body if not _is_docstring(one)]
        if returns_nothing and body and not _is_generator(node):
            first, last = body[0], body[-1]
            start, end = self._span(first)[0], self._span(last)[1]
            before = self.raw[start:end].decode()
            name = f"{self.function}".strip(".")
            yield Fault(self.path, first.lineno, "return", start, end, before, "return", name)


def _typing_only(node: ast.AST) -> bool:
    """Annotations and texts of a class say nothing that could be done wrongly here."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and (
        node.test.id == "TYPE_CHECKING"
    )  # fmt: skip


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_generator(node: ast.FunctionDef) -> bool:
    return any(isinstance(one, ast.Yield | ast.YieldFrom) for one in ast.walk(node))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return getattr(node, "id", "")


def _of_time(node: ast.BinOp) -> bool:
    """Whether a sum is about time: one of its sides is ``now``, a timedelta or named like a span."""
    words = ("now", "timedelta", "moment", "_at", "_days", "_hours", "LEASE", "LONGEST", "_by")
    text = ast.unparse(node)
    return any(word in text for word in words) and not isinstance(node.left, ast.Constant)
