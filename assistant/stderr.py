"""All of stderr, and what an exit code means. stdout carries the answer only."""

from __future__ import annotations

import sys
from enum import IntEnum
from typing import TYPE_CHECKING

from .safe import printable

if TYPE_CHECKING:
    from ..kb.errors import FirstaidError


class ExitCode(IntEnum):
    """What the shell is told."""

    ANSWERED = 0
    NOTHING_FOUND = 1
    USAGE = 2
    INDEX = 3
    KNOWLEDGE_BASE = 4
    MISSING = 5
    BUG = 70
    INTERRUPTED = 130


def exit_code_for(error: FirstaidError) -> ExitCode:
    """The exit code of an error of ours."""
    from ..kb import errors  # takes the whole room with it, which `firstaid run` has no time for

    codes = {
        errors.UsageError: ExitCode.USAGE,
        errors.IndexUnavailable: ExitCode.INDEX,
        errors.CaseError: ExitCode.KNOWLEDGE_BASE,
        errors.ExtraMissing: ExitCode.MISSING,
        errors.ModelError: ExitCode.MISSING,
    }
    return next((code for kind, code in codes.items() if isinstance(error, kind)), ExitCode.BUG)


def note(text: str) -> None:
    """One line a person should know of, and a script need not."""
    _write(f"firstaid: {text}\n")


def error(problem: FirstaidError) -> None:
    """What went wrong, where, and the cure."""
    _write(f"firstaid: {problem}\n")


def _write(text: str) -> None:
    if sys.stderr is None:  # started with stderr closed
        return
    try:
        sys.stderr.write(printable(text))
        sys.stderr.flush()
    except (OSError, ValueError):
        pass  # nobody reads stderr; the answer matters more
