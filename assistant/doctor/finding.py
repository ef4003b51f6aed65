"""What the doctor finds: a conflict, what shows it, what comes of it, and the cure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["broken", "limited", "risky"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One conflict that can be seen without any error given."""

    id: str
    """Of the rule; the same conflict has the same one on every machine."""
    severity: Severity
    """broken: something fails; limited: something works less than it could; risky: something may fail."""
    title: str
    evidence: list[str]
    """What was read, a sentence for each fact."""
    consequence: str
    do: str
    packages: list[str] = field(default_factory=list)
    """Those that it is about."""
    run: str | None = None
    """Shown, never run."""
    case: str | None = None
    """The case that explains it."""
    sources: list[str] = field(default_factory=list)
