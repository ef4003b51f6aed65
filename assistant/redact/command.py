"""A command line, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PROGRAM = 2
"""Words that name one: `docker login`."""
_PLAIN = re.compile(r"[\w.+,-]{0,15}")
"""Too short for a token, and no address, path or assignment."""
_ASKS = re.compile(r"-\w$|-.*(?:pass|pwd|secret|token|key|auth|cred|user|cookie|header|login)", re.IGNORECASE)
"""A flag after which a short word may be a secret."""


def redacted_command(words: Sequence[str]) -> list[str]:
    """The words of a command, redacted: what follows a flag such as `--token` goes with it."""
    return [_word(words[:number], word) for number, word in enumerate(words)]


def _word(before: Sequence[str], word: str) -> str:
    """A word, given those before it."""
    if _PLAIN.fullmatch(word) and not (before and _ASKS.match(before[-1])):
        return word  # most are, and a run need not wait until all rules are loaded
    from .text import redacted

    alone = redacted(word)
    if alone != word or not before or not before[-1].startswith("-"):
        return alone
    told = " ".join([*before[:-1][:_PROGRAM], before[-1], f'"{word}"'])
    return "<secret>" if redacted(told).endswith(' "<secret>"') else word
