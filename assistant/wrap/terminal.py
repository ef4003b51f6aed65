"""Terminals: ours, whose keys go to the command as they are typed, and those that we make."""

from __future__ import annotations

import os
import termios
import tty
from contextlib import suppress

_OUTPUT, _LOCAL, _CHARACTERS = 1, 3, 6
"""Places in the list of a terminal's attributes."""


class Terminal:
    """Our own terminal, which is as before when the command ends."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._before: list | None = None

    @property
    def taken(self) -> bool:
        """Whether every key comes to us."""
        return self._before is not None

    def take(self) -> None:
        """Has every key handed to us, unless a shell keeps us in the background."""
        with suppress(OSError, termios.error):
            if self._before is None and _in_front(self._fd):
                before = termios.tcgetattr(self._fd)
                tty.setraw(self._fd, termios.TCSANOW)
                self._before = before

    def give_back(self) -> None:
        """Makes it what it was."""
        before, self._before = self._before, None
        with suppress(OSError, termios.error):
            if before and _in_front(self._fd):
                termios.tcsetattr(self._fd, termios.TCSANOW, before)


def _in_front(fd: int) -> bool:
    try:
        return os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:  # no shell decides about this terminal
        return True


def suspend_key(terminal: int, group: int) -> bytes | None:
    """The key that stops this process group in a terminal; None where it is a key like all others."""
    try:
        attributes = termios.tcgetattr(terminal)
        stops = attributes[_LOCAL] & termios.ISIG and os.tcgetpgrp(terminal) == group
    except (OSError, termios.error):
        return None
    return attributes[_CHARACTERS][termios.VSUSP] if stops else None


def same_size(terminal: int, as_this: int) -> None:
    """Gives a terminal the size of another; the processes in it are told."""
    with suppress(OSError, termios.error):
        termios.tcsetwinsize(terminal, termios.tcgetwinsize(as_this))


def new_terminal(like: int, *, raw: bool) -> tuple[int, int]:
    """A pseudo-terminal as large as another one and set like it: our side and the other.

    `raw`: what is written into it comes out as it is, since the real terminal will do the rest.
    """
    master, slave = os.openpty()
    attributes = termios.tcgetattr(like)
    if raw:
        attributes[_OUTPUT] &= ~termios.OPOST
    else:
        attributes[_OUTPUT] |= termios.OPOST  # ours may have been taken
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    same_size(master, like)
    return master, slave
