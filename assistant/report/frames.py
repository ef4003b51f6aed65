"""The frames of a traceback, as the interpreter, Jupyter and rich print them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .types import Frame

_FILE = re.compile(r'\s*File "(?P<file>[^"]{1,1000})", line (?P<line>\d{1,9})(?:, in (?P<function>\S.{0,200}))?')
_NOTEBOOK = re.compile(
    r"(?:File )?(?P<file>[~/.\w][^:(]{0,500}?\.py|<[^>]{1,80}>):(?P<line>\d{1,9}),? in (?P<function>[\w.<>]{1,200})"
    r"|(?P<old>[~/.\w][^:(]{0,500}?\.py|<ipython[^>]{1,80}>) in (?P<old_function>[\w.<>]{1,200})"
    r"|(?P<cell>(?:Cell )?In(?:put In)? ?\[\d{1,5}\])(?:,? line (?P<cell_line>\d{1,9}))?"
)
_ARROW = re.compile(r"(?:-{1,8}> |❱ )(?P<line>\d{1,9})(?: [│|])?\s{0,400}(?P<code>.{0,400})")
_NUMBERED = re.compile(r"\d{1,7}(?:\s|$)")
_MARKS = re.compile(
    r"\s*[\^~]{1,400}\s*$|\s*\[Previous line repeated \d+ more times?\]|\s*\.\.\. \d+ frames? hidden|-{20,}$"
)


def is_frame(text: str) -> bool:
    """Whether this line names a frame the way the interpreter does, which nothing else prints."""
    return 'File "' in text and _FILE.match(text) is not None


@dataclass(slots=True)
class FrameReader:
    """Takes the lines of a traceback one by one, and keeps the frames."""

    after: int = 0
    """Index behind the last line that belonged to a frame."""
    notebook: bool = False
    """Whether the traceback is Jupyter's or rich's, whose frames are followed by pages of code."""
    _found: list[Frame] = field(default_factory=list)
    _wants_code: bool = False
    _margin: int = 0

    def frames(self) -> tuple[Frame, ...]:
        """The frames so far, outermost first."""
        return tuple(self._found)

    def read(self, text: str, index: int) -> bool:
        """Take a line; False when it is not part of the frames."""
        if not (self._frame(text) or self._code(text) or self._header(text) or _MARKS.match(text)):
            return False
        self.after = index + 1
        return True

    def _header(self, text: str) -> bool:
        found = text.find("Traceback (most recent call last)")
        if found < 0:
            return False
        self.notebook = self.notebook or (found > 0 and text[found - 1] == " " and not text.rstrip().endswith(":"))
        return True

    def _frame(self, text: str) -> bool:
        match = _FILE.match(text) if 'File "' in text else None
        if match:
            self._margin = len(text) - len(text.lstrip())
            return self._add(Frame(match["file"], int(match["line"]), match["function"]))
        match = _NOTEBOOK.match(text.lstrip()) if ".py" in text or "In" in text or "<" in text else None
        if match is None or ": " in text[:1]:
            return False
        self.notebook = True
        line = match["line"] or match["cell_line"]
        file = match["file"] or match["old"] or match["cell"]
        return self._add(Frame(file, int(line) if line else None, match["function"] or match["old_function"]))

    def _add(self, frame: Frame) -> bool:
        self._found.append(frame)
        self._wants_code = True
        return True

    def _code(self, text: str) -> bool:
        if self.notebook:
            return self._notebook_code(text)
        if not self._found or not text.strip():
            return False
        indented = len(text) - len(text.lstrip()) > self._margin
        if self._wants_code and (indented or not self._margin):
            if not indented and _looks_raised(text):
                return False
            self._set_code(text.strip(), None)
            return True
        return indented

    def _notebook_code(self, text: str) -> bool:
        bare = text.lstrip()
        arrow = _ARROW.match(bare)
        if arrow and self._found:
            self._set_code(arrow["code"].strip(), int(arrow["line"]))
        return bool(arrow) or bool(_NUMBERED.match(bare))

    def _set_code(self, code: str, line: int | None) -> None:
        last = self._found[-1]
        self._found[-1] = Frame(last.file, last.line or line, last.function, code)
        self._wants_code = False


def _looks_raised(text: str) -> bool:
    """In a paste that lost its indentation: whether this ends the traceback instead of being a frame's code."""
    return re.match(r"(?:[A-Za-z_]\w{0,80}\.){0,8}[A-Z]\w{0,80}(?::|$)", text) is not None
