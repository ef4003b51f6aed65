"""IPython and Jupyter: `%load_ext firstaid.assistant.notebook` gives `%firstaid` and `%%firstaid`."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import Any

from ..kb.errors import FirstaidError, UsageError
from .apart import diagnosed
from .diagnosis import Diagnosis
from .exceptions import text_of

_TEXT = "text"


def load_ipython_extension(shell: Any) -> None:
    """Called by `%load_ext`."""
    shell.register_magic_function(Magic(shell).firstaid, magic_kind="line_cell", magic_name="firstaid")


class Shown:
    """A diagnosis as a notebook shows it; `diagnosis` holds what it says."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        self.diagnosis = diagnosis

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        from .render.html import to_html

        return to_html(self.diagnosis)

    @cached_property
    def _text(self) -> str:
        from .render import Screen, render

        return render(self.diagnosis, "text", Screen.of(sys.stdout)).rstrip()


class CellFailedError(Exception):
    """Ends a cell whose traceback has been shown already, so that what runs many cells stops here."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a second traceback."""
        return [str(self)]


class Magic:
    """The magics of one shell."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def firstaid(self, line: str, cell: str | None = None) -> Shown | None:
        """Say what is wrong, why, and how to fix it.

        %firstaid               the last exception of this session
        %firstaid WORDS         an error message or a description; $name takes the text of a variable
        %%firstaid              runs the cell (without top-level await), and diagnoses it where it fails
        %%firstaid text         the cell is a log or a traceback to diagnose

        The diagnosis is made on this machine, in a process of its own, and is the value of the first two and the last:
        after `found = %firstaid`, `found.diagnosis` has the cases, their steps and the scores.
        """
        words = line.strip()
        try:
            if cell is None:
                return Shown(diagnosed(words or text_of(_last_error())))
            if words == _TEXT:
                return Shown(diagnosed(cell))
            if words:
                raise UsageError(
                    f"%%firstaid takes no {words!r}", hint="%%firstaid to run the cell, %%firstaid text to diagnose it"
                )
        except FirstaidError as error:
            raise _without_traceback(error) from None
        return self._run(cell)

    def _run(self, cell: str) -> None:
        result = self._shell.run_cell(cell)
        error = result.error_before_exec or result.error_in_exec
        if error is None:
            return
        if not isinstance(error, KeyboardInterrupt):
            self._show(error)
        raise CellFailedError(f"{type(error).__name__}: the traceback stands above") from error

    def _show(self, error: BaseException) -> None:
        from IPython.display import display

        try:
            display(Shown(diagnosed(text_of(error))))
        except FirstaidError as problem:
            print(f"firstaid: no diagnosis: {problem.message}", file=sys.stderr)  # noqa: T201 - to the cell's output


def _last_error() -> BaseException:
    error = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    if isinstance(error, CellFailedError):
        error = error.__cause__
    if not isinstance(error, BaseException):
        raise UsageError("no cell has failed yet", hint="%firstaid WORDS diagnoses an error message or a description")
    return error


def _without_traceback(error: FirstaidError) -> Exception:
    """The error as one that IPython shows without a traceback."""
    from IPython.core.error import UsageError as Shortly

    return Shortly(str(error))
