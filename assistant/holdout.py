"""Which texts of the cases the encoder never sees while it is tuned, so that the ranking can be learned from them.

What an encoder was tuned on is nearer to its case than any report will be; a ranking learned from it would trust
vectors too much.
"""

from __future__ import annotations

from zlib import crc32

_PARTS = 5


def part_of(text: str, parts: int) -> int:
    """Which of so many parts a text falls into, from 0: the same wherever it is asked."""
    return crc32(text.encode()) % parts


def held_out(text: str) -> bool:
    """One text of five."""
    return part_of(text, _PARTS) == 0
