"""The rules, one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from .assigned import ASSIGNED
from .hosts import HOSTS
from .numbers import NUMBERS
from .own import own_names
from .people import PEOPLE
from .rule import Rule
from .tokens import TOKENS

_MAX_MEM = 1 << 28
"""Bytes RE2 may use for the signs: with its default it would start anew again and again in a long log."""
_ROUNDS = 4
"""At most: what is taken out can lay bare what stands beside it, so it is done until nothing changes."""


@cache
def _rules() -> tuple[Rule, ...]:
    """All in their order: what is sure comes before what is told by its surroundings."""
    return (*TOKENS, *ASSIGNED, *PEOPLE, *NUMBERS, *HOSTS, *own_names())


def redacted(text: str) -> str:
    """The text without tokens, passwords, keys, cookies, mail and network addresses, and names of users and machines.

    What is not recognised stays: this makes a text fit to be kept, and is no leave to publish it unread. What says
    which error it is stays too: public hosts, models, versions, commits, placeholders and lines of code.
    """
    for _ in range(_ROUNDS):
        before, text = text, _without(text, _found(text.encode("utf-8", "replace")))
        if text == before:
            break
    return text


def redacted_bytes(text: bytes) -> bytes:
    """The same of a text in any encoding."""
    if not _found(text):
        return text
    return redacted(text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _without(text: str, found: Sequence[int]) -> str:
    for rule in (_rules()[number] for number in found):
        text = re.sub(rule.pattern, rule.put, text)
    return text


def _found(text: bytes) -> Sequence[int]:
    """The numbers of the rules that are worth trying, told in one pass; without google-re2 all are."""
    signs = _signs()
    return range(len(_rules())) if signs is None else sorted(signs.Match(text) or ())


@cache
def _signs() -> Any:
    try:
        import re2
    except ImportError:
        return None
    options = re2.Options()
    options.case_sensitive, options.encoding, options.max_mem = False, re2.Options.Encoding.LATIN1, _MAX_MEM
    signs = re2.Set.SearchSet(options)
    for rule in _rules():
        signs.Add(rule.sign.encode("latin-1", "replace"))
    signs.Compile()
    return signs
