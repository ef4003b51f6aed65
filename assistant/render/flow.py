"""Breaks a text into lines while it comes."""

from __future__ import annotations

import re

from rich.cells import cell_len

_COMMAND = "   "
"""Begins a line that is to be copied, and so never broken."""
_STEP = re.compile(r"\d+\. ")
_WIDE = "\u2e80-\u9fff\uff00-\uffef"
_WORD = re.compile(rf"[{_WIDE}]\s*|[^\s{_WIDE}]+\s*|\s+")


class Flow:
    """Lines of at most `width` cells, those of a numbered step indented."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._column = self._indent = 0

    def feed(self, piece: str) -> str:
        """The next piece of the text, with line breaks where they are needed."""
        return "".join(self._line(part) for part in re.split(r"(\n)", piece))

    def _line(self, part: str) -> str:
        if part == "\n":
            self._column = self._indent = 0
            return part
        if self._column == 0:
            if part.startswith(_COMMAND):
                return part
            self._indent = len(_COMMAND) if _STEP.match(part) else 0
        return "".join(map(self._placed, _WORD.findall(part)))

    def _placed(self, word: str) -> str:
        cells = cell_len(word.rstrip())
        broken = self._column + cells > self._width and self._column > self._indent
        start = f"\n{' ' * self._indent}" if broken else ""
        self._column = (self._indent if broken else self._column) + cell_len(word)
        return start + word
