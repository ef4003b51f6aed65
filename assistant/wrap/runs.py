"""The runs that are kept: the log of each, and what belongs to it."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from .log import Log, is_written

KEPT = 10
"""Runs; beyond them the oldest goes, unless it is still going on."""


def new_log(folder: Path) -> Log:
    """Starts the log of a run; the oldest runs make room.

    Raises:
        OSError: it cannot be written.
    """
    now = time.time()
    name = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}-{int(now * 1e6) % 1_000_000:06d}-{os.getpid()}.log"
    log = Log(folder / name)
    for old in logs(folder)[KEPT:]:
        with suppress(OSError):
            _forget(old)
    return log


def logs(folder: Path) -> list[Path]:
    """All logs, the newest first."""
    return sorted(folder.glob("*.log"), reverse=True)


def _forget(log: Path) -> None:
    if not is_written(log):
        for suffix in (".log", ".json", ".now"):
            log.with_suffix(suffix).unlink(missing_ok=True)
