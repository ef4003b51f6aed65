"""Answers given lately: the workers of one job all post the same failure."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from time import monotonic

from ..diagnosis import Diagnosis

_MOST = 256
_LONGEST = 1_000_000
"""Bytes of a report up to which it is looked up; hashing takes a millisecond by then."""


class Recent:
    """The answers to the last reports, by the hash of the report: none is kept itself. For one thread.

    Args:
        seconds: how long an answer stays true: what is known of the machine changes when somebody mends it.
    """

    def __init__(self, seconds: float = 30.0) -> None:
        self._seconds = seconds
        self._answers: OrderedDict[tuple[bytes, int], tuple[float, Diagnosis]] = OrderedDict()

    def get(self, report: bytes, top: int) -> Diagnosis | None:
        """The answer to just this report, if it was given lately."""
        if len(report) > _LONGEST:
            return None
        key = _key(report, top)
        given, found = self._answers.get(key, (0.0, None))
        if found is None or monotonic() - given > self._seconds:
            return None
        self._answers.move_to_end(key)
        return found

    def keep(self, report: bytes, top: int, diagnosis: Diagnosis) -> None:
        """Keeps an answer; the one that was not asked for longest goes."""
        if len(report) <= _LONGEST:
            self._answers[_key(report, top)] = monotonic(), diagnosis
            if len(self._answers) > _MOST:
                self._answers.popitem(last=False)


def _key(report: bytes, top: int) -> tuple[bytes, int]:
    return hashlib.sha256(report).digest(), top
