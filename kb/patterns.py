"""Compiles and matches the patterns of signatures: RE2, so that hostile input takes linear time too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
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


@lru_cache(maxsize=16_384)
def compile_pattern(regex: str) -> Any:
    """The compiled pattern: case-insensitive, ^ and $ at line borders.

    Raises:
        PatternError: the pattern is not valid RE2.
        ExtraMissing: google-re2 cannot be imported.
    """
    re2 = _re2()
    try:
        return re2.compile(f"(?m){regex}", _options(re2))
    except re2.error as error:
        raise PatternError(_reason(error)) from None


@lru_cache(maxsize=16_384)
def _test(regex: str) -> Any:
    """A set of this one pattern: it says whether, not where, and so never builds the automaton that runs backwards."""
    re2 = _re2()
    try:
        test = re2.Set.SearchSet(_options(re2))
        test.Add(f"(?m){regex}")
        test.Compile()
    except re2.error:
        compile_pattern(regex)  # names what is wrong with it, which a set does not
        raise
    return test


def matches(regex: str, text: str) -> bool:
    """Whether a pattern matches anywhere: for patterns tried once, some ten times faster than where it does.

    Raises:
        PatternError: it is not valid RE2.
        ExtraMissing: google-re2 cannot be imported.
    """
    return bool(_test(regex).Match(text))


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


_LONG = 50_000
"""Characters of a single text from which compiling the words for one pass pays."""


class AnchoredPatterns:
    """Many patterns of which few can match: plain words tell which are worth trying.

    Args:
        anchors: for each pattern what must stand in every text it matches (see `anchors.py`); a pattern
            without is always worth trying.
        many_texts: so many texts will be tried that compiling the words for one pass pays.
    """

    def __init__(self, anchors: Sequence[Sequence[Sequence[str]]], *, many_texts: bool = False) -> None:
        self._many_texts = many_texts
        self._further = [conditions[1:] for conditions in anchors]
        self._always = [number for number, conditions in enumerate(anchors) if not conditions]
        self._by_word: dict[str, list[int]] = {}
        for number, conditions in enumerate(anchors):
            for word in conditions[0] if conditions else ():
                self._by_word.setdefault(word, []).append(number)

    def candidates(self, text: str) -> list[int]:
        """The numbers of the patterns that may match, ascending.

        Raises:
            ExtraMissing: google-re2 cannot be imported.
        """
        one_pass = self._many_texts or len(text) > _LONG
        lower = text.lower()
        words = self._found_in_one_pass(text) if one_pass else [word for word in self._by_word if word in lower]
        begun = {number for word in words for number in self._by_word[word]}
        return sorted([*self._always, *(number for number in begun if self._hold(number, lower))])

    def _hold(self, number: int, lower: str) -> bool:
        return all(any(word in lower for word in words) for words in self._further[number])

    def _found_in_one_pass(self, text: str) -> list[str]:
        words, compiled = self._set
        return [words[place] for place in compiled.Match(text) or ()] if words else []

    @cached_property
    def _set(self) -> tuple[list[str], Any]:
        re2 = _re2()
        compiled = re2.Set.SearchSet(_options(re2))
        for word in self._by_word:
            compiled.Add(re.escape(word))
        if self._by_word:
            compiled.Compile()
        return list(self._by_word), compiled
