"""The signature channel: every pattern of every case over a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..kb.patterns import AnchoredPatterns, PatternError, Span, first_span


@dataclass(frozen=True, slots=True)
class StoredSignature:
    """A signature, the case it belongs to, and what stands wherever it matches (`kb/anchors.py`)."""

    case: str
    regex: str
    role: str
    anchors: Sequence[Sequence[str]] = ()


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
    """All signatures: one pass for their anchors, then those patterns whose anchor was found."""

    def __init__(self, signatures: Sequence[StoredSignature]) -> None:
        # Advice never counts, so it need not be looked for.
        self._signatures = [signature for signature in signatures if signature.role != "advice"]
        self._anchored = AnchoredPatterns([signature.anchors for signature in self._signatures])

    def matches(self, text: str, error_spans: Sequence[tuple[int, int]] = ()) -> list[Match]:
        """What is found in the text, each signature at most once: in the first span that has it, else anywhere.

        Raises:
            ExtraMissing: google-re2 cannot be imported.
        """
        candidates = (self._signatures[number] for number in self._anchored.candidates(text))
        found = (_match(signature, text, error_spans) for signature in candidates)
        return [match for match in found if match]


def _match(signature: StoredSignature, text: str, error_spans: Sequence[tuple[int, int]]) -> Match | None:
    whole = (0, len(text))
    for first, last in (*error_spans, whole):
        span = _first(signature.regex, text[first:last])
        if span:
            at_error = not error_spans or (first, last) in error_spans
            return Match(signature.case, signature.role, span.start + first, span.end + first, span.groups, at_error)
    return None


def _first(regex: str, text: str) -> Span | None:
    try:
        return first_span(regex, text)
    except PatternError:  # named when the index was built
        return None
