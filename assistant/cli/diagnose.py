"""`firstaid diagnose`, and `firstaid` at the end of a pipe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click

from ...kb.errors import InputError, UsageError
from .. import stderr
from ..diagnose import read, unanswered
from ..diagnosis import Diagnosis
from ..firstaid import FirstAid
from ..last import keep
from ..paths import last_report
from ..render import Screen, render
from ..report import Report
from ..stderr import ExitCode
from .llm import Voice, asked_for, opened_model
from .options import env_option, format_option, index_options, llm_options, top_option, verbose_option
from .output import write
from .session import open_firstaid
from .source import ran_in, source_of


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--jsonl", is_flag=True, help='Read {"id", "report"} lines, write one diagnosis a line.')
@llm_options
@click.option("--exit-code", is_flag=True, help="Exit with 1 when nothing was found.")
@format_option
@top_option
@verbose_option
@env_option
@index_options
def diagnose(
    file: Path | None,
    jsonl: bool,
    llm: bool | None,
    model: str | None,
    exit_code: bool,
    format_: str,
    top: int,
    verbose: bool,
    env: str,
    encoder: str,
    quiet: bool,
) -> None:
    """Say what is wrong in FILE (or - for stdin), why, and how to fix it.

    FILE is any text with an error in it: a traceback, a log of any size, or a description in English or Chinese of what
    goes wrong. The answer stands at once; a local model, if there is one (firstaid model), then puts it in your terms.
    """
    with (
        source_of(file) as source,
        opened_model(asked_for(llm), model, watched=not jsonl and format_ in ("auto", "text")) as voice,
    ):
        # Reports that come by the line are from anywhere, unless it is said where they are from.
        firstaid = open_firstaid(encoder, quiet, "none" if jsonl and env == "auto" else env)
        if jsonl:
            found = [_answer_line(line, firstaid, top, voice) for line in _lines(source)]
            nothing = not any(found)
        else:
            report = read(source)
            diagnosis = firstaid.diagnose(report, top=top, env=ran_in(file) if env == "auto" else None)
            if not quiet:
                _say_notes(diagnosis)
            _answer(diagnosis, report, format_, Screen.of_stdout(verbose), voice)
            nothing = diagnosis.verdict == "none"
    if exit_code and nothing:
        raise click.exceptions.Exit(ExitCode.NOTHING_FOUND)


def _answer(diagnosis: Diagnosis, report: Report, format_: str, screen: Screen, voice: Voice | None) -> None:
    whole = voice.explained(diagnosis, report) if voice and format_ == "json" else diagnosis
    try:
        write(render(whole, format_, screen), styled=screen.colour)
    finally:  # after the answer, which must not wait for it
        keep(report, last_report())
    if voice and format_ != "json":
        voice.speak(diagnosis, report)


def _lines(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in enumerate(source, start=1) if line.strip())


def _answer_line(numbered: tuple[int, bytes], firstaid: FirstAid, top: int, voice: Voice | None) -> bool:
    """Answers one line at once, so that a reader need not wait for the last; tells whether anything was found."""
    from ..render.data import to_json

    number, line = numbered
    try:
        record = json.loads(line)
        text, report_id = record["report"], record.get("id")
        if not isinstance(text, str):
            raise TypeError
    except (ValueError, TypeError, KeyError, AttributeError):
        raise UsageError(
            f"line {number} is no report", hint='write each line as {"id": "any", "report": "the text"}'
        ) from None
    try:
        report = read(text)
        diagnosis = firstaid.diagnose(report, report_id=report_id, top=top)
        diagnosis = voice.explained(diagnosis, report) if voice else diagnosis
    except InputError as error:
        stderr.note(f"line {number}: {error.message}")
        diagnosis = unanswered(report_id, error.message)
    write(to_json(diagnosis) + "\n")
    return diagnosis.verdict != "none"


def _say_notes(diagnosis: Diagnosis) -> None:
    for text in diagnosis.report.notes:
        stderr.note(text)
