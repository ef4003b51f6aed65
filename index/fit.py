"""Fits the weights of the ranking to examples: a conditional logit by maximum likelihood, with a ridge.

McFadden, "Conditional logit analysis of qualitative choice behavior", 1974. The choices of an example are the cases
found and two that are always there: another failure of this field, and none at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .encoder.base import import_package
from .features import Features

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["case", "unknown", "foreign", "not"]
_SMALL = 1e-12
_RIDGE = 1.0
_STEPS = 400


@dataclass(frozen=True, slots=True)
class Example:
    """A query, what was found for it, and what is right."""

    cases: Mapping[str, Features]
    query: Features
    kind: Kind
    """case: one of `right` is right; unknown or foreign: that outcome is; not: none of `right` is."""
    right: frozenset[str] = frozenset()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights by feature name."""

    case: dict[str, float]
    unknown: dict[str, float]
    foreign: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Table:
    """Examples as arrays: a row for each case of each example, and two for the outcomes that are always there."""

    rows: NDArray[np.float64]
    """(rows, features)"""
    starts: NDArray[np.int64]
    """Where each example begins."""
    example: NDArray[np.int64]
    """Which example each row belongs to."""
    right: NDArray[np.bool_]
    """Rows that are right, or, for "not", that are wrong."""
    inverted: NDArray[np.bool_]
    """Examples of kind "not"."""
    weight: NDArray[np.float64]


def fit(examples: Sequence[Example], ridge: float = _RIDGE) -> Fitted:
    """The weights that make what is right most probable.

    Raises:
        ExtraMissing: scipy cannot be imported.
    """
    import numpy as np

    optimize = import_package("scipy.optimize", hint="pip install 'firstaid-llm[build]'")
    names = _names(examples)
    table = _table(examples, {name: at for at, name in enumerate(names)})

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, slope = _loss(table, weights)
        return value + ridge * float(weights @ weights) / 2, slope + ridge * weights

    found = optimize.minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    weights = dict(zip(names, (float(value) for value in found.x), strict=True))
    return Fitted(*({name: weights[part, name] for part, name in names if part == own} for own in _PARTS))


_PARTS = ("case", "unknown", "foreign")


def _names(examples: Iterable[Example]) -> list[tuple[str, str]]:
    cases: set[str] = set()
    queries: set[str] = set()
    for example in examples:
        cases.update(*example.cases.values())
        queries.update(example.query)
    return [("case", name) for name in sorted(cases)] + [
        (part, name) for part in ("unknown", "foreign") for name in sorted(queries)
    ]


def _table(examples: Sequence[Example], columns: Mapping[tuple[str, str], int]) -> _Table:
    import numpy as np

    counts = [len(example.cases) + 2 for example in examples]
    rows = np.zeros((sum(counts), len(columns)))
    right = np.zeros(sum(counts), bool)
    at = 0
    for example in examples:
        choices = [("case", case, features) for case, features in example.cases.items()]
        choices += [(part, part, example.query) for part in ("unknown", "foreign")]
        wanted = {example.kind} if example.kind in _PARTS[1:] else example.right
        for part, name, features in choices:
            for feature, value in features.items():
                rows[at, columns[part, feature]] = value
            right[at] = name in wanted
            at += 1
    return _Table(
        rows=rows,
        starts=np.cumsum([0, *counts[:-1]]),
        example=np.repeat(np.arange(len(examples)), counts),
        right=right,
        inverted=np.array([example.kind == "not" for example in examples]),
        weight=np.array([example.weight for example in examples]),
    )


def _loss(table: _Table, weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Minus the log likelihood, and its gradient."""
    import numpy as np

    logits = table.rows @ weights
    raised = np.exp(logits - np.maximum.reduceat(logits, table.starts)[table.example])
    share = raised / np.add.reduceat(raised, table.starts)[table.example]
    named = np.add.reduceat(share * table.right, table.starts)  # the probability of what is marked
    likely = np.maximum(np.where(table.inverted, 1 - named, named), _SMALL)
    # d(-log p)/d logit = share - marked share / p, and the same with opposite sign where what is marked is wrong.
    pull = share * (table.right - named[table.example])
    slope = pull * np.where(table.inverted, 1.0, -1.0)[table.example] / likely[table.example]
    value = -float((table.weight * np.log(likely)).sum())
    return value, table.rows.T @ (slope * table.weight[table.example])
