"""`firstaid` and `python -m firstaid.assistant`: runs the command line and turns whatever happens into an exit code."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from . import stderr
from .stderr import ExitCode


def main() -> None:
    """The console script."""
    code = run(_command_line)
    _flush_or_leave()
    leave(code)


def _command_line() -> int:
    if sys.argv[1:2] == ["run"]:
        from .wrap.early import run_early  # what is run need not wait for the command line

        ended = run_early(sys.argv[2:])
        if ended:
            if ended.failed:
                run(lambda: _parsed(ended))
            return ended.leave()
    return _parsed()


def _parsed(ended: object = None) -> int:
    from .cli import cli  # an interrupt during the imports is caught too

    return cli.main(prog_name="firstaid", standalone_mode=False, obj=ended) or 0


def run(command: Callable[[], int]) -> int:
    """Runs a command; every failure becomes a message on stderr and an exit code, never a traceback."""
    try:
        return command()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last border before the user
        return _told(error)


def _told(error: Exception | KeyboardInterrupt) -> int:
    import click

    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.Abort | KeyboardInterrupt):
        stderr.note("interrupted")
        return ExitCode.INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    from ..kb.errors import FirstaidError

    if isinstance(error, FirstaidError):
        stderr.error(error)
        return stderr.exit_code_for(error)
    from .crash import report_bug

    report_bug(error)
    return ExitCode.BUG


def _flush_or_leave() -> None:
    """Python would complain at exit about a reader that has gone; nobody wants to read that."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def leave(code: int) -> NoReturn:
    """Ends the process without taking it down piece by piece, which takes a tenth of an answer's time.

    All that is written is flushed, and what was registered for the end (an index made for this run only) is done.
    """
    atexit._run_exitfuncs()  # pyright: ignore[reportPrivateUsage] - the only way to run them before the end
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
