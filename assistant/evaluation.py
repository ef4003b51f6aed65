"""Answers labelled reports and keeps what came of each: the bridge from `diagnose` to the measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..index import Found, Query, Searcher
from ..index.evaluate import Baseline, LabelledReport, Outcome, baseline_order, states_fix
from ..kb.errors import InputError
from .diagnose import diagnose, query_of
from .report import read_report

_CASES = 5


def answered(reports: Iterable[LabelledReport], searcher: Searcher) -> Iterator[Outcome]:
    """What firstaid answers to each report, as every door does. One that cannot be read counts as not answered."""
    for report in reports:
        try:
            found = diagnose(report.report, searcher, top=_CASES)
        except InputError:
            yield Outcome(report, (), verdict="none")
            continue
        yield Outcome(
            report=report,
            right=_right(report, [case.id for case in found.cases], searcher),
            score=found.cases[0].score if found.cases else 0.0,
            verdict=found.verdict,
            symptom=found.symptom.label,
            root_cause=found.root_cause.label,
            stage=found.stage.label,
            ms=found.timing_ms.total,
        )


def baselines_answered(
    reports: Iterable[LabelledReport], searcher: Searcher, baselines: Sequence[Baseline]
) -> dict[Baseline, list[Outcome]]:
    """What one channel, or the plain fusion of all, would answer: the first case, whatever it is, and its labels."""
    outcomes: dict[Baseline, list[Outcome]] = {baseline: [] for baseline in baselines}
    for report in reports:
        query, found = _found(report, searcher)
        for baseline in baselines:
            order = baseline_order(found, baseline)[:_CASES] if found else []
            first = searcher.facts[order[0][0]] if order else None
            outcomes[baseline].append(
                Outcome(
                    report=report,
                    right=_right(report, [case for case, _ in order], searcher),
                    score=order[0][1] if order else 0.0,
                    symptom=first.symptom if first else None,
                    root_cause=first.root_cause if first else None,
                    stage=(query and query.stage) or (first.stage[0] if first else None),
                )
            )
    return outcomes


def _found(report: LabelledReport, searcher: Searcher) -> tuple[Query, Found] | tuple[None, None]:
    try:
        query = query_of(read_report(report.report))
    except InputError:
        return None, None
    return query, searcher.find(query)


def _right(report: LabelledReport, found: list[str], searcher: Searcher) -> tuple[bool, ...]:
    cases = (searcher.case(case_id) for case_id in found)
    return tuple(case is not None and states_fix(case, report) for case in cases)
