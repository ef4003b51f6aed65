"""The signature channel: every pattern of every case over a report in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..kb.patterns import PatternSet


@dataclass(frozen=True, slots=True)
class StoredSignature:
    """A signature and the case it belongs to."""

    case: str
    regex: str
    role: str


@dataclass(frozen=True, slots=True)
class Match:
    """A signature found in a report."""

    case: str
    role: str
    start: int
    end: int
    groups: Mapping[str, str]
    at_error: bool
    """It stands in the initiating error, or the report names none."""


class SignatureMatcher:
    """All signatures, compiled once.

    Raises:
        ExtraMissing: google-re2 cannot be imported.
    """

    def __init__(self, signatures: Sequence[StoredSignature]) -> None:
        # Advice never counts, so it need not be looked for.
        self._signatures = [signature for signature in signatures if signature.role != "advice"]
        self._set = PatternSet([signature.regex for signature in self._signatures])

    def matches(self, text: str, error_span: tuple[int, int] | None = None) -> list[Match]:
        """What is found in the text, each signature at most once: where it touches the error if it does, else first."""
        return [self._match(number, text, error_span) for number in self._set.matching(text)]

    def _match(self, number: int, text: str, error_span: tuple[int, int] | None) -> Match:
        signature = self._signatures[number]
        first, last = error_span or (0, len(text))
        span, offset = self._set.first(number, text[first:last]), first
        at_error = span is not None
        if span is None:
            span, offset = self._set.first(number, text), 0
        if span is None:  # the set and the single pattern read the same text
            raise AssertionError(signature.regex)
        return Match(signature.case, signature.role, span.start + offset, span.end + offset, span.groups, at_error)
