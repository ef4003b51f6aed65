"""How fast something goes, and how long it will still take."""

from __future__ import annotations

from collections import deque
from time import monotonic

_WINDOW = 10.0
"""Seconds that are looked back."""


class Rate:
    """Counts from what was done first: what an earlier run did does not make this one fast."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, done: int, at: float | None = None) -> None:
        """So much is done by now."""
        now = monotonic() if at is None else at
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, done))
        while now - self._seen[0][0] > _WINDOW and len(self._seen) > 2:
            self._seen.popleft()

    @property
    def per_second(self) -> float | None:
        """None while that cannot be told."""
        if len(self._seen) < 2:
            return None
        (start, before), (end, after) = self._seen[0], self._seen[-1]
        return (after - before) / (end - start) if end - start > 0 and after > before else None

    def left(self, total: int) -> float | None:
        """Seconds until all is done; None while that cannot be told."""
        rate = self.per_second
        return (total - self._seen[-1][1]) / rate if rate else None
