"""The words without which a pattern cannot match, so that of a thousand patterns only a few need be compiled.

RE2 matches a set in one pass, but compiling some hundred patterns takes longer than the whole rest of an answer. So the
one pass is made over plain words, worked out when the index is built; the few patterns whose words occur follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # pyright: ignore[reportAttributeAccessIssue] - what sre_constants was
from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue] - what sre_parse was
from typing import Any

SHORTEST = 4
"""Shorter words occur everywhere and would sort out nothing."""

_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


def anchors(regex: str) -> tuple[str, ...]:
    """Lower-case words of which one stands in every text that the pattern matches; empty where none is known."""
    try:
        # RE2 takes flags anywhere, Python only in front.
        found = _of_sequence(parser.parse(_without_flags(regex)))
    except (re.error, RecursionError, OverflowError):
        return ()
    return tuple(sorted(found)) if found else ()


def _without_flags(regex: str) -> str:
    return re.sub(r"\(\?[imsU]+\)", "", regex)


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The best anchors of anything in a sequence: all of it must match, so any part will do."""
    best: frozenset[str] = frozenset()
    run = ""
    for code, value in [*items, (None, None)]:
        if code is op.LITERAL:
            run += chr(value).lower()
            continue
        best = _better(best, frozenset([run]) if len(run) >= SHORTEST else frozenset())
        run = ""
        best = _better(best, _of_item(code, value))
    return best


def _of_item(code: Any, value: Any) -> frozenset[str]:
    if code is op.SUBPATTERN:
        return _of_sequence(value[-1])
    if code in _REPEATS and value[0] > 0:
        return _of_sequence(value[2])
    if code is op.BRANCH:
        return _of_branches([_of_sequence(branch) for branch in value[1]])
    return frozenset()


def _of_branches(branches: Sequence[frozenset[str]]) -> frozenset[str]:
    """One of the branches matches, so every one must have an anchor."""
    return frozenset().union(*branches) if all(branches) else frozenset()


def _better(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The one whose shortest word is longer: it sorts out more."""
    return max(one, other, key=lambda words: (min(map(len, words), default=0), -len(words)))
