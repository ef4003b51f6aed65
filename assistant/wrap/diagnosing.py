"""The diagnosis of a log, in a process of its own: whatever becomes of it, the command's exit code is told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from .streams import STDERR


def diagnosing(options: Sequence[str], log: Path) -> list[str]:
    """The command that diagnoses a log."""
    return [sys.executable, "-P", "-m", "firstaid.assistant", "diagnose", *options, "--", str(log)]


def diagnose_to_stderr(options: Sequence[str], log: Path) -> None:
    """Writes the answer to stderr; Ctrl-C ends that."""
    with suppress(OSError, KeyboardInterrupt):
        subprocess.run(diagnosing(options, log), stdin=subprocess.DEVNULL, stdout=STDERR, check=False)
