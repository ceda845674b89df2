"""``python -m mentoring.operations.translations``: compiles the translations without gettext or Django."""

from __future__ import annotations

import os
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def compile_all(folder: Path = LOCALE) -> list[Path]:
    """Writes a ``.mo`` beside each ``.po`` below ``folder`` that has none or an older one; returns those
    written. Files are replaced atomically. Raises OSError for a syntax error in a ``.po``."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        half = target.with_suffix(f".{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(half))
        half.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_all()
