"""Tells case files that are as they were from changed ones by name, size and time, as `make` and git do.

Reading and hashing a thousand files takes longer than the search in them. What was read once is remembered by its
stamp; files without a remembered stamp are read.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_MEMORY = "stamps.json"
_KEPT = 16
_SETTLED = 2.0
"""Seconds after a change from which on a further change surely has another time: clocks of file systems are coarse."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the files of some folders look like from outside."""

    value: str
    newest: float
    """When the last one was changed, as seconds since 1970."""

    @classmethod
    def of(cls, folders: Sequence[Path]) -> Stamp:
        """The stamp of all case files in these folders; a folder that is not there has none."""
        entries = [entry for folder in folders for entry in _entries(str(folder))]
        newest = max((changed for _, _, changed in entries), default=0)
        return cls(hashlib.sha256(repr(sorted(entries)).encode()).hexdigest(), newest / 1e9)


def _entries(folder: str) -> Iterator[tuple[str, int, int]]:
    with suppress(OSError), os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                yield from _entries(entry.path)
            elif entry.name.endswith(".toml"):
                about = entry.stat()
                yield entry.path, about.st_size, max(about.st_mtime_ns, about.st_ctime_ns)


def recall(cache: Path, stamp: Stamp) -> str | None:
    """The content key of the files with this stamp, if they were read before."""
    return _memory(cache).get(stamp.value)


def remember(cache: Path, stamp: Stamp, content: str) -> None:
    """Keeps the content key of the files with this stamp; files changed just now are not taken for settled."""
    if time.time() - stamp.newest < _SETTLED:
        return
    kept = list({**_memory(cache), stamp.value: content}.items())[-_KEPT:]
    work = cache / f"{_MEMORY}.{os.getpid()}"
    with suppress(OSError):  # it saves time only
        work.write_text(json.dumps(dict(kept)), encoding="utf-8")
        work.replace(cache / _MEMORY)


def _memory(cache: Path) -> dict[str, str]:
    try:
        found = json.loads((cache / _MEMORY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
