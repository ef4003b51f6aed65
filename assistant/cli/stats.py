"""`firstaid stats`: the knowledge base as a picture."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ...kb import load
from ...kb.labelled import incidents, read_labels
from ...kb.stats import count, priors
from ..paths import user_cases
from ..render.screen import Screen
from .options import format_option
from .output import write


@click.command()
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    help="Count the rows of this label file (JSON lines of url, symptom, root_cause, stage, series) instead.",
)
@format_option
def stats(labels: Path | None, format_: str) -> None:
    """Show which root causes stand behind which symptoms, by stage and by model series.

    Counted are the reported failures behind the cases, or those of a label file; beneath stand three findings of the
    study whose labels we use (arXiv 2601.13655), each recomputed with its numbers.
    """
    rows = read_labels(labels) if labels else incidents(load(user_cases()))
    found = count(rows)
    if format_ == "json":
        from ..render.data import safe_json

        by_name = {f"{symptom} | {stage}": causes for (symptom, stage), causes in priors(rows).items()}
        write(safe_json({**asdict(found), "priors": by_name}, indent=2))
        return
    from ..render.stats import stats_to_markdown, stats_to_text

    screen = Screen.of_stdout()
    if format_ == "md":
        write(stats_to_markdown(found))
    else:
        write(stats_to_text(found, screen), styled=screen.colour)
