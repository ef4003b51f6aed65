"""A first verdict and labels from the ranked cases, by rules that a person can read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from .search import Hit

Verdict = Literal["match", "possible", "none"]

_PROVEN = 0.8
"""Signature strength from which a root signature was found."""
_HINTED = 0.3
_SURE_COSINE = 0.80
_LIKELY_COSINE = 0.52


@dataclass(frozen=True, slots=True)
class Vote:
    """A label and how much of the vote it has, 0 to 1; None where nothing is known."""

    label: str | None
    score: float


def judge(hits: Sequence[Hit]) -> Verdict:
    """Whether the first case is the one (match), may be (possible), or nothing is known (none)."""
    if not hits:
        return "none"
    first = hits[0]
    if first.signature >= _PROVEN or first.cosine >= _SURE_COSINE:
        return "match"
    if first.signature >= _HINTED or first.cosine >= _LIKELY_COSINE:
        return "possible"
    return "none"


def vote(hits: Sequence[Hit], label: Callable[[Hit], str]) -> Vote:
    """The label that the cases found agree on most, each counting by the square of its score."""
    shares: dict[str, float] = {}
    for hit in hits:
        shares[label(hit)] = shares.get(label(hit), 0.0) + hit.score**2
    if not shares:
        return Vote(None, 0.0)
    best = max(shares, key=lambda name: shares[name])
    return Vote(best, round(shares[best] / sum(shares.values()), 3))
