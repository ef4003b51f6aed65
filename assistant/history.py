"""Earlier diagnoses, redacted, on this machine only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .diagnosis import Diagnosis
from .last import decisive
from .private_file import replace_file
from .report import Report
from .safe import one_line

MOST = 200
"""Entries that are kept; beyond them the oldest goes."""
_LONG = 300
"""Characters of an error that are kept."""
_PATIENCE = 2.0
"""Seconds to wait for another application that is writing."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One diagnosis; no case where nothing was found."""

    when: str
    """ISO time in UTC."""
    verdict: str
    case: str | None
    title: str | None
    error: str | None
    text: str
    """The report, redacted, its decisive part."""


class History:
    """The entries of a file. One application at a time changes it; what it cannot read in it, it leaves out."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def add(self, report: Report, diagnosis: Diagnosis) -> None:
        """Keeps a diagnosis. That it cannot be written takes no answer away.

        A text that only continues the newest, or goes back in it, takes its place: its user was still typing. A text
        that was there before moves to the top.
        """
        entry = _entry(report, diagnosis)
        with suppress(OSError), self._changing():
            kept = self._read()
            if kept and _continues(kept[-1].text, entry.text):
                kept.pop()
            kept = [one for one in kept if one.text != entry.text]
            self._write([*kept, entry])

    def entries(self) -> list[HistoryEntry]:
        """What is kept, the newest first."""
        return self._read()[::-1]

    def remove(self, entry: HistoryEntry) -> None:
        """Forgets one.

        Raises:
            OSError: the file cannot be written, or another application does not let go of it.
        """
        with self._changing():
            self._write([one for one in self._read() if one != entry])

    def clear(self) -> None:
        """Forgets all.

        Raises:
            OSError: the file cannot be removed, or another application does not let go of it.
        """
        with self._changing():
            self.file.unlink(missing_ok=True)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        from filelock import FileLock  # not needed to read

        self.file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.file.with_name(f"{self.file.name}.lock"), timeout=_PATIENCE, mode=0o600):
            yield

    def _read(self) -> list[HistoryEntry]:
        try:
            lines = self.file.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return []
        return [entry for line in lines if line and (entry := _parsed(line))]

    def _write(self, entries: list[HistoryEntry]) -> None:
        lines = (json.dumps(asdict(entry), ensure_ascii=False) for entry in entries[-MOST:])
        replace_file(self.file, "".join(f"{line}\n" for line in lines))


def error_of(report: Report) -> str | None:
    """The initiating error on one line, redacted; None where the report shows none."""
    from .redact import redacted  # its patterns take some milliseconds, which a start should not

    error = report.initiating
    if error is None:
        return None
    named = error.kind == "exception" and error.message  # the names of others are ours
    return redacted(one_line(f"{error.name}: {error.message}" if named else error.message or error.name))[:_LONG]


def now() -> str:
    """The time as entries have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _entry(report: Report, diagnosis: Diagnosis) -> HistoryEntry:
    from .redact import redacted

    case = diagnosis.cases[0] if diagnosis.cases and diagnosis.verdict != "none" else None
    return HistoryEntry(
        when=now(),
        verdict=diagnosis.verdict,
        case=case.id if case else None,
        title=case.title if case else None,
        error=error_of(report),
        text=redacted(decisive(report)),
    )


def _continues(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _parsed(line: str) -> HistoryEntry | None:
    try:
        entry = HistoryEntry(**json.loads(line))
        datetime.fromisoformat(entry.when)
    except (ValueError, TypeError, RecursionError):
        return None
    return entry if _sound(asdict(entry)) else None


def _sound(fields: dict[str, Any]) -> bool:
    optional = {"case", "title", "error"}
    return all(isinstance(value, str) or (value is None and name in optional) for name, value in fields.items())
