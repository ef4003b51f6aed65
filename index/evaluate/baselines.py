"""Orders to compare with: what one channel gives alone, and what their plain fusion gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from ..channels import Found
from ..fuse import reciprocal_rank
from ..rank import signature_strengths

Baseline = Literal["signature", "lexical", "vector", "fusion"]
BASELINES: tuple[Baseline, ...] = get_args(Baseline)


_DEPTH = 40
"""How many cases of each channel take part."""


def baseline_order(found: Found, baseline: Baseline) -> list[tuple[str, float]]:
    """Case ids with a score between 0 and 1, best first, by one channel or by reciprocal-rank fusion of all."""
    parts: dict[Baseline, Mapping[str, Mapping[str, float]]] = {
        "signature": {"signature": signature_strengths(found)},
        "lexical": found.bm25,
        "vector": found.cosines,
    }
    scores = parts.get(baseline) or {name: scores for part in parts.values() for name, scores in part.items()}
    fused = reciprocal_rank({name: _first_places(one) for name, one in scores.items()}, dict.fromkeys(scores, 1.0))
    return sorted(fused.items(), key=lambda pair: (-pair[1], pair[0]))


def _first_places(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda case: (-scores[case], case))[:_DEPTH]
