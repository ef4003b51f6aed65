"""Takes a bracketed paste from the terminal as a whole.

Textual's parser goes through it letter by letter, which takes seconds for a log of some megabytes.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import suppress
from importlib import import_module

from textual._xterm_parser import XTermParser
from textual.events import Paste
from textual.message import Message

_START, _END = "\x1b[200~", "\x1b[201~"


class QuickPasteParser(XTermParser):
    """Textual's parser for all but pastes; a paste whose start mark came in two pieces is left to it."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasted: list[str] | None = None

    def feed(self, data: str) -> Iterable[Message]:
        """The events that the next piece of input makes whole."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                keys, mark, data = data.partition(_START)
                if keys:
                    yield from super().feed(keys)
                self._pasted = [] if mark else None
            else:
                data = yield from self._paste(data)

    def _paste(self, data: str) -> Generator[Message, None, str]:
        """Takes in what belongs to the paste; returns what follows it."""
        assert self._pasted is not None
        # The end mark may have come in two pieces.
        kept = self._pasted.pop() if self._pasted else ""
        text, mark, rest = (kept + data).partition(_END)
        self._pasted += [text[: -len(_END)], text[-len(_END) :]]
        if mark:
            pasted, self._pasted = "".join(self._pasted), None
            yield Paste(pasted.replace("\x00", ""))
        return rest


def take_pastes_whole() -> None:
    """Has Textual's driver use it, where that driver is the one for POSIX terminals."""
    with suppress(ImportError):  # no termios on Windows
        import_module("textual.drivers.linux_driver").XTermParser = QuickPasteParser  # type: ignore[attr-defined]
