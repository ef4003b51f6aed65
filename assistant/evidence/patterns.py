"""The patterns that checks of variables and files hold; one that cannot be used holds nowhere."""

from __future__ import annotations

from typing import Any

from ...kb.errors import ExtraMissing
from ...kb.patterns import PatternError, compile_pattern


def holds(pattern: str | None, value: str) -> bool:
    """Whether a pattern matches the whole value, in any case of letters."""
    compiled = _compiled(pattern)
    return compiled is not None and compiled.fullmatch(value) is not None


def occurs(pattern: str | None, value: str) -> bool:
    """Whether a pattern matches somewhere in the value, in any case of letters."""
    compiled = _compiled(pattern)
    return compiled is not None and compiled.search(value) is not None


def _compiled(pattern: str | None) -> Any:
    try:
        return None if pattern is None else compile_pattern(f"(?:{pattern})")
    except (PatternError, ExtraMissing):
        return None
