"""Where a command's report comes from: a file, a pipe, or a paste."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from ...kb.errors import InputError
from .. import stderr
from ..evidence import Choice
from ..firstaid import open_report
from ..paths import runs_folder


def source_of(file: Path | None) -> BinaryIO:
    """The report to read: FILE, or stdin for - and for nothing at all.

    Raises:
        InputError: the file cannot be read, or nothing is piped in.
    """
    if file is not None and str(file) != "-":
        return _opened(file)
    if sys.stdin is None:
        raise InputError("stdin is closed", hint="name a log file, or pipe one in: COMMAND 2>&1 | firstaid")
    if sys.stdin.isatty():
        if file is None:
            hint = "COMMAND 2>&1 | firstaid, or firstaid FILE, or firstaid - to paste"
            raise InputError("nothing is piped in", hint=hint)
        stderr.note("paste the error, then press Ctrl-D on a line of its own")
    return sys.stdin.buffer


def ran_in(file: Path | None) -> Choice | None:
    """The environment of the run that a log is of; None for any other file, and where the run's Python is not known."""
    if file is None or file.absolute().parent != runs_folder().absolute():
        return None
    from ..wrap.record import read_record  # few reports are logs of runs

    record = read_record(file)
    python = record and (record.environment or record.interpreter)
    return Choice("run", Path(python)) if python else None


def _opened(file: Path) -> BinaryIO:
    try:
        return open_report(file)
    except InputError as error:
        raise _with_suggestion(error, file) from None


def _with_suggestion(error: InputError, file: Path) -> InputError:
    """A mistyped command arrives here as the name of a file."""
    from ...kb.reader import closest  # only for the typing error
    from . import COMMANDS

    near = closest(str(file), COMMANDS)
    return InputError(error.message, hint=f"as a command, {near}") if near.startswith("did you mean") else error
