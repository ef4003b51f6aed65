"""The verdict and the vote on labels."""

from __future__ import annotations

import pytest

from firstaid.index import Hit, Ranking, judge, vote
from firstaid.index.rank import Weights
from firstaid.index.store import CaseFacts

WEIGHTS = Weights({}, {}, {}, match=0.8, none=0.3)


def hit(case: str = "a", score: float = 0.5) -> Hit:
    symptom = "Crash" if case < "c" else "Hang"
    return Hit(CaseFacts(case, symptom, "cause", ("Inference",), ("torch",)), score, 0.0, 0.0)


@pytest.mark.parametrize(
    ("hits", "foreign", "verdict"),
    [
        ((), 0.0, "none"),
        ((hit(score=0.8),), 0.0, "match"),
        ((hit(score=0.79),), 0.2, "possible"),
        ((hit(score=0.01),), 0.29, "possible"),
        ((hit(score=0.6),), 0.3, "none"),
    ],
)
def test_judge(hits: tuple[Hit, ...], foreign: float, verdict: str) -> None:
    ranking = Ranking(hits, unknown=0.0, foreign=foreign)
    assert judge(ranking, WEIGHTS) == verdict


def test_two_that_agree_outvote_one() -> None:
    found = vote([hit("c", 0.4), hit("a", 0.3), hit("b", 0.3)], lambda one: one.facts.symptom)
    assert found.label == "Crash"
    assert found.score == pytest.approx(0.6)


def test_nobody_votes() -> None:
    assert vote([], lambda one: one.id).label is None
