"""A long report: looked at, not edited."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Paste
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ...safe import printable
from ..marks import Marks
from .editor import Editor

_LONGEST = 2000
"""Characters of a line that are shown."""
_SIGNS = {"proof": "●", "error": "▏", "": " "}


class LogView(ScrollView, can_focus=True):
    """Draws only the lines that are seen, so that its length does not matter."""

    DEFAULT_CSS = """
    LogView { height: 1fr; }
    """
    HELP = """
## A long report

Arrow keys and Page Up/Down scroll; ● marks the line that proves the case, ▏ those of the error.

- **n** goes to the next line that counts
- **F8** opens the text in your `$EDITOR`, **Ctrl+N** clears it; a paste takes its place
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("n", "next_mark", "Next marked line")]

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.text = ""
        self._lines: list[str] = []
        self._marks = Marks()

    def show(self, text: str) -> None:
        """Shows a report from its end, where errors stand."""
        self.text, self._lines, self._marks = text, text.splitlines(), Marks()
        longest = max((len(line) for line in self._lines), default=0)
        self.virtual_size = Size(min(longest, _LONGEST) + self._gutter, len(self._lines))
        self.scroll_end(animate=False)
        self.refresh()

    def mark(self, marks: Marks) -> None:
        """Marks the lines that count, and shows the first."""
        self._marks = marks
        self.call_after_refresh(self._reveal_first)
        self.refresh()

    def on_resize(self) -> None:
        """Shows the first of them again: what was in sight may not be any more."""
        self._reveal_first()

    def action_next_mark(self) -> None:
        """Shows the next line that counts, and after the last the first."""
        numbers = sorted(self._marks.proof | self._marks.error)
        seen = self.scroll_offset.y + self.size.height // 3 + 1
        if numbers:
            self._reveal(next((number for number in numbers if number > seen), numbers[0]))

    def on_paste(self, event: Paste) -> None:
        """Another report takes its place."""
        event.stop()
        self.post_message(Editor.TooLong(event.text))

    def render_line(self, y: int) -> Strip:
        """One row of what is seen."""
        left, top = self.scroll_offset
        index = top + y
        if index >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        kind = self._marks.of(index + 1)
        shown = printable(self._lines[index][:_LONGEST].expandtabs(4))
        head = f"{_SIGNS[kind]}{index + 1:>{self._gutter - 2}} "
        base = self.rich_style
        strip = Strip([Segment(shown, base + self._style(kind))], cell_len(shown)).crop_extend(
            left, left + self.size.width - self._gutter, base
        )
        return Strip([Segment(head, base + Style(dim=not kind)), *strip])

    @property
    def _gutter(self) -> int:
        return len(str(len(self._lines))) + 2

    def _reveal_first(self) -> None:
        if self._marks.first:
            self._reveal(self._marks.first)

    def _reveal(self, number: int) -> None:
        self.scroll_to(y=max(0, number - 1 - self.size.height // 3), animate=False)

    def _style(self, kind: str) -> Style:
        if not kind:
            return Style()
        colours = self.app.theme_variables
        return Style(color=colours["accent" if kind == "proof" else "warning"], bold=True)
