"""Untrusted text in Markdown: nothing in it is markup, mentions anybody, refers to an issue or holds a known secret."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..redact import redacted
from ..safe import one_line, printable

_SPECIAL = re.compile(r"([\\`*\[\]|]|(?<![^\W_])_|_(?![^\W_]))")
_RISKY = re.compile(r"[@#<>&]|~~|://|^GH-\d|\b[0-9a-f]{7,40}\b|^[-=+*_~`]+$|^\d+[.)]$")
"""Words that a tracker would turn into a mention, a reference, a link, a heading, a list or HTML."""


def plain(text: str) -> str:
    """Text on one line; words that could be more than text stand as code."""
    return " ".join(_word(word) for word in redacted(one_line(text)).split())


def code(text: str) -> str:
    """Text on one line as code."""
    inner = redacted(one_line(text))
    marks = "`" * (1 + _longest_run(inner))
    space = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{marks}{space}{inner}{space}{marks}"


def fenced(lines: Iterable[str], language: str = "text") -> list[str]:
    """A block of code whose fence is longer than any in it."""
    text = redacted(printable("\n".join(lines)))
    fence = "`" * max(3, 1 + _longest_run(text))
    return [f"{fence}{language}", *text.split("\n"), fence]


def folded(title: str, lines: Iterable[str]) -> list[str]:
    """Lines that are shown on a click."""
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>"]


def asked(text: str) -> str:
    """A place that is left to the user."""
    return f"_{text}_"


def _word(word: str) -> str:
    return code(word) if _RISKY.search(word) else _SPECIAL.sub(r"\\\1", word)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
