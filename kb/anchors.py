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

Words = tuple[str, ...]
"""Lower-case words of which one stands in every text that a pattern matches."""

_NARROWEST = 3
"""Narrower words occur everywhere and would sort out nothing; a Chinese character counts as two of Latin script."""
_MOST = 6
"""So many conditions of one pattern are kept: the first two or three sort out nearly everything."""

_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


def anchors(regex: str) -> tuple[Words, ...]:
    """What must stand in every text that the pattern matches: one word of each of these, the most telling ones first.

    Empty where nothing is known.
    """
    try:
        # RE2 takes flags anywhere, Python only in front.
        found = _of_sequence(parser.parse(_without_flags(regex)))
    except (re.error, RecursionError, OverflowError):
        return ()
    ordered = sorted(set(found), key=lambda words: (_worth(words), sorted(words)), reverse=True)
    return tuple(tuple(sorted(words)) for words in ordered[:_MOST])


def _without_flags(regex: str) -> str:
    return re.sub(r"\(\?[imsU]+\)", "", regex)


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> list[frozenset[str]]:
    """All of a sequence must match, so it has the conditions of all its parts."""
    found: list[frozenset[str]] = []
    run = ""
    for code, value in [*items, (None, None)]:
        if code is op.LITERAL:
            run += chr(value).lower()
            continue
        if _width(run) >= _NARROWEST:
            found.append(frozenset([run]))
        run = ""
        found += _of_item(code, value)
    return found


def _of_item(code: Any, value: Any) -> list[frozenset[str]]:
    if code is op.SUBPATTERN:
        return _of_sequence(value[-1])
    if code in _REPEATS and value[0] > 0:
        return _of_sequence(value[2])
    if code is op.BRANCH:
        return _of_branches([_of_sequence(branch) for branch in value[1]])
    return []


def _of_branches(branches: Sequence[list[frozenset[str]]]) -> list[frozenset[str]]:
    """One of the branches matches, so the best condition of each of them, and only if every one has any."""
    if not all(branches):
        return []
    return [frozenset().union(*(max(branch, key=_worth) for branch in branches))]


def _worth(words: frozenset[str]) -> tuple[int, int]:
    """More where the shortest word is longer, and there are fewer of them: it sorts out more."""
    return min(map(_width, words)), -len(words)


def _width(word: str) -> int:
    return len(word) if word.isascii() else sum(1 if letter.isascii() else 2 for letter in word)
