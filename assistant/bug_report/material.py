"""What a bug report is written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..diagnosis import Diagnosis
from ..machine.fact import FactGroup
from ..redact import redacted
from ..report import Line, Report, read_report
from .run import Run


@dataclass(frozen=True, slots=True)
class Material:
    """All of it but report and diagnosis may be missing."""

    report: Report
    diagnosis: Diagnosis
    facts: Sequence[FactGroup] = ()
    tried: Sequence[str] = ()
    run: Run | None = None
    unhelpful: Sequence[str] = ()
    """The cases of which was said that they do not help with this error."""

    @property
    def is_prose(self) -> bool:
        """Whether the report is a description, without any error in it."""
        return self.report.initiating is None and 2 * len(self.report.words) >= len(self.report.text)

    @property
    def machine(self) -> Literal["run", "elsewhere", "machine"]:
        """Which machine the facts are of: that of the run, another one than failed, or perhaps the same."""
        environment = self.diagnosis.environment
        if environment and not environment.here:
            return "elsewhere"
        return "run" if self.run else "machine"

    def without_secrets(self) -> Material:
        """The same with a redacted report: a secret of several lines is not recognised once lines are taken out."""
        return replace(self, report=_redacted(self.report))


def _redacted(report: Report) -> Report:
    text = redacted(report.text)
    lines = text.split("\n")
    if len(lines) != len(report.lines):
        return read_report(text)
    numbered = (Line(old.number, new) for old, new in zip(report.lines, lines, strict=True))
    return replace(report, text=text, lines=tuple(numbered), words=redacted(report.words))
