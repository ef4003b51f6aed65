"""`firstaid report`: a bug report that can be posted."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from ...kb.errors import UsageError
from .. import stderr
from ..diagnose import read
from ..last import recall
from ..paths import last_report
from ..report import Report
from .last import newest_log, readable_log
from .options import env_option, index_options, top_option
from .output import write
from .session import open_firstaid
from .source import ran_in, source_of

_NOTHING = "COMMAND 2>&1 | firstaid report, or firstaid report FILE, or firstaid report --last"


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--last", "newest", is_flag=True, help="Of the newest `firstaid run`: command and exit code are known.")
@click.option("--for", "tracker", metavar="NAME", help="The tracker it is for, such as vllm; else the error tells.")
@click.option("--tried", multiple=True, metavar="TEXT", help="What you have tried; may be given several times.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write a new file, not stdout.")
@top_option
@env_option
@index_options
def report(
    file: Path | None,
    newest: bool,
    tracker: str | None,
    tried: tuple[str, ...],
    output: Path | None,
    top: int,
    env: str,
    encoder: str,
    quiet: bool,
) -> None:
    """Write a bug report of FILE (or - for stdin) in Markdown, in the order of the tracker it is for, without secrets.

    It holds the error, the facts of this machine, what was tried and the known failures like it; what only you can tell
    is left to you, and marked. Without FILE and without a pipe it is of the last diagnosis.
    """
    from ..bug_report import Material, bug_report, posting_note, run_of, template_named, template_told
    from ..evidence.place import facts_of
    from ..feedback import Feedback
    from ..history import error_of

    log = _log_of_last_run(file) if newest else None
    source = _read(readable_log(log) if log else file)
    template = template_named(tracker, source.language) if tracker else template_told(source)
    firstaid = open_firstaid(encoder, quiet, env)
    diagnosis = firstaid.diagnose(source, top=top, env=ran_in(log or file) if env == "auto" else None)
    material = Material(
        report=source,
        diagnosis=diagnosis,
        facts=facts_of(diagnosis),
        tried=tried,
        run=run_of(log) if log else None,
        unhelpful=Feedback().unhelpful(source),
    )
    text = bug_report(material, template)
    if output:
        _write_new(output, text)
    else:
        write(text)
    if not quiet:
        stderr.note(posting_note(text, template, title=error_of(source), chosen=tracker is not None))


def _read(file: Path | None) -> Report:
    if file is None and not _is_piped():
        return _of_last_diagnosis()
    with source_of(file) as source:
        return read(source)


def _is_piped() -> bool:
    """Whether something comes in: a service or a job has a stdin that is no terminal, and empty."""
    if sys.stdin is None or sys.stdin.isatty():
        return False
    peek = getattr(sys.stdin.buffer, "peek", None)
    return peek is None or bool(peek(1))


def _of_last_diagnosis() -> Report:
    try:
        return read(recall(last_report()))
    except UsageError:
        raise UsageError("there is nothing to report: no text is given, none was diagnosed", hint=_NOTHING) from None


def _log_of_last_run(file: Path | None) -> Path:
    if file is not None:
        raise UsageError("FILE and --last are two reports", hint="leave one of them out")
    return newest_log()


def _write_new(output: Path, text: str) -> None:
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{output} is there already, and is not written over", hint="name a new file") from None
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}", hint="name a file elsewhere") from None
