"""`python -m matching.engine plan PROBLEM.json [-o PLAN.json]` (docs/matching.md).

Exit 0 with the plan, or exit 2 with one sentence on stderr and no file.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from matching.engine.errors import ProblemError
from matching.engine.output import as_dict
from matching.engine.problem import read_problem

WRONG_INPUT = 2


class _Parser(argparse.ArgumentParser):
    """Says one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        raise ProblemError(f"{message}; usage: plan PROBLEM.json [-o PLAN.json]")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    try:
        parser = _Parser(prog="python -m matching.engine", description="Plan a matching.")
        commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
        command = commands.add_parser("plan", help="read PROBLEM.json, write the plan")
        command.add_argument("problem", type=Path, metavar="PROBLEM.json")
        command.add_argument("-o", "--output", type=Path, metavar="PLAN.json")
        chosen = parser.parse_args(arguments)
        found = as_dict(read_problem(chosen.problem).plan())
        text = json.dumps(found, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
        if chosen.output is None:
            sys.stdout.buffer.write(text.encode())
            sys.stdout.flush()
        else:
            _write(chosen.output, text.encode())
    except ProblemError as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return WRONG_INPUT
    except MemoryError:
        sys.stderr.write("The problem is too large for this machine's memory.\n")
        return WRONG_INPUT
    return 0


def _write(path: Path, data: bytes) -> None:
    """All or nothing: beside the goal first, then in its place; devices are written directly."""
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(name, 0o666 & ~umask)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no valid name"
        raise ProblemError(f"the plan can't be written ({reason}).", place=str(path)) from None


if __name__ == "__main__":
    sys.exit(main())
