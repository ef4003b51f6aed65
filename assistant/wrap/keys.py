"""What is typed, for the command."""

from __future__ import annotations

import os
import signal

from .signals import Signals
from .terminal import Terminal, same_size, suspend_key

_STDIN = 0
_BLOCK = 4096
_TYPED_AHEAD = 64 << 10
"""Bytes that are held for a command that does not read its input; beyond them the terminal waits."""


class Keys:
    """Hands keys on from our terminal to that of the command, and stops and continues both together.

    Ctrl-C and all other keys mean there what the command's terminal is set to. Only Ctrl-Z is ours: the kernel stops
    nothing in a terminal that has no shell.
    """

    def __init__(self, terminal: Terminal, master: int, child: int, signals: Signals) -> None:
        self.master = master
        self._terminal, self._child, self._signals = terminal, child, signals
        self._typed = b""
        self._open = True
        signals.on(signal.SIGWINCH, lambda: same_size(master, _STDIN))
        signals.on(signal.SIGCONT, terminal.take)
        signals.on(signal.SIGTSTP, self._suspend)

    def reading(self) -> list[int]:
        """Where keys come from, while they are wanted."""
        wanted = self._open and self._terminal.taken and len(self._typed) < _TYPED_AHEAD
        return [_STDIN] if wanted else []

    def writing(self) -> list[int]:
        """Where keys go, while there are some."""
        return [self.master] if self._typed else []

    def hand_on(self, ready: list[int]) -> None:
        """Takes new keys, and gives on what the command takes."""
        if _STDIN in ready:
            self._take()
        if self._typed:
            self._give()

    def _take(self) -> None:
        try:
            keys = os.read(_STDIN, _BLOCK)
        except OSError:  # our terminal is gone
            keys = b""
        self._open = bool(keys)
        stop = suspend_key(self.master, self._child)
        if stop and stop in keys:
            keys = keys.replace(stop, b"")
            self._suspend()
        self._typed += keys

    def _give(self) -> None:
        try:
            self._typed = self._typed[os.write(self.master, self._typed) :]
        except BlockingIOError:
            return
        except OSError:
            self._typed, self._open = b"", False

    def _suspend(self) -> None:
        """Stops the command and us, as a shell expects of its job, until the shell continues us."""
        self._signals.send(signal.SIGSTOP)
        self._terminal.give_back()
        ours = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, ours)
        self._terminal.take()
        self._signals.send(signal.SIGCONT)
