"""Signals that are sent to us are for the command."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

_STOPS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)
_FROM_KEYS = (signal.SIGINT, signal.SIGQUIT)


class Signals:
    """Hands signals on, and wakes whoever waits for `wake`.

    Args:
        child: the process.
        group: whether it is the leader of a process group of its own. Else its terminal, which is ours too, has sent it
            what was typed.
    """

    def __init__(self, child: int, *, group: bool) -> None:
        self.asked_to_stop = False
        self.wake, self._write = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(self._write, False)
        self._child: int | None = child
        self._group = group
        self._handlers: dict[int, Callable[[], object]] = {}
        self._before: dict[int, Any] = {}

    def on(self, number: int, handler: Callable[[], object]) -> None:
        """What to do with a signal that is not to be handed on; to be said before `take`."""
        self._handlers[number] = handler

    def take(self) -> None:
        """From now on signals come to us; those that were ignored before stay so."""
        stops = [number for number in _STOPS if signal.getsignal(number) is not signal.SIG_IGN]
        for number in (signal.SIGCHLD, *self._handlers, *stops):
            self._before[number] = signal.signal(number, self._receive)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)

    def give_back(self) -> None:
        """Signals do again what they did before."""
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self.wake)
        os.close(self._write)

    def woken(self) -> None:
        """Takes note of what woke us."""
        with suppress(BlockingIOError):
            os.read(self.wake, 512)

    def send(self, number: int) -> None:
        """Sends the command a signal; nothing happens once it has ended."""
        if self._child is not None:
            with suppress(ProcessLookupError, PermissionError):
                (os.killpg if self._group else os.kill)(self._child, number)

    def ended(self) -> None:
        """The process is gone: its number may be that of another one now."""
        self._child = None

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        if number in self._handlers:
            self._handlers[number]()
        elif number in _STOPS:
            self.asked_to_stop = True
            if self._group or number not in _FROM_KEYS:
                self.send(number)
