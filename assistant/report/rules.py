"""Rules that name a failure by a line, and the search for them in a whole text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from .clean import CleanLine
from .types import Finding, Kind, Role

_MOST = 100
"""Hits of one rule that are looked at; a log may repeat a line a million times."""
_SPOKEN = re.compile(r"(?<![\w/'\"])(?:I|I'm|we|my|our|although|Hi|Hello)(?![\w/'\"=:])|[\u3400-\u9fff]{4}")
"""Words of a person telling a person; programs that log do not use them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line that holds `literal` and matches `pattern` is the failure `name`."""

    name: str
    literal: str
    """Searched for first, case-sensitively, because most rules are absent from most reports."""
    pattern: str
    """From where in the line the message is taken; `^` and `$` are the line's."""
    role: Role = "other"
    weight: int = 2


@dataclass(frozen=True, slots=True)
class Page:
    """Cleaned lines with the text they make, for searches over all of them."""

    lines: Sequence[CleanLine]
    text: str
    starts: Sequence[int]

    def index(self, offset: int) -> int:
        """The index in `lines` of a character offset in `text`."""
        return bisect_right(self.starts, offset) - 1


def apply(rules: Iterable[Rule], kind: Kind, page: Page) -> Iterator[Finding]:
    """Findings of all rules, rule by rule; a line may be found by several."""
    for rule in rules:
        if rule.literal not in page.text:
            continue
        for count, match in enumerate(_compiled(rule.pattern).finditer(page.text)):
            if count >= _MOST:
                break
            line = page.lines[page.index(match.start())]
            message = next((group for group in match.groups() if group), match[0]).strip()
            weight = 0 if _SPOKEN.search(line.text) else rule.weight
            yield Finding(kind, rule.name, message, line.number, line.number, role=rule.role, weight=weight)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)
