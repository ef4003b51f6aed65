"""One line of a log as a person would want to read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from .prefixes import find_prefix

LONGEST = 10_000
"""Longer lines lose their middle, in characters."""
_TAIL = 3_000

_ESCAPES = (
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movements
    r"|\x1b[\]PX^_][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?"  # OSC and other strings: titles, hyperlinks
    r"|\x1b[ -/]*[0-~]"
    r"|(?:\\x1b|\\u001b|\\033|#x1[Bb]|\^\[|\u241b)\[[\d;]{0,20}[A-Za-z]"  # escapes written out
    # what a copy without its ESC leaves
    r"|(?<!\w)\[\d{1,3}(?:;\d{1,3}){0,5}m(?=[\[\s(]|[A-Z\u4e00-\u9fff]|$)|\[0(?:;0)?m"
)
_BAR = (
    r"\d{1,3}%\|[^|]{0,200}\||\d{1,3}%\s?[\u2500-\u259f#=>-]{3}|[\u2588-\u258f\u2501]{4}"
    r"|\d+(?:\.\d+)?\s?(?:it/s|s/it|[kKMG]i?B/s)\b|\b\d{1,3}% Completed|\d+it \["
)
_DROPPED = {
    **dict.fromkeys([*range(32), *range(0x7F, 0xA0)]),
    **dict.fromkeys([0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
    **dict.fromkeys(range(0xD800, 0xE000)),
    ord("\t"): "\t",
    0xA0: " ",
    0x2028: " ",
    0x2029: " ",
}
_BOX_EDGE = "╭╰┌└│┃╮╯"


@dataclass(frozen=True, slots=True)
class CleanLine:
    """A line without escapes, progress bars and prefixes, and what the prefixes said."""

    number: int
    text: str
    rank: str | None = None
    level: str | None = None


def clean(number: int, raw: str) -> Iterator[CleanLine]:
    """The lines that one raw line shows; more than one, or none, where it holds carriage returns."""
    if "\r" not in raw:
        yield _one(number, raw)
        return
    segments = raw.rstrip("\r").split("\r")
    if len(segments) == 1:
        yield _one(number, segments[0])
        return
    told = [segment for segment in segments if segment.strip()]
    # Of bars alone the last one stays: it shows where a program stood still.
    for segment in [segment for segment in told if not is_bar(segment)] or told[-1:]:
        yield _one(number, segment)


def is_bar(text: str) -> bool:
    """Whether this is a progress bar, and not a message printed behind one."""
    found = _bar().search(text[:LONGEST])
    return bool(found) and "rror" not in text[:LONGEST]


def _one(number: int, raw: str) -> CleanLine:
    text = _printable(_cut(raw)).rstrip()
    if text.startswith("> ") and not text.startswith("> >>"):
        text = text[2:]  # quoted in Markdown
    prefix = find_prefix(text)
    if prefix.length:
        text = text[prefix.length :]
    return CleanLine(number, _unboxed(text), prefix.rank, prefix.level)


def _cut(raw: str) -> str:
    if len(raw) <= LONGEST:
        return raw
    left_out = len(raw) - LONGEST
    return f"{raw[: LONGEST - _TAIL]} … {left_out} characters left out … {raw[-_TAIL:]}"


def _printable(raw: str) -> str:
    if "[" in raw or "\x1b" in raw:
        raw = _escapes().sub("", raw)
    return raw if raw.isascii() and raw.isprintable() else raw.translate(_DROPPED)


def _unboxed(text: str) -> str:
    """Without the frame that rich and pip draw around tracebacks, and the margin of exception groups."""
    bare = text.lstrip(" ")
    if not bare:
        return text
    if bare[0] in _BOX_EDGE:
        return re.sub(r"^[╭╰┌└][─━]{0,400}(?:[╮╯┐┘]|>? ?)|[─━]{3,400}[╮╯┐┘]?|^[│┃] ?|\s*[│┃]$", "", bare).rstrip()
    if bare.startswith("| ") and text.startswith("  "):
        return bare[2:]
    return text


@cache
def _escapes() -> re.Pattern[str]:
    return re.compile(_ESCAPES)


@cache
def _bar() -> re.Pattern[str]:
    return re.compile(_BAR)
