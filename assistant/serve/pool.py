"""Threads for what takes processor time: so many work, so many wait, and the rest is told to come again."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from .problems import Gone, Refused

T = TypeVar("T")
_AGAIN = 2
"""Seconds after which a client that was turned away may try again."""
_STUCK = 4
"""For each worker so many may go on over their time."""


class Pool:
    """A bounded queue before a bounded number of threads.

    A thread cannot be ended from outside: one that goes on after its request was given up gives its turn to the next,
    and is counted. Too many of those, and nobody is let in until some have ended.
    """

    def __init__(self, workers: int, queue: int) -> None:
        self._turns = CapacityLimiter(workers)
        self._threads = CapacityLimiter(math.inf)
        self._most, self._most_stuck = workers + queue, workers * _STUCK
        self._counting = Lock()
        self._working = 0
        self.inside = 0
        """Requests between their first byte and their answer."""

    @property
    def waiting(self) -> int:
        """Requests that wait for a thread."""
        return self._turns.statistics().tasks_waiting

    @property
    def stuck(self) -> int:
        """Threads that go on although their request was given up."""
        return max(0, self._working - int(self._turns.borrowed_tokens))

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place inside, until the request is answered.

        Raises:
            Refused: there is none.
        """
        if self.inside >= self._most or self.stuck >= self._most_stuck:
            raise Refused(503, "too many reports at once", f"try again in {_AGAIN} seconds", retry_after=str(_AGAIN))
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1

    async def run(self, work: Callable[[], T], gone: Callable[[], Awaitable[bool]]) -> T:
        """What the work returns, done in a thread when it is its turn; when it is cancelled, its turn ends at once.

        Raises:
            Gone: nobody waits for it any more.
        """
        async with self._turns:
            if await gone():
                raise Gone
            return await to_thread.run_sync(self._counted, work, abandon_on_cancel=True, limiter=self._threads)

    def _counted(self, work: Callable[[], T]) -> T:
        with self._counting:
            self._working += 1
        try:
            return work()
        finally:
            with self._counting:
                self._working -= 1
