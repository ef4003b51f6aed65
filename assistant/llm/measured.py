"""How good the model's answers are: whether they state the right fix, are borne out, and come soon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter

from ...index.evaluate import LabelledReport, Share, fix_in, middle_and_most
from ..diagnose import read
from ..diagnosis import Answer, Diagnosis
from ..report import Report
from .explain import Explained, explain
from .seam import LanguageModel


@dataclass(frozen=True, slots=True)
class Answered:
    """What the model made of one report."""

    report: LabelledReport
    answer: Answer | None
    first: float | None
    """Seconds until something could be read; None where nothing came."""
    total: float


@dataclass(frozen=True, slots=True)
class AnswerMeasures:
    """Over all reports for which something was found."""

    answer_fix: Share
    """The answer's own text states the right fix, of all failures whose fix is known."""
    grounded: Share
    """Nothing of the answer had to be left out."""
    first_p50: float | None
    """Seconds."""
    first_p95: float | None
    total_p50: float | None
    total_p95: float | None


def answers(
    reports: Iterable[LabelledReport], diagnose: Callable[[Report], Diagnosis], model: LanguageModel
) -> list[Answered]:
    """The model's answer to each failure, timed from when the diagnosis stands."""
    return [_answered(report, diagnose, model) for report in reports if report.in_scope]


def _answered(labelled: LabelledReport, diagnose: Callable[[Report], Diagnosis], model: LanguageModel) -> Answered:
    report, into = read(labelled.report), Explained()
    diagnosis = diagnose(report)
    started, first = perf_counter(), None
    for _ in explain(report, diagnosis, model, into):
        first = first or perf_counter() - started
    return Answered(labelled, into.answer(model.name), first, perf_counter() - started)


def measure_answers(answered: Sequence[Answered]) -> AnswerMeasures:
    """All measures over some answers."""
    known = [one for one in answered if one.report.has_fix]
    given = [one.answer for one in answered if one.answer]
    first_p50, first_p95 = middle_and_most([one.first for one in answered if one.first is not None], digits=2)
    total_p50, total_p95 = middle_and_most([one.total for one in answered if one.answer], digits=2)
    return AnswerMeasures(
        answer_fix=Share(sum(_states_fix(one) for one in known), len(known)),
        grounded=Share(sum(answer.grounded for answer in given), len(given)),
        first_p50=first_p50,
        first_p95=first_p95,
        total_p50=total_p50,
        total_p95=total_p95,
    )


def _states_fix(one: Answered) -> bool:
    if one.answer is None:
        return False
    if set(one.answer.cites) & set(one.report.cases):
        return True
    return fix_in(one.answer.text, one.report)
