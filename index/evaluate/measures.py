"""The measures: how often the right fix comes first, the labels agree, and a certain answer is a right one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles

from ...kb.taxonomy import top_level
from .reports import LabelledReport


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered to one report."""

    report: LabelledReport
    right: tuple[bool, ...]
    """For each case answered with, best first, whether it states the right fix."""
    score: float = 0.0
    """Of the first case."""
    verdict: str | None = None
    """None where the way of answering gives none."""
    symptom: str | None = None
    root_cause: str | None = None
    stage: str | None = None
    ms: float | None = None
    """Milliseconds it took; None where that was not looked at."""

    @property
    def first_right(self) -> int | None:
        """The place of the first right case, from 1."""
        return self.right.index(True) + 1 if True in self.right else None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    hits: int
    of: int

    @property
    def percent(self) -> float | None:
        """0 to 100; None where there is nothing to count."""
        return round(100 * self.hits / self.of, 1) if self.of else None


@dataclass(frozen=True, slots=True)
class Measures:
    """How a set of reports was answered."""

    reports: int
    """Failures of this field."""
    out_of_scope: int
    fix_1: Share
    """The first case states the right fix."""
    fix_3: Share
    mrr: float | None
    """Mean reciprocal rank of the first right case among those answered with, 0 to 1."""
    root_cause_top: Share
    """The root cause agrees at the top level of the taxonomy."""
    root_cause: Share
    symptom_top: Share
    symptom: Share
    stage: Share
    out_of_scope_none: Share
    """What is no failure of this field was answered with "none"."""
    match_precision: Share
    """Of the verdicts "match", those whose first case is right."""
    match_coverage: Share
    """Of the failures, those answered with "match"."""
    ms_p50: float | None
    ms_p95: float | None


def measure(outcomes: Sequence[Outcome]) -> Measures:
    """All measures over some outcomes."""
    inside = [one for one in outcomes if one.report.in_scope]
    outside = [one for one in outcomes if not one.report.in_scope]
    fixes = [one for one in inside if one.report.has_fix]
    sure = [one for one in (*fixes, *outside) if one.verdict == "match"]
    judged = [one for one in fixes if one.verdict]
    times = [one.ms for one in outcomes if one.ms is not None]
    ms_p50, ms_p95 = middle_and_most(times)
    return Measures(
        reports=len(inside),
        out_of_scope=len(outside),
        fix_1=_share(fixes, lambda one: one.first_right == 1),
        fix_3=_share(fixes, lambda one: (one.first_right or 9) <= 3),
        mrr=round(sum(1 / one.first_right for one in fixes if one.first_right) / len(fixes), 3) if fixes else None,
        root_cause_top=_share((one for one in inside if one.report.root_cause), _root_cause_agrees),
        root_cause=_share(
            (one for one in inside if one.report.root_cause), lambda one: one.root_cause == one.report.root_cause
        ),
        symptom_top=_share((one for one in inside if one.report.symptom), _symptom_agrees),
        symptom=_share((one for one in inside if one.report.symptom), lambda one: one.symptom == one.report.symptom),
        stage=_share((one for one in inside if one.report.stage), lambda one: one.stage == one.report.stage),
        out_of_scope_none=_share((one for one in outside if one.verdict), lambda one: one.verdict == "none"),
        match_precision=_share(sure, lambda one: one.report.in_scope and one.first_right == 1),
        match_coverage=_share(judged, lambda one: one.verdict == "match"),
        ms_p50=ms_p50,
        ms_p95=ms_p95,
    )


def middle_and_most(times: Sequence[float], digits: int = 1) -> tuple[float | None, float | None]:
    """The median, and what 95 % do not exceed; None where there are too few to tell."""
    if len(times) < 2:
        return None, None
    places = quantiles(times, n=20, method="inclusive")
    return round(places[9], digits), round(places[18], digits)


def grouped(outcomes: Iterable[Outcome], by: str) -> dict[str, list[Outcome]]:
    """The outcomes of each group of reports that have one of this name ("lang", "kind", …)."""
    found: dict[str, list[Outcome]] = {}
    for one in outcomes:
        if name := one.report.groups.get(by):
            found.setdefault(name, []).append(one)
    return dict(sorted(found.items()))


def _share(outcomes: Iterable[Outcome], holds: Callable[[Outcome], bool]) -> Share:
    held = [holds(one) for one in outcomes]
    return Share(sum(held), len(held))


def _root_cause_agrees(one: Outcome) -> bool:
    wanted = {top_level(cause) for cause in (one.report.root_cause or "", *one.report.root_cause_ok)}
    return top_level(one.root_cause or "-") in wanted


def _symptom_agrees(one: Outcome) -> bool:
    return top_level(one.symptom or "-") == top_level(one.report.symptom or "")
