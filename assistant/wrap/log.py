"""The log of a run: the beginning and the end of what a command printed, in one private file of bounded size.

While the command runs the end is a ring: the newest output takes the place of the oldest, and a seam of bytes between
them says where one ends and the other begins, so that the file can be put in order even if we are killed.
"""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import suppress
from pathlib import Path

HEAD = 4 << 20
TAIL = 12 << 20
"""Bytes of the beginning and of the end that are kept; some of the end is lost to the seam."""
_FULL = HEAD + TAIL
_HELD = 256 << 10
"""Bytes that are held back at most, so that a flood of small writes is not twice as many."""
_SEAM = b"\0\n[firstaid: above is the newest, below the oldest; %016d bytes left out]\n\0"
_LINE = 64 << 10
"""Bytes in which the first whole line behind the gap is looked for."""


class Log:
    """Takes what a command prints.

    Raises:
        OSError: the file cannot be made. Later errors, such as a full disk, only end the log.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._fd = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with suppress(OSError):  # not every file system has locks
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._total = 0
        self._waiting: list[bytes] = []
        self.waits = 0
        """Bytes that are not in the file yet."""
        self._full_disk = False

    def write(self, data: bytes) -> None:
        """Takes the next bytes."""
        self._waiting.append(data)
        self.waits += len(data)
        if self.waits >= _HELD:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        data, self._waiting, self.waits = b"".join(self._waiting), [], 0
        if self._full_disk or not data:
            return
        try:
            self._put(memoryview(data))
        except OSError:
            self._full_disk = True

    def close(self) -> None:
        """Puts the log in order, and takes out of it what only its owner should see."""
        self.flush()
        with suppress(OSError):
            settle(self._fd)
        os.close(self._fd)

    def discard(self) -> None:
        """Removes it."""
        os.close(self._fd)
        self.file.unlink(missing_ok=True)

    def _put(self, data: memoryview) -> None:
        while data:
            place = self._place()
            written = os.pwrite(self._fd, data[: _FULL - place], place)
            self._total += written
            data = data[written:]
        if self._total > _FULL:
            self._mark()

    def _place(self) -> int:
        return self._total if self._total < HEAD else HEAD + (self._total - HEAD) % TAIL

    def _mark(self) -> None:
        place, size = self._place(), len(_SEAM % 0)
        overwritten = min(size, _FULL - place)  # it may stand over the end
        os.pwrite(self._fd, _SEAM % (self._total - _FULL + overwritten), place)
        os.ftruncate(self._fd, max(_FULL, place + size))


def settle(fd: int) -> None:
    """Puts an open log in order, redacted. One that is settled stays as it is.

    Raises:
        OSError: it cannot be read or written.
    """
    from ..redact import redacted_log

    kept = _content(fd)
    wanted = redacted_log(in_order(kept))
    if wanted != kept:
        os.pwrite(fd, wanted, 0)
        os.ftruncate(fd, len(wanted))


def in_order(kept: bytes) -> bytes:
    """The beginning, how much is left out, and the end, from a whole line on."""
    seam = re.compile(re.escape(_SEAM).replace(b"%016d", rb"(\d{16})")).search(kept, HEAD)
    if not seam:
        return kept
    end = kept[seam.end() :] + kept[HEAD : seam.start()]
    cut = end.find(b"\n", 0, _LINE) + 1
    return b"%b\n[firstaid: %d bytes left out here]\n%b" % (kept[:HEAD], int(seam[1]) + cut, end[cut:])


def is_written(file: Path) -> bool:
    """Whether a run is still writing this log."""
    fd = os.open(file, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    else:
        return False
    finally:
        os.close(fd)


def readable(file: Path) -> Path:
    """A log that can be read from top to bottom: itself, or a copy of one that is still written.

    One whose run was killed is settled first.

    Raises:
        OSError: it cannot be read, or the copy not be written.
    """
    if is_written(file):
        return copied(file)
    fd = os.open(file, os.O_RDWR)
    try:
        settle(fd)
    finally:
        os.close(fd)
    return file


def copied(file: Path) -> Path:
    """A copy, in order and redacted, of a log that is still written.

    Raises:
        OSError: it cannot be read, or the copy not be written.
    """
    from ..redact import redacted_log

    copy = file.with_suffix(".now")
    with os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(redacted_log(in_order(file.read_bytes())))
    return copy


def _content(fd: int) -> bytes:
    size, parts = os.fstat(fd).st_size, []
    while size > 0 and (part := os.pread(fd, size, sum(map(len, parts)))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
