"""A command line, word by word."""

from __future__ import annotations

from collections.abc import Sequence

from .text import redacted

_PROGRAM = 2
"""Words that name one: `docker login`."""


def redacted_command(words: Sequence[str]) -> list[str]:
    """The words of a command, redacted: what follows a flag such as `--token` goes with it."""
    return [_word(words[:number], word) for number, word in enumerate(words)]


def _word(before: Sequence[str], word: str) -> str:
    """A word, given those before it."""
    alone = redacted(word)
    if alone != word or not before or not before[-1].startswith("-"):
        return alone
    told = " ".join([*before[:-1][:_PROGRAM], before[-1], f'"{word}"'])
    return "<secret>" if redacted(told).endswith(' "<secret>"') else word
