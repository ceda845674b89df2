"""The broker of the embedded default: a folder, like kombu's file transport, but safe.

kombu's own stops working when its folder is deleted, may read a message before it is completely written
(which ends the worker), and stores bodies in ``/tmp``. Here a message gets its final name only when it is
complete, is taken by renaming it within the folder, and a missing folder is created again (promise S4). A
message taken by a worker that is then killed is lost, as with kombu's: it only said “deliver what is due”.
"""

from __future__ import annotations

import contextlib
import json
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """Messages as files ``<moment>_<uuid>.<queue>.msg``."""

    def _folder(self) -> Path:
        folder = Path(self.data_folder_in)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _messages(self, queue: str) -> list[Path]:
        """The queue's messages, oldest first."""
        wanted = f"{queue}.msg"
        try:
            found = list(Path(self.data_folder_in).iterdir())
        except FileNotFoundError:
            found = list(self._folder().iterdir())
        return sorted(path for path in found if path.name.partition(".")[2] == wanted)

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        folder = self._folder()
        name = f"{time.time_ns()}_{uuid.uuid4().hex}.{queue}.msg"
        half = folder / f"half-{uuid.uuid4().hex}"
        half.write_text(json.dumps(payload))
        half.replace(folder / name)

    def _get(self, queue: str) -> Any:
        for path in self._messages(queue):
            taken = path.with_name(f"taken-{uuid.uuid4().hex}")
            with contextlib.suppress(OSError, ValueError):  # another worker took it
                path.rename(taken)
                payload = json.loads(taken.read_text())
                taken.unlink()
                return payload
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._messages(queue))

    def _purge(self, queue: str) -> int:
        messages = self._messages(queue)
        for path in messages:
            path.unlink(missing_ok=True)
        return len(messages)

    def _queue_bind(self, *args: Any) -> None:
        self.control_folder.mkdir(parents=True, exist_ok=True)
        super()._queue_bind(*args)


class Transport(filesystem.Transport):
    """``folder://``"""

    Channel = Channel
    driver_name = "folder"
