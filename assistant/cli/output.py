"""All of stdout."""

from __future__ import annotations

import sys

import click

from ...kb.errors import UsageError
from ..safe import printable
from ..stderr import ExitCode


def write(text: str, *, styled: bool = False) -> None:
    """Writes the answer and hands it on at once.

    Unless it is `styled`, that is rendered in colour from text that was made safe before, nothing in it reaches the
    terminal that could steer it.

    Raises:
        UsageError: stdout is closed, or what it leads to is full.
        Exit: its reader has gone.
    """
    if sys.stdout is None:
        raise UsageError("stdout is closed, so there is nowhere to write the answer", hint="leave stdout open")
    shown = text if styled else printable(text)
    data = (shown if shown.endswith("\n") else f"{shown}\n").encode(sys.stdout.encoding or "utf-8", "replace")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise click.exceptions.Exit(ExitCode.ANSWERED) from None  # the reader has seen enough
    except OSError as error:
        raise UsageError(f"the answer cannot be written: {error.strerror}", hint="mend what stdout leads to") from None
