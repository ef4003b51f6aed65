"""Lines that tell of an error in a program that goes on: a server that answers no more does not end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from time import monotonic
from typing import Any

from ...kb.errors import ExtraMissing, UsageError

DEFAULT = "default"
PATTERNS = (
    r"^Traceback \(most recent call last\)",
    r"(?i)\bCUDA (?:error|out of memory)|OutOfMemoryError",
    r"(?i)\bNCCL (?:error|WARN)|Watchdog caught collective operation timeout",
    r"\b(?:ERROR|CRITICAL|FATAL)\b",
)
"""What `--watch default` stands for."""
_PAUSE = 1.0
"""Seconds without output after which an error is taken as told in full."""
_PATIENCE = 3.0
"""Seconds after which it is diagnosed even if the output does not pause."""
_LINE = 64 << 10
"""Bytes after which a line without end is looked at as it is."""
_ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")


class Watch:
    """Looks at each line of the output, for each pattern until it matches once.

    Raises:
        UsageError: a pattern is not one.
        ExtraMissing: google-re2 does not import.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        wanted = [one for pattern in patterns for one in (PATTERNS if pattern == DEFAULT else (pattern,))]
        self._waiting = _compiled(dict.fromkeys(wanted))
        self._rest = b""
        self._since: float | None = None
        self._last = 0.0

    def feed(self, data: bytes) -> None:
        """Takes the next bytes of the output."""
        if not self._waiting and self._since is None:
            return
        self._last = monotonic()
        lines, newline, rest = (self._rest + data).rpartition(b"\n")
        if len(rest) > _LINE:
            lines, rest = lines + newline + rest, b""
        self._rest = rest
        if lines and self._matches(_ESCAPE.sub(b"", lines).replace(b"\r", b"")) and self._since is None:
            self._since = self._last

    def due(self) -> float | None:
        """Seconds until what was seen is to be diagnosed, 0 for now; None where nothing was seen."""
        if self._since is None:
            return None
        return max(0.0, min(self._last + _PAUSE, self._since + _PATIENCE) - monotonic())

    def done(self) -> None:
        """What was seen is diagnosed."""
        self._since = None

    def _matches(self, lines: bytes) -> bool:
        matched = [pattern for pattern, compiled in self._waiting.items() if compiled.search(lines)]
        for pattern in matched:
            del self._waiting[pattern]
        return bool(matched)


def _compiled(patterns: dict[str, Any]) -> dict[str, Any]:
    try:
        import re2
    except ImportError as error:
        raise ExtraMissing(f"google-re2 does not import: {error}", hint="pip install -U google-re2") from None
    options = re2.Options()
    options.never_nl = True  # a match is in one line
    options.log_errors = False
    try:
        return {pattern: re2.compile(f"(?m:{pattern})".encode(), options) for pattern in patterns}
    except re2.error as error:
        told = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise UsageError(
            f"--watch takes a regular expression as RE2 knows them: {told}", hint="firstaid run --watch 'CUDA error'"
        ) from None
