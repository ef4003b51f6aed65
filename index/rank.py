"""Weighs what the channels found: from scores by channel to one ranking of cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .channels import Found
from .fuse import reciprocal_rank
from .query import Query
from .signature import Match
from .store import CaseFacts

_DEPTH = 40
"""How many cases of each channel take part."""
_WEIGHTS = {"lexical_error": 1.0, "vector_error": 1.0, "lexical_words": 0.8, "vector_words": 1.0}
_STRENGTH = {("root", True): 1.0, ("root", False): 0.8, ("hint", True): 0.45, ("hint", False): 0.3}
_CASCADE = 0.05
_PROOF = 0.92
"""How sure a root signature in the initiating error makes by itself."""
_LIKENESS = 0.5
"""How sure the first place in every other channel makes by itself."""
_SAME_STACK = 0.03
_SAME_STAGE = 0.02
_LOOKS_ALIKE = 0.5
"""What is left of the score of a case whose `miss` sample is nearer than any other of its texts."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A case found, how well it fits (0 to 1), and what each channel said of it."""

    facts: CaseFacts
    score: float
    signature: float
    """0 to 1: 1 where a root signature stands in the initiating error."""
    cosine: float
    """Of its text that is nearest to the query; 0 where vectors are out of reach."""
    bm25: float
    matches: tuple[Match, ...] = ()

    @property
    def id(self) -> str:
        """The case's id."""
        return self.facts.id


def rank(found: Found, query: Query, facts: Mapping[str, CaseFacts]) -> list[Hit]:
    """Every case that any channel found, best first."""
    cosines, warned = found.cosines, found.warned
    signatures = signature_strengths(found)
    fused = reciprocal_rank({name: best_first(scores) for name, scores in {**found.bm25, **cosines}.items()}, _WEIGHTS)
    hits = [
        Hit(
            facts=facts[case],
            score=_score(facts[case], signatures.get(case, 0.0), fused.get(case, 0.0), query, case in warned),
            signature=signatures.get(case, 0.0),
            cosine=max((scores.get(case, 0.0) for scores in cosines.values()), default=0.0),
            bm25=max((scores.get(case, 0.0) for scores in found.bm25.values()), default=0.0),
            matches=tuple(found.matches.get(case, ())),
        )
        for case in signatures.keys() | fused.keys()
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))


def signature_strengths(found: Found) -> dict[str, float]:
    """How much the signatures found say for each case, 0 to 1."""
    return {case: max(map(strength, matches)) for case, matches in found.matches.items()}


def strength(match: Match) -> float:
    """How much one signature found says, 0 to 1."""
    return _STRENGTH.get((match.role, match.at_error), _CASCADE)


def best_first(scores: Mapping[str, float]) -> list[str]:
    """The cases with the highest scores, best first."""
    return sorted(scores, key=lambda case: (-scores[case], case))[:_DEPTH]


def _score(facts: CaseFacts, signature: float, fused: float, query: Query, warned: bool) -> float:
    agreement = _SAME_STACK * bool(set(facts.stack) & set(query.stack)) + _SAME_STAGE * (query.stage in facts.stage)
    likeness = min(1.0, _LIKENESS * fused + agreement) * (_LOOKS_ALIKE if warned else 1.0)
    # Either may be right where the other is wrong (noisy or).
    return 1 - (1 - _PROOF * signature) * (1 - likeness)
