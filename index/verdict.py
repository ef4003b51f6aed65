"""The verdict and the labels, from the probabilities of the ranked cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from .rank import Hit, Ranking, Weights, load_weights

Verdict = Literal["match", "possible", "none"]


@dataclass(frozen=True, slots=True)
class Vote:
    """A label and how much of the vote it has, 0 to 1; None where nothing is known."""

    label: str | None
    score: float


def judge(ranking: Ranking, weights: Weights | None = None) -> Verdict:
    """Whether the first case is the one (match), may be (possible), or nothing is known (none)."""
    weights = weights or load_weights()
    if not ranking.hits or ranking.foreign >= weights.none:
        return "none"
    return "match" if ranking.hits[0].score >= weights.match else "possible"


def vote(hits: Sequence[Hit], label: Callable[[Hit], str]) -> Vote:
    """The most probable label: each case found speaks for its own with its probability."""
    shares: dict[str, float] = {}
    for hit in hits:
        shares[label(hit)] = shares.get(label(hit), 0.0) + hit.score
    if not shares:
        return Vote(None, 0.0)
    best = max(shares, key=lambda name: shares[name])
    return Vote(best, round(shares[best] / sum(shares.values()), 3))


def lean(hits: Sequence[Hit]) -> float:
    """Whether the cases found concern training (1) or running a model (-1), each counting with its probability."""
    total = sum(hit.score for hit in hits)
    return sum(hit.score * hit.facts.training for hit in hits) / total if total else 0.0
