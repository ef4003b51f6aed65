"""The rows of the heat map: a tree of symptoms, each with the failures by top-level root cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from .labels import branches, depth, leaf, parent

Cells = Mapping[str, Mapping[str, int]]
"""Symptom in full -> top-level root cause -> failures."""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A symptom, or a label above it, with what stands behind it."""

    symptom: str
    """Empty: all of them."""
    counts: Mapping[str, int]
    parts: int = 0
    """How many labels stand directly beneath."""

    @property
    def total(self) -> int:
        """Failures of this row."""
        return sum(self.counts.values())

    @property
    def name(self) -> str:
        """The last part of its label."""
        return leaf(self.symptom) or "All symptoms"

    @property
    def depth(self) -> int:
        """How many labels stand above."""
        return depth(self.symptom)


def heat_rows(cells: Cells) -> list[HeatRow]:
    """All rows: first the sum, then each label followed by those beneath it, the most frequent first."""
    sums = _sums(cells)
    beneath: dict[str, list[str]] = {}
    for label in sums:
        if label:
            beneath.setdefault(parent(label), []).append(label)
    return [HeatRow(label, sums[label], len(beneath.get(label, ()))) for label in _walk("", sums, beneath)]


def unfolded(rows: list[HeatRow], opened: Collection[str]) -> list[HeatRow]:
    """The rows that are seen when only those labels are open."""
    return [row for row in rows if all(above in opened for above in branches(row.symptom)[:-1])]


def _sums(cells: Cells) -> dict[str, Counter[str]]:
    sums: dict[str, Counter[str]] = {"": Counter()}
    for symptom, counts in cells.items():
        for label in ("", *branches(symptom)):
            sums.setdefault(label, Counter()).update(counts)
    return sums


def _walk(label: str, sums: Mapping[str, Counter[str]], beneath: Mapping[str, list[str]]) -> Iterator[str]:
    yield label
    for part in sorted(beneath.get(label, ()), key=lambda part: -sums[part].total()):
        yield from _walk(part, sums, beneath)
