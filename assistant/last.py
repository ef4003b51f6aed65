"""The last report, kept redacted, so that a question can be asked about it later."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ..kb.errors import UsageError
from .private_file import replace_file
from .report import Report

_MOST = 60_000
"""Characters that are kept: the end of the report, and before it the initiating error where that is elsewhere."""
_LINE = 4_000
"""Characters in which the first whole line is looked for."""


def keep(report: Report, file: Path) -> None:
    """Keeps a report, in place of the one before. That it cannot be written takes no answer away."""
    from .redact import redacted  # its patterns take some milliseconds, which an answer should not

    with suppress(OSError):
        replace_file(file, redacted(decisive(report)))


def recall(file: Path) -> str:
    """The report that was kept.

    Raises:
        UsageError: none was.
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            "there is no diagnosis to ask about", hint="diagnose a report first: firstaid FILE, then firstaid ask ..."
        ) from None


def decisive(report: Report) -> str:
    """The part of a report that is worth keeping: its end, and the initiating error."""
    text = report.text
    if len(text) <= _MOST:
        return text
    error = report.initiating
    start, end = report.span(error.first, error.last) if error else (0, 0)
    tail = len(text) - _MOST
    tail = text.find("\n", tail, tail + _LINE) + 1 or tail  # half a token would not be known as one
    return text[tail:] if start >= tail else f"{text[start:end]}\n{text[tail:]}"
