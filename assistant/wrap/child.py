"""Starts the command."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, NoReturn

_CHANGED_BY_PYTHON = ("SIGPIPE", "SIGXFSZ", "SIGXFZ")
Mask = set[signal.Signals] | set[int]
_DEATH_OF_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


@contextmanager
def no_signals() -> Iterator[Mask]:
    """Signals wait until this is over, but for those that waited before."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Place(NamedTuple):
    """Where a command runs."""

    files: Sequence[int]
    """Its stdin, stdout and stderr."""
    terminal: bool
    """In the terminal that its stdout is."""
    alone: bool
    """Without a terminal, in a process group of its own."""


def start(command: tuple[str, ...], place: Place, mask: Mask) -> int:
    """Starts a command, in which the signals of `mask` wait, and returns its process id.

    Raises:
        OSError: the command cannot be executed.
    """
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        _become(command, place, mask, tell)
    os.close(tell)
    with os.fdopen(told, "rb") as opened:
        failed = opened.read()
    if failed:
        os.waitpid(child, 0)
        raise OSError(int(failed), os.strerror(int(failed)))
    return child


def _become(command: tuple[str, ...], place: Place, mask: Mask, tell: int) -> NoReturn:
    try:
        if place.terminal:
            os.setsid()
            fcntl.ioctl(place.files[1], termios.TIOCSCTTY, 0)
        elif place.alone:
            os.setpgid(0, 0)
            _end_with_parent()
        for number, fd in enumerate(place.files):
            if fd != number:
                os.dup2(fd, number)
        for name in _CHANGED_BY_PYTHON:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        _execute(command)
    except OSError as error:
        os.write(tell, str(error.errno).encode())
    finally:
        os._exit(127)


def _execute(command: tuple[str, ...]) -> None:
    try:
        os.execvp(command[0], command)
    except OSError as error:
        if error.errno != errno.ENOEXEC or "/" not in command[0]:
            raise
        os.execvp("sh", ("sh", *command))  # a script that names no interpreter, as shells take it


def _end_with_parent() -> None:
    """A terminal would end it with us; on Linux the kernel does too, where it is asked to."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_DEATH_OF_PARENT, int(signal.SIGHUP))
