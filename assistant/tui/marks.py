"""Which lines of a report count, and why they do."""

from __future__ import annotations

from dataclasses import dataclass

from ..diagnosis import Diagnosis

_SIGN = "line "


@dataclass(frozen=True, slots=True)
class Marks:
    """1-based numbers of the user's lines."""

    error: frozenset[int] = frozenset()
    """Of the initiating error."""
    proof: frozenset[int] = frozenset()
    """By which the case is known."""

    @property
    def first(self) -> int | None:
        """The line to look at first."""
        return min(self.proof or self.error, default=None)

    def of(self, number: int) -> str:
        """ "proof", "error", or "" for a line that does not count."""
        if number in self.proof:
            return "proof"
        return "error" if number in self.error else ""


def marks_of(diagnosis: Diagnosis) -> Marks:
    """The lines that a diagnosis rests on."""
    error = {number for first, last in diagnosis.report.lines for number in range(first, last + 1)}
    return Marks(frozenset(error), frozenset(_quoted(diagnosis)))


def _quoted(diagnosis: Diagnosis) -> set[int]:
    if diagnosis.verdict == "none" or not diagnosis.cases:
        return set()
    reasons = (why for why in diagnosis.cases[0].why if why.startswith(_SIGN))
    return {int(why[len(_SIGN) :].split(":", 1)[0]) for why in reasons}
