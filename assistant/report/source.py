"""Reading a report: any source and encoding to numbered lines, within bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from ...kb.errors import InputError
from .decode import narrow_encoding, refuse_binary, to_utf8, wide_encoding
from .window import Piece, Window

BLOCK = 1 << 20
WHOLE = 2 << 20
"""Inputs up to this size, in bytes, are kept whole; of larger ones only what may matter."""
_HINT = "pipe the failing command's output, stderr too: COMMAND 2>&1 | firstaid"


@dataclass(frozen=True, slots=True)
class Source:
    """The kept lines as (number, text), not yet cleaned; texts hold no newline but may hold carriage returns."""

    rows: list[tuple[int, str]]
    total_lines: int
    total_bytes: int
    truncated: bool
    notes: tuple[str, ...]


class _Meter:
    """Counts the bytes that pass."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.total = 0
        self._blocks = blocks

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self.total += len(block)
            yield block


def read_source(source: bytes | str | BinaryIO) -> Source:
    """Read all of the source. Raises InputError where it is empty, blank or not text."""
    meter = _Meter(_blocks(source))
    blocks = iter(meter)
    head = _fill(blocks, 4096)
    wide = wide_encoding(head)
    blocks = chain([head], blocks)
    if wide:
        blocks = to_utf8(blocks, wide)
    start = _fill(blocks, WHOLE + 1).removeprefix(b"\xef\xbb\xbf")
    refuse_binary(start)
    if len(start) <= WHOLE:
        pieces, newlines = [Piece(1, start)], start.count(b"\n")
    else:
        window = Window()
        pieces = window.read(chain(_slices(start), blocks))
        newlines = window.newlines
    if not any(piece.data.strip(b"\0 \t\r\n\x0b\f") for piece in pieces):
        raise InputError("there is nothing to read", context="the input is empty", hint=_HINT)
    return _decoded(pieces, newlines, meter.total, wide, truncated=len(start) > WHOLE)


def _decoded(pieces: list[Piece], newlines: int, total_bytes: int, wide: str | None, *, truncated: bool) -> Source:
    encoding = narrow_encoding(b"".join(piece.data for piece in pieces).replace(b"\0", b""))
    rows = [row for piece in pieces for row in _rows(piece, encoding)]
    total = newlines + (not pieces[-1].data.endswith(b"\n"))
    notes = []
    if wide or encoding != "utf-8":
        notes.append(f"decoded as {wide or encoding}")
    if truncated:
        notes.append(f"kept {len({number for number, _ in rows}):,} of {total:,} lines")
    return Source(rows, total, total_bytes, truncated, tuple(notes))


def _rows(piece: Piece, encoding: str) -> Iterator[tuple[int, str]]:
    texts = piece.data.decode(encoding, errors="replace").split("\n")
    if not texts[-1]:
        texts.pop()
    return enumerate(texts, piece.number)


def _blocks(source: bytes | str | BinaryIO) -> Iterator[bytes]:
    if isinstance(source, str):
        source = source.encode("utf-8", errors="replace")
    if isinstance(source, bytes):
        yield from _slices(source)
        return
    while block := source.read(BLOCK):
        # A text stream handed in by mistake is still readable.
        yield block if isinstance(block, bytes) else str(block).encode("utf-8", errors="replace")


def _slices(data: bytes) -> Iterator[bytes]:
    return (data[start : start + BLOCK] for start in range(0, len(data), BLOCK))


def _fill(blocks: Iterator[bytes], size: int) -> bytes:
    """The first blocks joined until they reach a size, or end."""
    parts, total = [], 0
    for block in blocks:
        parts.append(block)
        total += len(block)
        if total >= size:
            break
    return b"".join(parts)
