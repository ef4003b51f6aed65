"""A report in, a Diagnosis out: the one function behind every door."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import BinaryIO

from ..index import Hit, Query, Ranking, Searcher, Verdict, judge, lean, vote
from ..kb import Case, Fix
from ..kb.case import captured
from ..kb.errors import InputError
from ..kb.labelled import series_of
from .advice import next_steps
from .diagnosis import Diagnosis, Evidence, FoundCase, Label, ReportFacts, Step, Timing
from .evidence import NONE, Choice, Facts, Knowledge, evaluate, gathered
from .evidence.place import placing
from .evidence.steps import already, condition
from .report import Finding, Report, read_report
from .safe import one_line

_CONTEXT_FRAMES = 4
_PROSE = 3000
"""Characters of a report without any error that are searched as if they were the user's words."""
_END = 1000
"""Characters of one with an error and no words: the error, and what was done before it."""
_SHORT = 300
"""Up to so many characters a report is taken as the user's words, whatever else it is."""
_QUOTE = 160
_PROGRAM_VOICE = 0.1
_ALIKE = 0.6
"""Cosine from which the nearness of the wording is worth telling."""


def diagnose(
    source: bytes | str | BinaryIO | Report,
    searcher: Searcher,
    *,
    report_id: str | None = None,
    top: int = 5,
    env: Choice = NONE,
) -> Diagnosis:
    """What is wrong in a report, why, and how to fix it.

    Args:
        source: the report, as text, bytes of any encoding, an open binary stream, or read already.
        searcher: the opened index.
        report_id: the caller's own name for the report, handed back in the answer.
        top: how many cases to answer with, at most.
        env: where evidence is read beside the report.

    Raises:
        InputError: it cannot be read, there is nothing in it, or it is not text.
    """
    started = perf_counter()
    report = source if isinstance(source, Report) else read(source)
    parsed = perf_counter()
    place = None if env == NONE else placing(report, env)
    found_by_text = searcher.rank(query_of(report))
    found = perf_counter()
    known = gathered(report, place)
    ranking = known.weighed(found_by_text, searcher)
    pairs = [(hit, case) for hit in ranking.hits[:top] if (case := searcher.case(hit.id))]
    cases = [found_case(hit, case, report, known) for hit, case in pairs]
    verdict = _verdict(ranking, pairs[0][1] if pairs else None, known)
    hits = ranking.hits
    ranked = perf_counter()
    return Diagnosis(
        id=report_id,
        verdict=verdict,
        symptom=_label(verdict, hits, lambda hit: hit.facts.symptom),
        root_cause=_label(verdict, hits, lambda hit: hit.facts.root_cause),
        stage=_stage(verdict, hits, report, searcher.training_by_program),
        report=_facts(report),
        cases=cases,
        next=next_steps(report, verdict),
        timing_ms=Timing(
            parse=_ms(started, parsed),
            search=_ms(parsed, found),
            rank=_ms(found, ranked),
            total=_ms(started, ranked),
        ),
        environment=known.where,
    )


def read(source: bytes | str | BinaryIO) -> Report:
    """The report that a source holds.

    Raises:
        InputError: it cannot be read, there is nothing in it, or it is not text.
    """
    try:
        return read_report(source)
    except OSError as error:
        raise InputError(
            f"the report cannot be read: {error.strerror}", hint="name a log file, or - for stdin"
        ) from None


def unanswered(report_id: str | None, reason: str) -> Diagnosis:
    """The diagnosis of a report that could not be read."""
    unknown = Label(None, 0.0)
    facts = ReportFacts(None, None, [], [], {}, [], [], [reason])
    timing = Timing(parse=0.0, search=0.0, rank=0.0, total=0.0)
    return Diagnosis("none", unknown, unknown, unknown, facts, [], [reason], timing, id=report_id)


def query_of(report: Report) -> Query:
    """The parts of a report as the search channels want them."""
    error = report.initiating
    words = report.words
    if len(report.text) <= _SHORT or not words.strip():
        words = report.text[-_PROSE:] if error is None else report.text[-_END:]
    return Query(
        text=report.text,
        error=f"{error.name}: {error.message}" if error else "",
        words=words,
        context="\n".join(_context(report)),
        error_spans=_spans(report, error) if error else (),
        stack=report.stack,
        models=tuple(sorted({family for model in report.models if (family := series_of(model))})),
        exceptions=_exceptions(report),
        stage=report.stage,
    )


def _exceptions(report: Report) -> tuple[str, ...]:
    raised = [finding for finding in report.findings if finding.kind == "exception" and finding.role != "cascade"]
    first = [finding for finding in raised if finding is report.initiating]
    return tuple(dict.fromkeys(finding.name.rsplit(".", 1)[-1] for finding in (*first, *raised)))


def _context(report: Report) -> Iterator[str]:
    error = report.initiating
    if error:
        yield from (f"{frame.file} {frame.function or ''}" for frame in error.frames[-_CONTEXT_FRAMES:])
    yield from (finding.message for finding in report.findings if finding is not error and finding.role != "cascade")


def _spans(report: Report, finding: Finding) -> tuple[tuple[int, int], ...]:
    """Where a finding stands in the report's text, in characters: its message, which is its end, and all of it."""
    message = max(finding.first, finding.last - finding.message.count("\n"))
    return report.span(message, finding.last), report.span(finding.first, finding.last)


def found_case(hit: Hit, case: Case, report: Report, known: Knowledge) -> FoundCase:
    """A case with what speaks for it in this report and on the machine that it is of."""
    facts = known.facts(hit)
    checks = evaluate(case.checks, facts)
    steps = [_judged_step(fix, case, facts, known) for fix in _fitting(case.fixes, facts.captured)]
    return replace(
        as_found(case),
        score=round(hit.score, 3),
        fix=steps if known.assumed else sorted(steps, key=_out_of_place),
        why=list(_why(hit, report, checks)),
        evidence=checks,
    )


def _fitting(fixes: Sequence[Fix], groups: Mapping[str, str]) -> list[Fix]:
    """The fixes for this report: those written for what it captured first, those for something else left out."""
    meant = [fix for fix in fixes if fix.given and captured(fix.given, groups)]
    unknown = [fix for fix in fixes if fix.given and not fix.given.keys() & groups.keys()]
    return [*meant, *(fix for fix in fixes if not fix.given or fix in unknown)]


def as_found(case: Case) -> FoundCase:
    """A case as it is shown, before any report speaks for it."""
    return FoundCase(
        id=case.id,
        title=case.title,
        score=0.0,
        symptom=case.symptom,
        root_cause=case.root_cause,
        stage=list(case.stage),
        confidence=case.confidence,
        cause=case.cause,
        fix=[_step(fix, case) for fix in case.fixes],
        do_not=list(case.do_not),
        why=[],
        evidence=[],
        sources=list(case.sources),
        see_also=[{"id": other.id, "tell": other.tell} for other in case.see_also],
    )


def _step(fix: Fix, case: Case) -> Step:
    return Step(fix.do, fix.run, fix.verify, fix.shell, fix.expect, fix.when, fix.confidence or case.confidence)


def _judged_step(fix: Fix, case: Case, facts: Facts, known: Knowledge) -> Step:
    return replace(_step(fix, case), already=already(fix, known.machine), condition=condition(fix, facts))


def _out_of_place(step: Step) -> bool:
    """Whether a step is so already, or is for another machine: those come last."""
    return bool(step.already or (step.condition and step.condition.status == "contradicted"))


def _why(hit: Hit, report: Report, checks: Sequence[Evidence]) -> Iterator[str]:
    quoted: Mapping[int, str] = {report.line_at(match.start): _quote(report, match.start) for match in hit.matches}
    yield from (f"line {number}: {text}" for number, text in sorted(quoted.items()))
    yield from (found.detail for found in checks if found.status == "confirmed")
    yield from (f"against it: {found.detail}" for found in checks if found.status == "contradicted")
    if hit.cosine >= _ALIKE:
        yield f"worded like known reports of it (similarity {hit.cosine:.2f})"


def _quote(report: Report, offset: int) -> str:
    start = report.text.rfind("\n", 0, offset) + 1
    end = report.text.find("\n", offset)
    line = one_line(report.text[start : end if end >= 0 else None])
    return line if len(line) <= _QUOTE else line[: _QUOTE - 1] + "…"


def _verdict(ranking: Ranking, first: Case | None, known: Knowledge) -> Verdict:
    verdict = judge(ranking)
    if verdict == "match" and first:
        # What facts contradict (the version is past the fix) is not sure, however well the words fit.
        return "possible" if known.denies(ranking.hits[0], first) else "match"
    return verdict


def _label(verdict: Verdict, hits: Sequence[Hit], of: Callable[[Hit], str]) -> Label:
    found = vote(hits if verdict != "none" else (), of)
    return Label(found.label, found.score)


def _stage(verdict: Verdict, hits: Sequence[Hit], report: Report, by_program: Mapping[str, float]) -> Label:
    """The words of the report and the cases found with equal voices: either alone is wrong more often.

    Where neither tells, the program that the report is most about.
    """
    found = hits if verdict != "none" else ()
    if not (report.training or found):
        return Label(None, 0.0)
    program = by_program.get(report.stack[0], 0.0) if report.stack else 0.0
    training = (report.training + lean(found) + _PROGRAM_VOICE * program) / 2
    return Label("Fine-tuning" if training > 0 else "Inference", round((1 + min(abs(training), 1)) / 2, 3))


def _facts(report: Report) -> ReportFacts:
    error = report.initiating
    return ReportFacts(
        error=error.name if error else None,
        message=error.message if error else None,
        lines=[(error.first, error.last)] if error else [],
        stack=list(report.stack),
        versions=dict(report.versions),
        models=list(report.models),
        gpus=list(report.gpus),
        notes=list(report.notes),
    )


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 2)
