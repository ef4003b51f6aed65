"""How much of a published list of labelled failures the knowledge base holds, and how well the labels agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .labelled import Labelled, by_thread, incidents
from .load import KnowledgeBase
from .taxonomy import top_level


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One label: how many listed failures have it, how many of them are incidents here, how many cases have it."""

    label: str
    listed: int
    linked: int
    cases: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Over the linked failures, the share whose case here has the published label (0 to 1).

    The labels of the cases are compared, not those noted on single incidents: they are what an answer would say.
    """

    symptom: float
    symptom_top: float
    root_cause: float
    root_cause_top: float
    stage: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """Distinct threads in the list and among the incidents, by label, and the agreement of labels."""

    listed: int
    linked: int
    symptoms: list[LabelRow]
    root_causes: list[LabelRow]
    agreement: Agreement
    missing: list[str]
    """The addresses that are no incident of any case."""


def cover(base: KnowledgeBase, rows: Sequence[Labelled]) -> Coverage:
    """Compares the incidents of the base with the rows of a label file."""
    ours = by_thread(incidents(base))
    listed = by_thread(rows)
    linked = {key: found for key, found in listed.items() if key in ours}
    pairs = [(found, [_as_answered(base, row) for row in ours[key]]) for key, found in linked.items()]
    return Coverage(
        listed=len(listed),
        linked=len(linked),
        symptoms=_by_label(base, listed, linked, lambda row: row.symptom, "symptom"),
        root_causes=_by_label(base, listed, linked, lambda row: row.root_cause, "root_cause"),
        agreement=Agreement(
            symptom=_share(pairs, lambda row: row.symptom),
            symptom_top=_share(pairs, lambda row: top_level(row.symptom)),
            root_cause=_share(pairs, lambda row: row.root_cause),
            root_cause_top=_share(pairs, lambda row: top_level(row.root_cause)),
            stage=_share(pairs, lambda row: row.stage),
        ),
        missing=sorted(found[0].url for key, found in listed.items() if key not in linked),
    )


def _as_answered(base: KnowledgeBase, row: Labelled) -> Labelled:
    case = base.cases[row.case or ""]
    return replace(row, symptom=case.symptom, root_cause=case.root_cause)


def _by_label(
    base: KnowledgeBase,
    listed: dict[str, list[Labelled]],
    linked: dict[str, list[Labelled]],
    label: Callable[[Labelled], str],
    key: str,
) -> list[LabelRow]:
    """A row for each label of the list, the most frequent first."""
    wanted, held = (Counter(name for found in part.values() for name in {label(row) for row in found})
                    for part in (listed, linked))  # fmt: skip
    cases = Counter(getattr(case, key) for case in base.cases.values())
    return [LabelRow(name, count, held[name], cases[name]) for name, count in wanted.most_common()]


def _share(
    pairs: Sequence[tuple[Sequence[Labelled], Sequence[Labelled]]], label: Callable[[Labelled], str | None]
) -> float:
    """A thread agrees when any of its published labels is any of ours."""
    agree = sum(bool({label(row) for row in theirs} & {label(row) for row in ours}) for theirs, ours in pairs)
    return round(agree / len(pairs), 3) if pairs else 0.0
