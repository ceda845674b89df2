"""The folder of the embedded default (VAR_DIR): database, mails, broker and keys. Imports no settings."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from pathlib import Path

from mentoring.startup_checks import KEYS, refuse

DEFAULT = Path(__file__).resolve().parents[2] / "var"


def named() -> Path:
    """The folder named in the environment, resolved as in the settings."""
    return Path(os.environ.get("VAR_DIR", str(DEFAULT))).resolve()


def prepare(var: Path) -> None:
    """Creates the folder and its initial files; existing files stay. Of several simultaneous processes the
    first creates the keys. Exits with one sentence where the folder is not writable."""
    try:
        for folder in (var, var / "mail", var / "broker", var / "broker-control"):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"VAR_DIR {var} lässt sich nicht anlegen ({error.strerror}); einen Ordner setzen.")
    path = var / KEYS
    if path.exists():
        return
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps([secrets.token_urlsafe(48), secrets.token_urlsafe(48)]))
    fresh.chmod(0o600)
    with contextlib.suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


if __name__ == "__main__":
    prepare(named())
