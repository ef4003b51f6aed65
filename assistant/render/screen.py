"""What a text is rendered for."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TextIO

_PLAIN_WIDTH = 100
_WIDEST = 120
"""Longer lines are tiring to read, however wide the terminal."""
_SMALLEST_HEIGHT = 18
_PROMPTS = 2
"""Rows of the screen that the command before the answer and the prompt after it take."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Width in cells, rows that one screen holds (None: no limit), colour or not, and how much is wanted."""

    width: int = _PLAIN_WIDTH
    height: int | None = None
    colour: bool = False
    verbose: bool = False

    @classmethod
    def of_stdout(cls, verbose: bool = False) -> Screen:
        """The terminal behind stdout, or plain text where there is none."""
        return cls.of(sys.stdout, verbose)

    @classmethod
    def of(cls, stream: TextIO | None, verbose: bool = False) -> Screen:
        """The terminal behind a stream, or plain text where there is none."""
        if stream is None or not stream.isatty():
            return cls(verbose=verbose)
        size = shutil.get_terminal_size()
        colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        width, height = max(40, min(size.columns, _WIDEST)), max(size.lines - _PROMPTS, _SMALLEST_HEIGHT)
        return cls(width, None if verbose else height, colour, verbose)
