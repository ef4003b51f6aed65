"""The first verdict and the vote on labels."""

from __future__ import annotations

import pytest

from firstaid.index import Hit, judge, vote
from firstaid.index.store import CaseFacts


def hit(case: str = "a", *, score: float = 0.5, signature: float = 0.0, cosine: float = 0.0, bm25: float = 0.0) -> Hit:
    symptom = "Crash" if case < "c" else "Hang"
    return Hit(CaseFacts(case, symptom, "cause", ("Inference",), ("torch",)), score, signature, cosine, bm25)


@pytest.mark.parametrize(
    ("hits", "verdict"),
    [
        ([], "none"),
        ([hit(signature=1.0)], "match"),
        ([hit(signature=0.8, cosine=0.6)], "match"),
        ([hit(signature=0.8, cosine=0.3)], "possible"),
        ([hit(signature=0.8, bm25=25.0)], "match"),
        ([hit(signature=0.45)], "possible"),
        ([hit(signature=0.05)], "none"),
        ([hit(cosine=0.9), hit("b", cosine=0.5)], "match"),
        ([hit(cosine=0.9), hit("b", cosine=0.88)], "possible"),
        ([hit(cosine=0.6)], "possible"),
        ([hit(cosine=0.3, bm25=99.0)], "none"),
        ([hit(bm25=30.0)], "possible"),
        ([hit(bm25=3.0)], "none"),
    ],
)
def test_judge(hits: list[Hit], verdict: str) -> None:
    assert judge(hits) == verdict


def test_of_a_foreign_report_only_a_signature_says_anything() -> None:
    assert judge([hit(cosine=0.95), hit("b", cosine=0.5)], foreign=True) == "none"
    assert judge([hit(signature=0.45)], foreign=True) == "possible"
    assert judge([hit(signature=1.0)], foreign=True) == "match"


def test_two_that_agree_outvote_one() -> None:
    found = vote([hit("c", score=0.55), hit("a", score=0.5), hit("b", score=0.5)], lambda one: one.facts.symptom)
    assert found.label == "Crash"
    assert found.score == pytest.approx(0.125 / 0.2165, abs=1e-3)


def test_nobody_votes() -> None:
    assert vote([], lambda one: one.id).label is None
