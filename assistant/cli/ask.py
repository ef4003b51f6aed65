"""`firstaid ask`: a question about the last diagnosis."""

from __future__ import annotations

import click

from ...kb.errors import UsageError
from ..diagnose import read
from ..last import recall
from ..paths import last_report
from .llm import opened_model
from .options import env_option, index_options, model_option
from .output import write
from .session import open_firstaid


@click.command()
@click.argument("words", nargs=-1, required=True)
@model_option
@env_option
@index_options
def ask(words: tuple[str, ...], model: str | None, env: str, encoder: str, quiet: bool) -> None:
    """Ask a local model about the last diagnosis: it answers from the same report and the same cases."""
    question = " ".join(words).strip()
    if not question:
        raise UsageError("nothing is asked", hint="firstaid ask 'can I keep my torch version?'")
    report = read(recall(last_report()))
    with opened_model(True, model, watched=True) as voice:
        diagnosis = open_firstaid(encoder, quiet, env).diagnose(report)
        if not diagnosis.cases:
            write("The last report is of no failure that is known here, so there is nothing to answer from.")
        elif voice:
            voice.speak(diagnosis, report, question)
