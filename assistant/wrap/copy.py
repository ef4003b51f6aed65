"""Copies what a command prints to where it belongs and into the log, and our keys to the command, until it ends."""

from __future__ import annotations

import os
import select
from collections.abc import Iterable
from time import monotonic, sleep
from typing import TYPE_CHECKING

from .keys import Keys
from .log import Log
from .signals import Signals
from .streams import Outlet

if TYPE_CHECKING:
    from .aside import Aside

_BLOCK = 64 << 10
_SMALL, _SOON, _GATHERING = 1024, 0.001, 0.0002
"""Bytes and seconds: of many small writes one after another several are copied at once."""
_IDLE = 0.1
"""Seconds without output after which the log is written."""
_QUIET = 0.2
"""Seconds without output after which the end of a command is the end, though something it started lives on."""
_CHATTER = 2.0
"""Seconds of waiting for output after which it is, even if that goes on printing: all of the command's was there."""


class Copier:
    """Stands between a command and us."""

    def __init__(
        self, outlets: Iterable[Outlet], signals: Signals, log: Log | None, keys: Keys | None, aside: Aside | None
    ) -> None:
        self._outlets = list(outlets)
        self._signals, self._log, self._keys, self._aside = signals, log, keys, aside
        self.printed = False
        self._woken = True
        """Whether a signal came, which may be that of the command's end."""
        self._waited = 0.0
        """Seconds without output."""
        self._copied = _SMALL
        """Bytes, the last time."""

    def until_end(self, child: int) -> int:
        """Copies until the command has ended and all it printed is copied; returns what waitpid says of it."""
        while (status := self._ended(child)) is None:
            self._turn(self._timeout())
        self._waited = 0.0
        while self._outlets and self._waited < _CHATTER:
            if not self._turn(_QUIET):
                break
        if self._aside:
            self._finish(self._aside)
        return status

    def _ended(self, child: int) -> int | None:
        if not self._woken:
            return None
        self._woken = False
        process, status = os.waitpid(child, os.WNOHANG)
        if not process:
            return None
        self._signals.ended()
        return status

    def _timeout(self) -> float | None:
        due = self._aside.due() if self._aside else None
        idle = _IDLE if self._log and self._log.waits else None
        return min((time for time in (due, idle) if time is not None), default=None)

    def _turn(self, timeout: float | None) -> bool:
        """Copies what is there; False where nothing came."""
        beside = self._aside.outlets if self._aside else []
        by_source = {outlet.source: outlet for outlet in (*self._outlets, *beside)}
        reading = [*by_source, self._signals.wake, *(self._keys.reading() if self._keys else ())]
        writing = self._keys.writing() if self._keys else []
        before = monotonic()
        ready, _, _ = select.select(reading, writing, [], timeout)
        waited = monotonic() - before
        self._waited += waited
        if self._signals.wake in ready:
            self._signals.woken()
            self._woken = True
        if self._keys:
            self._keys.hand_on(ready)
        came = [by_source[fd] for fd in ready if fd in by_source]
        if came and waited < _SOON and self._copied < _SMALL:
            sleep(_GATHERING)
        self._copied = sum(self._copy(outlet) for outlet in came)
        if not came and self._log:
            self._log.flush()
        if self._aside and self._aside.due() == 0:
            self._aside.start()
        return bool(came)

    def _copy(self, outlet: Outlet) -> int:
        data = _read(outlet.source)
        if data and outlet.kept:
            self._keep(data)
        if data is not None and not (data and _write(outlet.target, data)):
            self._close(outlet)
        return len(data or b"")

    def _keep(self, data: bytes) -> None:
        self.printed = True
        if self._log:
            self._log.write(data)
        if self._aside:
            self._aside.feed(data)

    def _close(self, outlet: Outlet) -> None:
        """It has ended, or nobody reads it any more, which the command is to learn as it would without us."""
        if outlet in self._outlets:
            self._outlets.remove(outlet)
            if self._keys and self._keys.master == outlet.source:
                self._keys = None
            os.close(outlet.source)
        elif self._aside:
            self._aside.ended()

    def _finish(self, aside: Aside) -> None:
        while aside.outlets:
            for outlet in aside.outlets:
                select.select([outlet.source], [], [])
                self._copy(outlet)


def _read(fd: int) -> bytes | None:
    """What is there, up to a block; nothing at the end, None where there is nothing yet."""
    try:
        return os.read(fd, _BLOCK)
    except BlockingIOError:
        return None
    except OSError:  # Linux says so when the last process has closed a terminal
        return b""


def _write(fd: int, data: bytes) -> bool:
    """Writes all of it; False where nobody can read it any more."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(fd, rest) :]
        except BlockingIOError:  # somebody else has made our terminal so
            select.select([], [fd], [])
        except OSError:
            return False
    return True
