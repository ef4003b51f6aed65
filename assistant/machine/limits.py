"""How long a probe may take: a network disk or a driver that hangs costs its limit, and no more."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class CutError(Exception):
    """A probe did not answer in its time."""


class Probe(Generic[T]):
    """A function at work in a thread that nobody has to wait for, not even the interpreter when it ends.

    Not a Future of the standard library, whose package costs every diagnosis 10 ms to import.
    """

    _value: T

    def __init__(self, function: Callable[..., T], *args: object) -> None:
        self._began = monotonic()
        self._ended = Event()
        self._error: BaseException | None = None
        try:
            Thread(target=self._work, args=(function, args), daemon=True).start()
        except RuntimeError:  # no thread to be had (ulimit -u): done at once, without a limit
            self._work(function, args)

    def _work(self, function: Callable[..., T], args: tuple[object, ...]) -> None:
        try:
            self._value = function(*args)
        except BaseException as error:  # noqa: BLE001 - it is raised again where the answer is asked for
            self._error = error
        finally:
            self._ended.set()

    def within(self, seconds: float) -> T:
        """Its answer, waited for until so many seconds after its start.

        Raises:
            CutError: there was none. What the function raised is raised as it was.
        """
        if not self._ended.wait(max(0.0, self._began + seconds - monotonic())):
            raise CutError(f"no answer within {seconds:g} s")
        if self._error is not None:
            raise self._error
        return self._value


def within(seconds: float, function: Callable[..., T], *args: object) -> T:
    """What the function returns, given up after so many seconds.

    Raises:
        CutError: it did not answer in time. What it raised is raised as it was.
    """
    return Probe(function, *args).within(seconds)
