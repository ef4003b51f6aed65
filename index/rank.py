"""Weighs what the channels found: from named features to the probability that a case is the one.

A conditional logit over the cases found and two further outcomes: another failure of this field, and none at all. Its
weights stand in `ranker.toml`; `assistant/train_ranker.py` makes them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import tomli

from .channels import Found
from .features import Features, case_features, query_features
from .query import Query
from .signature import Match
from .store import CaseFacts

WEIGHTS = Path(__file__).with_name("ranker.toml")
_HEAD = "# Made by `python -m firstaid.assistant.train_ranker`; what each name means stands in features.py."
_STRENGTH = {("root", True): 1.0, ("root", False): 0.8, ("hint", True): 0.45, ("hint", False): 0.3}
_CASCADE = 0.05


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each feature counts, and from which probability on something is said."""

    case: Mapping[str, float]
    unknown: Mapping[str, float]
    foreign: Mapping[str, float]
    match: float
    """A case this probable is the answer."""
    none: float
    """A report that is so probably of another field gets none."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A case found, how probably it is the one (0 to 1), and what each channel said of it."""

    facts: CaseFacts
    score: float
    signature: float
    """0 to 1: 1 where a root signature stands in the initiating error."""
    cosine: float
    """Of its text that is nearest to the query; 0 where vectors are out of reach."""
    matches: tuple[Match, ...] = ()

    @property
    def id(self) -> str:
        """The case's id."""
        return self.facts.id


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every case that any channel found, best first; with the two other outcomes the probabilities add up to 1."""

    hits: tuple[Hit, ...]
    unknown: float
    """How probably it is a failure of this field that is in none of the cases found."""
    foreign: float
    """How probably it is no failure of this field."""


@cache
def load_weights(path: Path = WEIGHTS) -> Weights:
    """The weights shipped with the package."""
    data = tomli.loads(path.read_text(encoding="utf-8"))
    return Weights(data["case"], data["unknown"], data["foreign"], **data["verdict"])


def write_weights(weights: Weights, path: Path = WEIGHTS) -> None:
    """Writes the weights as a person can read them, the heaviest first."""
    parts = {"case": weights.case, "unknown": weights.unknown, "foreign": weights.foreign}
    lines = [_HEAD]
    for part, values in parts.items():
        lines += ["", f"[{part}]", *(f"{name} = {value:.3f}" for name, value in sorted(values.items(), key=_heaviest))]
    lines += ["", "[verdict]", f"match = {weights.match:.3f}", f"none = {weights.none:.3f}", ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def _heaviest(item: tuple[str, float]) -> float:
    return -abs(item[1])


def rank(found: Found, query: Query, facts: Mapping[str, CaseFacts], weights: Weights | None = None) -> Ranking:
    """How probable each case is, and each of the two other outcomes."""
    whole = query_features(found, query)
    chances = probabilities(case_features(found, query, facts), whole, weights or load_weights())
    cosines, signatures = found.cosines, signature_strengths(found)
    hits = (
        Hit(
            facts=facts[case],
            score=score,
            signature=signatures.get(case, 0.0),
            cosine=max((scores.get(case, 0.0) for scores in cosines.values()), default=0.0),
            matches=tuple(found.matches.get(case, ())),
        )
        for case, score in chances.cases.items()
    )
    ordered = tuple(sorted(hits, key=lambda hit: (-hit.score, hit.id)))
    return Ranking(ordered, chances.unknown, chances.foreign)


def shifted(ranking: Ranking, shifts: Mapping[str, float]) -> Ranking:
    """The ranking with something added to the logits of some cases; the probabilities add up to 1 again.

    Args:
        ranking: as `rank` made it.
        shifts: case id -> what to add: 0.7 doubles the odds of a case, -2.5 divides them by 12.
    """
    if not any(shifts.values()):
        return ranking
    raised = {hit.id: hit.score * math.exp(shifts.get(hit.id, 0.0)) for hit in ranking.hits}
    total = sum(raised.values()) + ranking.unknown + ranking.foreign
    hits = (replace(hit, score=raised[hit.id] / total) for hit in ranking.hits)
    ordered = tuple(sorted(hits, key=lambda hit: (-hit.score, hit.id)))
    return Ranking(ordered, ranking.unknown / total, ranking.foreign / total)


@dataclass(frozen=True, slots=True)
class Chances:
    """The probability of each case and of the two other outcomes; they add up to 1."""

    cases: dict[str, float]
    unknown: float
    foreign: float


def probabilities(cases: Mapping[str, Features], query: Features, weights: Weights) -> Chances:
    """The softmax over the weighed features of each choice."""
    logits = {case: _weighed(features, weights.case) for case, features in cases.items()}
    others = (_weighed(query, weights.unknown), _weighed(query, weights.foreign))
    highest = max(*logits.values(), *others)
    total = sum(math.exp(logit - highest) for logit in (*logits.values(), *others))
    unknown, foreign = (math.exp(logit - highest) / total for logit in others)
    return Chances({case: math.exp(logit - highest) / total for case, logit in logits.items()}, unknown, foreign)


def _weighed(features: Features, weights: Mapping[str, float]) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


def signature_strengths(found: Found) -> dict[str, float]:
    """How much the signatures found say for each case, 0 to 1."""
    return {case: max(map(strength, matches)) for case, matches in found.matches.items()}


def strength(match: Match) -> float:
    """How much one signature found says, 0 to 1."""
    return _STRENGTH.get((match.role, match.at_error), _CASCADE)
