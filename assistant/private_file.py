"""Files for their owner alone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_OWNER_ONLY = 0o600


def replace_file(file: Path, text: str) -> None:
    """Puts a text in place of what the file held, wholly or not at all.

    Raises:
        OSError: it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    work = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        _write(work, os.O_TRUNC, text)
        work.replace(file)
    except OSError:
        with suppress(OSError):
            work.unlink(missing_ok=True)
        raise


def append_line(file: Path, line: str) -> None:
    """Adds a line at the end.

    Raises:
        OSError: it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(file, os.O_APPEND, f"{line}\n")


def _write(file: Path, mode: int, text: str) -> None:
    data = text.encode("utf-8", "replace")
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | mode, _OWNER_ONLY), "wb") as opened:
        opened.write(data)
