"""Whether a score means what it says: of the answers with a score near 0.7, seven in ten should be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .measures import Outcome, Share

_BINS = 5


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose score lies in one stretch."""

    low: float
    high: float
    mean_score: float | None
    """None where no answer lies here."""
    right: Share


@dataclass(frozen=True, slots=True)
class Calibration:
    """Scores beside what came of them."""

    bins: list[Bin]
    error: float
    """Expected calibration error: mean distance of score and share right over the bins, weighted by their answers."""
    brier: float
    """Mean squared distance of each score from 1 (right) or 0 (wrong)."""


def calibrate(outcomes: Sequence[Outcome]) -> Calibration | None:
    """The calibration of the first cases' scores; None where no answer can be judged.

    An answer to what is no failure of this field is a wrong one, whatever it says.
    """
    judged = [one for one in outcomes if one.right and (one.report.has_fix or not one.report.in_scope)]
    if not judged:
        return None
    pairs = [(one.score, one.report.in_scope and one.first_right == 1) for one in judged]
    bins = [_bin(number / _BINS, (number + 1) / _BINS, pairs) for number in range(_BINS)]
    error = sum(abs((one.mean_score or 0.0) * one.right.of - one.right.hits) for one in bins)
    brier = sum((score - right) ** 2 for score, right in pairs)
    return Calibration(bins, round(error / len(pairs), 3), round(brier / len(pairs), 3))


def _bin(low: float, high: float, pairs: Sequence[tuple[float, bool]]) -> Bin:
    inside = [(score, right) for score, right in pairs if low <= score < high or score == high == 1.0]
    mean = round(sum(score for score, _ in inside) / len(inside), 3) if inside else None
    return Bin(low, high, mean, Share(sum(right for _, right in inside), len(inside)))
