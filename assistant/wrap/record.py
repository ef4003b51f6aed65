"""What is known of a run, beside its log."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ..private_file import replace_file
from ..redact import redacted_command
from .interpreter import interpreter_of


@dataclass(frozen=True, slots=True)
class Record:
    """A run: still going on, or broken off, where it has no end."""

    command: list[str]
    """Redacted."""
    folder: str | None
    """Where it was started, unless that was removed."""
    started: str
    """ISO time in UTC, as `ended`."""
    interpreter: str | None
    """The Python that ran, where that is known."""
    environment: str | None
    """The virtual or conda environment of that Python."""
    ended: str | None = None
    exit_code: int | None = None
    signal: str | None = None
    """The name of the signal that killed it."""

    def ending(self, code: int) -> Record:
        """The record of the run, ended with an exit code, or by the signal of this negative number."""
        killed = signal.Signals(-code).name if code < 0 else None
        return replace(self, ended=_now(), exit_code=code if code >= 0 else None, signal=killed)


def begun(command: Sequence[str]) -> Record:
    """The record of a command that has just started here."""
    found = interpreter_of(command)
    return Record(
        command=redacted_command(command),
        folder=_folder(),
        started=_now(),
        interpreter=str(found.executable) if found else None,
        environment=str(found.environment) if found and found.environment else None,
    )


def write_record(log: Path, record: Record) -> None:
    """Keeps what is known of a run. That it cannot be written keeps nobody from running anything."""
    with suppress(OSError):
        replace_file(log.with_suffix(".json"), json.dumps(asdict(record), ensure_ascii=False, indent=2) + "\n")


def read_record(log: Path) -> Record | None:
    """What is known of a run; None where that cannot be read."""
    try:
        return Record(**json.loads(log.with_suffix(".json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _folder() -> str | None:
    try:
        return str(Path.cwd())
    except OSError:
        return None
