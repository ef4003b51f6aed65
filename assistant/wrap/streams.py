"""What stands in for stdin, stdout and stderr of the command: terminals where ours are terminals, else pipes."""

from __future__ import annotations

import os
from typing import NamedTuple

from .terminal import new_terminal

STDIN, STDOUT, STDERR = 0, 1, 2


class Outlet(NamedTuple):
    """Where output comes from, and where it goes."""

    source: int
    target: int
    kept: bool = True
    """Whether it is output of the command, which belongs into the log."""


class Streams:
    """The three of the command, and ours to them."""

    def __init__(self) -> None:
        self.files = [STDIN, STDOUT, STDERR]
        """What the command gets."""
        self.outlets: list[Outlet] = []
        self.master: int | None = None
        """Our side of the terminal in which the command runs, where it runs in one."""
        self.typed = False
        """Whether what is typed into our terminal is for it."""

    def handed_over(self) -> None:
        """Closes what is the command's alone, so that its end is seen."""
        for fd in {fd for fd in self.files if fd > STDERR}:
            os.close(fd)


def open_streams() -> Streams:
    """Streams of the kinds that ours are."""
    streams = Streams()
    if os.isatty(STDOUT):
        _in_terminal(streams, typed=os.isatty(STDIN))
    else:
        _add(streams, STDOUT)
    if STDERR not in {place for place, fd in enumerate(streams.files) if fd > STDERR}:
        _add(streams, STDERR)
    return streams


def _in_terminal(streams: Streams, *, typed: bool) -> None:
    master, slave = new_outlet(STDOUT, raw=not typed)
    streams.master = master
    streams.outlets.append(Outlet(master, STDOUT))
    streams.files[STDOUT] = slave
    if os.isatty(STDERR):
        streams.files[STDERR] = slave
    if typed:
        streams.files[STDIN], streams.typed = slave, True


def _add(streams: Streams, place: int) -> None:
    if place == STDERR and streams.master is None and _same(STDOUT, STDERR):
        streams.files[STDERR] = streams.files[STDOUT]  # 2>&1: one pipe keeps their order
        return
    source, streams.files[place] = new_outlet(place, raw=True)
    streams.outlets.append(Outlet(source, place))


def new_outlet(like: int, *, raw: bool) -> tuple[int, int]:
    """Our side and the other of a terminal, or a pipe, as `like` is one."""
    ours, theirs = new_terminal(like, raw=raw) if os.isatty(like) else os.pipe()
    os.set_blocking(ours, False)
    return ours, theirs


def _same(one: int, other: int) -> bool:
    try:
        return os.path.sameopenfile(one, other)
    except OSError:
        return False
