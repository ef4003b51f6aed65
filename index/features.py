"""What ranking looks at: for each case found, named numbers that say how well it fits a query."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ..kb.taxonomy import top_level
from ..kb.vocabulary import load_vocabulary
from .channels import Found
from .embed import MISS
from .query import Query
from .signature import Match
from .store import CaseFacts

Features = dict[str, float]
"""Feature name -> value, mostly 0 to 1; a feature that is not named is 0."""

_FIELDS = ("title", "ask", "sample", "cause")
_CAP = 60.0
"""BM25 beyond it says no more."""
_LONG = 120
"""So many characters matched by a signature are as good as more."""
_MIDDLING = 0.7
"""Taken for the nearest cosine where vectors are out of reach."""
_SPREAD = 5.0
"""Differences of cosines are small; a ridge would hold their weights too low."""
_SAMPLE = 8000
"""So many characters at either end of a report are searched for programs of other fields."""
_LOUD = ("Crash", "Loading Failure")
"""Symptoms that print an error."""


@dataclass(frozen=True, slots=True)
class _Cosines:
    """What the vectors say to one part of a query."""

    near: Mapping[str, Mapping[str, float]]
    floor: float
    best: float

    @classmethod
    def of(cls, near: Mapping[str, Mapping[str, float]]) -> _Cosines:
        every = [cosine for fields in near.values() for cosine in fields.values()]
        return cls(near, min(every, default=0.0), max(every, default=0.0))


def case_features(found: Found, query: Query, facts: Mapping[str, CaseFacts]) -> dict[str, Features]:
    """The features of every case that takes part, by id."""
    lexical = {part: (scores, _best(scores)) for part, scores in found.bm25.items()}
    vectors = {part: _Cosines.of(near) for part, near in found.near.items()}
    agreement = Agreement(query)
    proven = found.proven
    return {
        case: {
            **dict(_lexical(case, lexical)),
            **dict(_vector(case, vectors)),
            **dict(_signature(found.matches.get(case, ()))),
            "proven_alone": float(proven == {case}),
            **agreement.with_case(facts[case]),
        }
        for case in _candidates(found)
    }


def query_features(found: Found, query: Query) -> Features:
    """What speaks of the whole query: whether anything is near it at all, and whether it is of this field."""
    named = set(query.stack) - load_vocabulary().general
    elsewhere = len(set(_elsewhere().findall(f"{query.text[:_SAMPLE]} {query.text[-_SAMPLE:]}".lower())))
    return {
        "bias": 1.0,
        "nearest_error": _nearest(found, "vector_error", query.error),
        "nearest_words": _nearest(found, "vector_words", query.words),
        "bm25_error": _cap(_best(found.bm25.get("lexical_error", {}))),
        "bm25_words": _cap(_best(found.bm25.get("lexical_words", {}))),
        "has_error": float(bool(query.error)),
        "names_program": float(bool(named)),
        "names_model": float(bool(query.models)),
        "names_nothing": float(not (query.stack or query.models)),
        "error_of_no_program": float(bool(query.error) and not (named or query.models)),
        "names_elsewhere": min(elsewhere, 3) / 3,
        "only_elsewhere": float(elsewhere > 0 and not (named or query.models)),
        "signed": float(any(match.role in ("root", "hint") for matches in found.matches.values() for match in matches)),
    }


def _nearest(found: Found, part: str, text: str) -> float:
    if text.strip() and not found.near:
        return _MIDDLING
    return _Cosines.of(found.near.get(part, {})).best


@cache
def _elsewhere() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, load_vocabulary().elsewhere), key=len, reverse=True))
    return re.compile(rf"(?<![a-z0-9_.-])(?:{names})(?![a-z0-9_-])")


def _candidates(found: Found) -> set[str]:
    return set(found.matches).union(*found.bm25.values(), *found.cosines.values()) - found.disowned


def _best(scores: Mapping[str, float]) -> float:
    return max(scores.values(), default=0.0)


def _cap(bm25: float) -> float:
    return min(bm25, _CAP) / _CAP


def _lexical(case: str, lexical: Mapping[str, tuple[Mapping[str, float], float]]) -> Iterator[tuple[str, float]]:
    for part, (scores, best) in lexical.items():
        if score := scores.get(case):
            yield part, _cap(score)
            yield f"{part}_share", score / best
            yield f"{part}_place", 1 / (1 + sum(other > score for other in scores.values()))


def _vector(case: str, vectors: Mapping[str, _Cosines]) -> Iterator[tuple[str, float]]:
    for part, cosines in vectors.items():
        fields = cosines.near.get(case, {})
        own = {field: cosine for field, cosine in fields.items() if field != MISS}
        best = max(own.values(), default=cosines.floor)
        yield f"{part}_behind", best - cosines.best
        yield from ((f"{part}_{field}", own[field] - cosines.floor) for field in _FIELDS if field in own)
        yield f"{part}_fields", len(own) / len(_FIELDS)
        alike = fields.get(MISS, 0.0)
        if alike > best:
            yield f"{part}_miss", (alike - best) * _SPREAD


def _signature(matches: Sequence[Match]) -> Iterator[tuple[str, float]]:
    yield from ((f"{match.role}_at_error" if match.at_error else f"{match.role}_elsewhere", 1.0) for match in matches)
    telling = [match for match in matches if match.role != "cascade"]
    if telling:
        yield "signatures", min(len(telling) - 1, 3) / 3
        yield "signature_length", min(max(match.end - match.start for match in telling), _LONG) / _LONG


class Agreement:
    """What a query names, and whether a case concerns the same."""

    def __init__(self, query: Query) -> None:
        self._general = load_vocabulary().general
        self._query = query
        self._stack = set(query.stack) - self._general

    def with_case(self, facts: CaseFacts) -> Features:
        """What the case and the query have in common, and where they contradict each other."""
        return {**self._programs(facts), **self._labels(facts), **self._names(facts)}

    def _programs(self, facts: CaseFacts) -> Features:
        own = set(facts.stack) - self._general
        shared = own & self._stack
        return {
            "programs_shared": len(shared) / len(own) if own else 0.0,
            "programs_differ": float(bool(own and self._stack and not shared)),
            "first_program": float(bool(self._query.stack) and self._query.stack[0] in facts.stack),
        }

    def _labels(self, facts: CaseFacts) -> Features:
        loud = top_level(facts.symptom) in _LOUD
        stage = self._query.stage
        return {
            "stage_differs": float(stage is not None and stage not in facts.stage),
            "loud_without_error": float(loud and not self._query.error),
            "quiet_with_error": float(not loud and bool(self._query.error)),
        }

    def _names(self, facts: CaseFacts) -> Features:
        asked, models = set(self._query.exceptions), set(self._query.models)
        return {
            "same_exception": float(bool(asked & facts.exceptions)),
            "other_exception": float(bool(asked and facts.exceptions) and not asked & facts.exceptions),
            "same_model": float(bool(facts.models & models)),
            "other_model": float(bool(facts.models and models) and not facts.models & models),
        }
