"""The diagnosis of an error in a command that goes on: written beside its output, which does not wait."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from .diagnosing import diagnosing
from .log import Log, copied
from .streams import STDERR, Outlet, new_outlet
from .watch import Watch

_SEEN = "\nfirstaid: an error was seen, and the command goes on; its log so far: {}\n"


class Aside:
    """Starts a diagnosis when the watch has seen an error, one at a time.

    Args:
        watch: looks at the output.
        log: what is diagnosed.
        options: of `firstaid diagnose`.
        raw: whether our terminal turns a newline into a new line itself, because it is not taken.
    """

    def __init__(self, watch: Watch, log: Log, options: Sequence[str], *, raw: bool) -> None:
        self.outlets: list[Outlet] = []
        """Where the words of a diagnosis come from, while there is one."""
        self._watch, self._log, self._options, self._raw = watch, log, options, raw
        self._process: subprocess.Popen[bytes] | None = None
        self._copy: Path | None = None

    def feed(self, data: bytes) -> None:
        """Takes the next bytes of the output."""
        self._watch.feed(data)

    def due(self) -> float | None:
        """Seconds until a diagnosis is to start; None where nothing was seen, or one is written already."""
        return None if self._process else self._watch.due()

    def start(self) -> None:
        """Diagnoses what was printed so far. That it cannot be copied or diagnosed ends nothing."""
        self._watch.done()
        self._log.flush()
        source, theirs = new_outlet(STDERR, raw=self._raw)
        try:
            self._copy = copied(self._log.file)
            os.write(theirs, _SEEN.format(self._log.file).encode())
            command = diagnosing(self._options, self._copy)
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
            self.outlets = [Outlet(source, STDERR, kept=False)]
        except OSError:
            os.close(source)
        finally:
            os.close(theirs)

    def ended(self) -> None:
        """All of a diagnosis is written."""
        for outlet in self.outlets:
            os.close(outlet.source)
        if self._process:
            self._process.wait()
        self.outlets, self._process = [], None
        with suppress(OSError):
            if self._copy:
                self._copy.unlink()
