"""Every error that firstaid raises on purpose.

FirstaidError
├── UsageError          the caller asked for something that cannot be done
│   └── InputError      the report could not be read: missing file, directory, nothing in it
├── CaseError           a case file, or a closed list, is faulty
├── IndexUnavailable    the index cannot be built, read or written
├── ExtraMissing        an optional package is not installed or does not import
└── ModelError          a model file is missing, damaged or refused by its runtime

Each says what happened, where, and the cure; nobody should ever need a traceback to understand one. This module imports
nothing of ours.
"""

from __future__ import annotations


class FirstaidError(Exception):
    """What went wrong, where, and what cures it."""

    reference = "firstaid-error"

    def __init__(self, message: str, *, context: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.context = context
        self.hint = hint

    def __str__(self) -> str:
        parts = [self.message]
        if self.context:
            parts.append(f"  where: {self.context}")
        if self.hint:
            parts.append(f"  cure: {self.hint}")
        return "\n".join(parts)


class UsageError(FirstaidError):
    """The caller asked for something that cannot be done."""

    reference = "usage"


class InputError(UsageError):
    """The report could not be read."""

    reference = "unreadable-input"


class CaseError(FirstaidError):
    """A case file, or a closed list of the knowledge base, is faulty."""

    reference = "faulty-knowledge-base"


class IndexUnavailable(FirstaidError):
    """The index cannot be built, read or written."""

    reference = "index-unavailable"


class ExtraMissing(FirstaidError):
    """An optional package is not installed, or is installed and does not import."""

    reference = "missing-extra"


class ModelError(FirstaidError):
    """A model file is missing, damaged, or refused by its runtime."""

    reference = "model-unusable"
