"""Joins the rankings of several channels into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_DAMPING = 20
"""The constant k of reciprocal-rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009 use 60): with some hundred cases
and few results a smaller one lets first places count."""


def reciprocal_rank(rankings: Mapping[str, Sequence[str]], weights: Mapping[str, float]) -> dict[str, float]:
    """Case id -> fused score between 0 and 1, where 1 is the first place in every channel.

    Args:
        rankings: for each channel the case ids, best first.
        weights: how much each channel counts; one that is not named counts nothing.
    """
    possible = sum(weights.get(channel, 0.0) for channel in rankings) / (_DAMPING + 1)
    scores: dict[str, float] = {}
    for channel, ranking in rankings.items():
        weight = weights.get(channel, 0.0)
        for place, case in enumerate(ranking, start=1):
            scores[case] = scores.get(case, 0.0) + weight / (_DAMPING + place)
    return {case: score / possible for case, score in scores.items()} if possible else scores
