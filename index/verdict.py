"""A first verdict and labels from the ranked cases, by rules that a person can read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from .rank import Hit

Verdict = Literal["match", "possible", "none"]

_PROVEN = 1.0
"""Signature strength of a root signature in the initiating error."""
_FOUND = 0.8
"""Signature strength of a root signature elsewhere: it may be a warning that has nothing to do with the error."""
_HINTED = 0.3
_SURE_COSINE = 0.80
_MARGIN = 0.05
"""So much nearer than the next case a wording must be to prove one: an out-of-memory line is near to many."""
_LIKELY_COSINE = 0.52
_LIKELY_BM25 = 20.0
"""Asked only where vectors are out of reach."""


_SHARPNESS = 4
"""The power of a case's score that it votes with: the first case decides unless others are close behind it."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A label and how much of the vote it has, 0 to 1; None where nothing is known."""

    label: str | None
    score: float


def judge(hits: Sequence[Hit], *, foreign: bool = False) -> Verdict:
    """Whether the first case is the one (match), may be (possible), or nothing is known (none).

    Of a foreign report, whose error has nothing to do with this field, only a signature says anything: some wording is
    always near.
    """
    if not hits:
        return "none"
    if foreign and hits[0].signature < _HINTED:
        return "none"
    first = hits[0]
    if _proven(first, hits) or _stands_out(first, hits[1:]):
        return "match"
    return "possible" if first.signature >= _HINTED or _likely(first, hits) else "none"


def _proven(first: Hit, hits: Sequence[Hit]) -> bool:
    return first.signature >= _PROVEN or (first.signature >= _FOUND and _likely(first, hits))


def _stands_out(first: Hit, others: Sequence[Hit]) -> bool:
    next_cosine = max((hit.cosine for hit in others), default=0.0)
    return first.cosine >= _SURE_COSINE and first.cosine - next_cosine >= _MARGIN


def _likely(first: Hit, hits: Sequence[Hit]) -> bool:
    if any(hit.cosine for hit in hits):
        return first.cosine >= _LIKELY_COSINE
    return first.bm25 >= _LIKELY_BM25


def vote(hits: Sequence[Hit], label: Callable[[Hit], str]) -> Vote:
    """The label that the cases found agree on most, each counting by a power of its score."""
    shares: dict[str, float] = {}
    for hit in hits:
        shares[label(hit)] = shares.get(label(hit), 0.0) + hit.score**_SHARPNESS
    if not shares:
        return Vote(None, 0.0)
    best = max(shares, key=lambda name: shares[name])
    return Vote(best, round(shares[best] / sum(shares.values()), 3))
