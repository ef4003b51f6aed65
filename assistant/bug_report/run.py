"""What is known of the run that failed, from the records of `firstaid run`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..wrap.record import Record, read_record


@dataclass(frozen=True, slots=True)
class Run:
    """A run, and how often the same command failed before it, among the runs that are kept."""

    record: Record
    failed_before: int


def run_of(log: Path) -> Run | None:
    """The run that wrote this log; None where nothing is kept of it."""
    from ..wrap.runs import logs  # only where runs can be kept

    record = read_record(log)
    if record is None:
        return None
    earlier = (read_record(other) for other in logs(log.parent) if other.name < log.name)
    return Run(record, sum(1 for other in earlier if other and _failed(other) and other.command == record.command))


def _failed(record: Record) -> bool:
    return bool(record.exit_code or record.signal)
