"""What is kept of a log too large to keep: its beginning, its end, and what surrounds the lines that tell of a failure.

The log passes by in blocks; memory stays at a few blocks whatever its size, and whatever the length of a line.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

HEAD_LINES, HEAD_BYTES = 500, 256 << 10
TAIL_LINES, TAIL_BYTES = 2000, 384 << 10
BEFORE_LINES, AFTER_LINES = 60, 30
SIDE_BYTES = 16 << 10
"""At most this much is kept on either side of a telling line, for logs with enormous lines."""
FIRST_BYTES, LAST_BYTES = 768 << 10, 384 << 10
"""Room for the windows that come first (where failures start) and for those that come last."""
ROW_BEFORE, ROW_AFTER = 3_000, 6_000
"""What is kept of a telling line on either side of what it tells, in bytes."""
REPEATS = 2
"""The surroundings of a line seen before, but for its digits, are kept this often."""
DENSE_HITS, DENSE_STRIDE = 20_000, 16 << 10
"""After so many telling lines the log tells of nothing else: only one in so many bytes is looked at."""

_TELLING = (
    rb"Traceback \(most recent|[a-z](?:Error|Exception)\b|(?:ERROR|FATAL|CRITICAL|Fatal|fatal|Error|error)[:! \]]|panic"
    rb"|[Kk]illed|oom-kill|OOM|out of memory|Segmentation fault|dumped|Illegal instruction|Bus error|ASSERT|ssertion"
    rb"|undefined symbol|cannot open shared|Xid|[Aa]bort|[Ff]ailed|FAILED|[: ]nan\b"
)
_DIGITS = b"0123456789"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the log: the number of its first line, and its bytes."""

    number: int
    data: bytes


@dataclass(slots=True)
class Window:
    """Feeds on blocks, and gives the pieces worth keeping, in order and without overlap."""

    newlines: int = 0
    _buffer: bytes = b""
    _base: int = 0
    _mark: int = 0
    """An offset in the buffer whose line number, `_line`, is known."""
    _line: int = 1
    _scanned: int = 0
    _kept_to: int = 0
    _pieces: list[Piece] = field(default_factory=list)
    _room: int = FIRST_BYTES
    _last: deque[Piece] = field(default_factory=deque)
    _last_bytes: int = 0
    _seen: dict[bytes, int] = field(default_factory=dict)
    _hits: int = 0

    def read(self, blocks: Iterator[bytes]) -> list[Piece]:
        """Consume the log; `newlines` then counts its newlines."""
        for block in blocks:
            self.newlines += block.count(b"\n")
            self._buffer += block
            if not self._pieces and len(self._buffer) >= HEAD_BYTES:
                self._take_head()
            self._scan(len(self._buffer) - SIDE_BYTES)
            self._forget(len(self._buffer) - SIDE_BYTES - TAIL_BYTES)
        self._scan(len(self._buffer))
        self._take_tail()
        return [*self._pieces, *self._last]

    def _take_head(self) -> None:
        end = _lines_on(self._buffer, 0, HEAD_LINES, HEAD_BYTES)
        self._pieces.append(Piece(1, self._buffer[:end]))
        self._kept_to = end

    def _take_tail(self) -> None:
        end = len(self._buffer)
        start = max(_lines_back(self._buffer, end, TAIL_LINES, TAIL_BYTES), self._kept_to - self._base)
        if start < end:
            self._last.append(self._piece(start, end))

    def _scan(self, limit: int) -> None:
        search, position = _telling().search, self._scanned
        while position < limit:
            hit = search(self._buffer, position, limit)
            if hit is None:
                break
            start, end = _row(self._buffer, hit.start())
            if self._is_new(self._buffer[start:end]):
                self._keep_around(start, end)
            self._hits += 1
            position = max(end, hit.end()) if self._hits < DENSE_HITS else hit.end() + DENSE_STRIDE
        self._scanned = max(position, limit, self._scanned)

    def _is_new(self, row: bytes) -> bool:
        key = row[:300].translate(None, _DIGITS)
        count = self._seen.get(key, 0)
        if count < REPEATS and (count or len(self._seen) < DENSE_HITS):
            self._seen[key] = count + 1
        return count < REPEATS

    def _keep_around(self, start: int, end: int) -> None:
        kept = max(0, self._kept_to - self._base)
        if self._buffer[end : end + 1] == b"\n":
            end = _lines_on(self._buffer, end, AFTER_LINES, SIDE_BYTES)
        if self._buffer[start - 1 : start] in b"\n":  # also at the very beginning, where this is empty
            start = _lines_back(self._buffer, start, BEFORE_LINES, SIDE_BYTES)
        start = max(kept, start)
        if start < end:
            self._keep(self._piece(start, end))
            self._kept_to = self._base + end

    def _keep(self, piece: Piece) -> None:
        if self._room > 0:
            self._room -= len(piece.data)
            self._pieces.append(piece)
            return
        self._last.append(piece)
        self._last_bytes += len(piece.data)
        while self._last_bytes > LAST_BYTES and len(self._last) > 1:
            self._last_bytes -= len(self._last.popleft().data)

    def _piece(self, start: int, end: int) -> Piece:
        return Piece(self._number(start), self._buffer[start:end])

    def _number(self, position: int) -> int:
        """The line number at an offset; counts only from the last offset asked for, of which there may be many."""
        if position >= self._mark:
            self._line += self._buffer.count(b"\n", self._mark, position)
        else:
            self._line -= self._buffer.count(b"\n", position, self._mark)
        self._mark = position
        return self._line

    def _forget(self, length: int) -> None:
        if length > 0:
            self._number(length)
            self._mark = 0
            self._buffer = self._buffer[length:]
            self._base += length
            self._scanned = max(0, self._scanned - length)


def _row(data: bytes, position: int) -> tuple[int, int]:
    """Where the line around a position starts and ends; of an enormous line, what stands around the position."""
    low, high = max(0, position - ROW_BEFORE), position + ROW_AFTER
    start = max(data.rfind(b"\n", low, position), data.rfind(b"\r", low, position)) + 1
    end = data.find(b"\n", position, high)
    return start or low, min(high, len(data)) if end < 0 else end


def _lines_back(data: bytes, end: int, lines: int, limit: int) -> int:
    low, position = max(0, end - limit), end
    for _ in range(lines + 1):
        found = data.rfind(b"\n", low, position)
        if found < 0:
            return low
        position = found
    return position + 1


def _lines_on(data: bytes, start: int, lines: int, limit: int) -> int:
    high, position = min(len(data), start + limit), start
    for _ in range(lines + 1):
        found = data.find(b"\n", position, high)
        if found < 0:
            return high
        position = found + 1
    return position


@cache
def _telling() -> Any:
    """The pattern, compiled by RE2, or by `re` (same answers, slower) where that cannot be imported."""
    try:
        import re2

        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        return re2.compile(_TELLING, options=options)
    except Exception:  # noqa: BLE001  a broken native library fails in many ways, and none may stop us
        return re.compile(_TELLING)
