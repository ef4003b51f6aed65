"""What every rule is: where to look, what is found there, and what stands in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """Every repetition in a pattern is bounded or can only end in a match, so that hostile text takes linear time."""

    sign: str
    """In RE2, in any case: stands in whatever the pattern matches, and is found a hundred times sooner than that."""
    pattern: str
    put: str | Callable[[re.Match[str]], str]
    """What stands in its place; a judge returns what was found where that is harmless."""
