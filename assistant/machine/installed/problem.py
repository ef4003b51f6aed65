"""One thing that is wrong with what is installed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ProblemKind = Literal[
    "duplicate",
    "shadowed",
    "user-site",
    "half-removed",
    "broken-metadata",
    "code-missing",
    "metadata-missing",
    "pip-and-conda",
    "mixed-cuda",
    "torch-family",
    "cpu-only-torch",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where that is seen, and what cures it."""

    kind: ProblemKind
    sentence: str
    packages: tuple[str, ...]
    """Those that it is about, as package indexes write them."""
    evidence: Path
    cure: str | None = None
    """A command for a POSIX shell that deletes nothing without asking."""
