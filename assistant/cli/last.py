"""`firstaid last`: diagnoses the newest run again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from ...kb.errors import InputError, UsageError
from .. import stderr
from ..paths import runs_folder
from .diagnose import diagnose
from .llm import asked_for
from .options import env_option, format_option, index_options, llm_options, top_option, verbose_option
from .output import write


@click.command()
@click.option("--path", "only_path", is_flag=True, help="Print where the log lies, and no more.")
@llm_options
@click.option("--exit-code", is_flag=True, help="Exit with 1 when nothing was found.")
@format_option
@top_option
@verbose_option
@env_option
@index_options
@click.pass_context
def last(ctx: click.Context, only_path: bool, llm: bool | None, verbose: bool, quiet: bool, **options: Any) -> None:
    """Diagnose the newest `firstaid run` again, also one that is still going on; -v says which Python it ran in."""
    log = newest_log()
    if only_path:
        write(str(log))
        return
    if not quiet:
        stderr.note(_told(log, verbose))
    given = {"file": readable_log(log), "llm": asked_for(llm), "verbose": verbose, "quiet": quiet}
    ctx.invoke(diagnose, jsonl=False, **given, **options)


def newest_log() -> Path:
    """The log of the newest run that is kept.

    Raises:
        UsageError: there is none.
    """
    if os.name != "posix":
        raise UsageError("there are no runs: firstaid run needs Linux or macOS", hint="firstaid FILE")
    from ..wrap.runs import logs

    found = logs(runs_folder())
    if not found:
        raise UsageError("no run is kept yet", hint="firstaid run -- python train.py")
    return found[0]


def readable_log(log: Path) -> Path:
    """The log of a run from top to bottom, also of one that goes on.

    Raises:
        InputError: it cannot be read.
    """
    from ..wrap.log import readable

    try:
        return readable(log)
    except OSError as error:
        raise InputError(f"{log} cannot be read: {error.strerror}", hint="firstaid run -- python train.py") from None


def _told(log: Path, verbose: bool) -> str:
    from ..wrap.record import read_record

    record = read_record(log)
    if record is None:
        return str(log)
    end = record.signal or ("not ended" if record.exit_code is None else f"exit code {record.exit_code}")
    lines = [f"{' '.join(record.command)}: {end}, {record.started}", f"  log          {log}"]
    if verbose:
        lines += [
            f"  folder       {record.folder}",
            f"  interpreter  {record.interpreter or 'not known'}",
            f"  environment  {record.environment or 'none'}",
        ]
    return "\n".join(lines)
