"""Keeps untrusted text from steering the terminal."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and newline, and the marks that reorder or hide text.
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])")


def printable(text: str) -> str:
    """The text without escape sequences, control characters and marks that reorder what is seen.

    Nothing that comes from a report, a case or a model is printed without passing here.
    """
    return UNSAFE.sub("", _ESCAPES.sub("", text))


def one_line(text: str) -> str:
    """The printable text on a single line."""
    return " ".join(printable(text).split())
