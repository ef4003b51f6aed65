"""`firstaid eval`: how well reports with known answers are answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ...index.evaluate import BASELINES, Baseline, Measures, Outcome, Share, calibrate, grouped, measure, read_reports
from ...kb.errors import UsageError
from ..evaluation import answered, baselines_answered
from ..llm.measured import AnswerMeasures, answers, measure_answers
from ..render.screen import Screen
from .llm import opened_model
from .options import format_option, index_options, model_option
from .output import write
from .session import open_firstaid


@click.command("eval")
@click.argument("reports", type=click.Path(path_type=Path))
@click.option("--by", metavar="FIELD", help='Also by a text field of the reports, such as "lang", "kind" or "slice".')
@click.option("--baseline", type=click.Choice(BASELINES), help="Compare with this one alone, not with every channel.")
@click.option("--worst", type=click.IntRange(0), default=0, help="List so many reports whose first case is wrong.")
@click.option("--llm", "with_llm", is_flag=True, help="Let a local model answer too, and measure its answers.")
@model_option
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@format_option
@index_options
def evaluate(
    reports: Path,
    by: str | None,
    baseline: Baseline | None,
    worst: int,
    with_llm: bool,
    model: str | None,
    as_json: bool,
    format_: str,
    encoder: str,
    quiet: bool,
) -> None:
    """Answer every report of REPORTS (JSON lines) and measure the answers.

    A line is {"id", "report"} with what is known of it: "cases" (ids of right cases) or "fix_any" (patterns that a
    right fix matches), "symptom", "root_cause", "stage", "in_scope": false for what is no failure of an LLM stack at
    all, and any fields to group by. Beside the whole of firstaid stands what each channel gives alone.
    """
    labelled = read_reports(reports)
    if by and not any(by in report.groups for report in labelled):
        names = sorted({name for report in labelled for name in report.groups})
        raise UsageError(f'no report has a field "{by}" to group by', hint=f"there are: {', '.join(names) or 'none'}")
    with opened_model(with_llm, model, watched=False) as voice:
        firstaid = open_firstaid(encoder, quiet)
        told = measure_answers(answers(labelled, firstaid.diagnose, voice.model)) if voice else None
    searcher = firstaid.searcher
    outcomes = list(answered(labelled, searcher))
    baselines = baselines_answered(labelled, searcher, [baseline] if baseline else BASELINES)
    measured = {"firstaid": measure(outcomes)} | {name: measure(found) for name, found in baselines.items()}
    groups = {name: measure(found) for name, found in grouped(outcomes, by).items()} if by else {}
    wrong = _wrong(outcomes)[:worst]
    if as_json or format_ == "json":
        from ..render.data import safe_json

        data = {
            "cases": len(searcher.facts),
            **{name: _plain(one) for name, one in measured.items()},
            "by": {name: _plain(one) for name, one in groups.items()},
            "llm": _plain(told) if told else None,
            "calibration": asdict(found) if (found := calibrate(outcomes)) else None,
            "wrong": [one.report.id for one in wrong],
        }
        write(safe_json(data, indent=2))
        return
    from ..render.measures import answers_to_text, measures_to_text

    screen = Screen.of_stdout()
    text = measures_to_text(measured, groups, calibrate(outcomes), wrong, screen)
    text += answers_to_text(told, screen) if told else ""
    write(text, styled=screen.colour)


def _plain(measures: Measures | AnswerMeasures) -> dict[str, Any]:
    """The measures with shares as percent and counts."""
    values = {name: getattr(measures, name) for name in measures.__dataclass_fields__}
    return {
        name: {"percent": one.percent, **asdict(one)} if isinstance(one, Share) else one for name, one in values.items()
    }


def _wrong(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Failures whose first case is wrong, and what is none and was answered: the surest first."""
    wrong = [
        one
        for one in outcomes
        if (one.report.has_fix and one.first_right != 1) or (not one.report.in_scope and one.verdict != "none")
    ]
    return sorted(wrong, key=lambda one: (one.verdict != "match", -one.score))
