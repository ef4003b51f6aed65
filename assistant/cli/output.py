"""All of stdout."""

from __future__ import annotations

import sys

from ...kb.errors import UsageError


def write(text: str) -> None:
    """Writes the answer and hands it on at once.

    Raises:
        UsageError: stdout is closed.
        BrokenPipeError: its reader has gone.
    """
    if sys.stdout is None:
        raise UsageError("stdout is closed, so there is nowhere to write the answer", hint="leave stdout open")
    data = (text if text.endswith("\n") else f"{text}\n").encode(sys.stdout.encoding or "utf-8", "replace")
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
