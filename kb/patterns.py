"""Compiles the patterns of signatures: RE2, so that matching takes linear time on hostile input too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .errors import ExtraMissing

_MAX_MEM = 1 << 30
"""Bytes RE2 may use for a set; its default of 8 MiB fails to compile some hundred patterns."""


class PatternError(ValueError):
    """A pattern is not valid RE2."""


def _re2() -> Any:
    try:
        import re2
    except Exception as error:
        raise ExtraMissing(
            f"google-re2 does not import: {error}", hint="python -m pip install --force-reinstall google-re2"
        ) from error
    return re2


def _options(re2: Any) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MAX_MEM
    return options


def _lined(regex: str) -> str:
    return f"(?m){regex}"


@lru_cache(maxsize=4096)
def compile_pattern(regex: str) -> Any:
    """The compiled pattern: case-insensitive, ^ and $ at line borders.

    Raises:
        PatternError: the pattern is not valid RE2.
        ExtraMissing: google-re2 cannot be imported.
    """
    re2 = _re2()
    try:
        return re2.compile(_lined(regex), _options(re2))
    except re2.error as error:
        raise PatternError(_reason(error)) from None


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else error
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a pattern matched: character offsets, and what its named groups captured."""

    start: int
    end: int
    groups: dict[str, str]


def first_span(regex: str, text: str) -> Span | None:
    """Where a pattern matches first.

    Raises:
        PatternError: it is not valid RE2.
        ExtraMissing: google-re2 cannot be imported.
    """
    match = compile_pattern(regex).search(text)
    if match is None:
        return None
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    return Span(match.start(), match.end(), groups)


class PatternSet:
    """Many patterns matched in one pass over a text. A pattern that is no RE2 matches nothing.

    Raises:
        ExtraMissing: google-re2 cannot be imported.
    """

    def __init__(self, regexes: Sequence[str]) -> None:
        re2 = _re2()
        self._regexes = tuple(regexes)
        self._set = re2.Set.SearchSet(_options(re2))
        self._numbers: list[int] = []
        for number, regex in enumerate(self._regexes):
            try:
                self._set.Add(_lined(regex))
            except re2.error:
                continue
            self._numbers.append(number)
        if self._numbers:
            self._set.Compile()

    def matching(self, text: str) -> list[int]:
        """The numbers of the patterns that occur in the text, ascending."""
        found = self._set.Match(text) if self._numbers else None
        return sorted(self._numbers[position] for position in found or ())
