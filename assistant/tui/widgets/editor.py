"""Where a report is pasted or a failure described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from ..marks import Marks

MOST_LINES = 2000
"""What is longer is shown by LogView, which does not lay out all of a text at each key."""
_WHOLE = 3
"""A paste of so many lines is a report of its own."""


class Editor(TextArea):
    """Edits a text; a pasted report takes the place of one that was pasted before and not touched since."""

    DEFAULT_CSS = """
    Editor { border: none; padding: 0; height: 1fr; background: transparent; }
    Editor:focus { border: none; }
    """
    HELP = """
## The report

Paste a traceback, a log, or say in your own words what goes wrong, in English or Chinese; the answer comes as you
pause. Lines that count are marked: ● proves the case, ▏belongs to the error.

- A pasted report takes the place of the one pasted before
- **Ctrl+O** opens a file, **Ctrl+R** takes the last report again, **F8** opens your `$EDITOR`
- **Ctrl+N** clears, **Escape** goes to the answer
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "screen.focus_next", show=False),
        Binding("shift+tab", "screen.focus_previous", show=False),
    ]

    @dataclass
    class TooLong(Message):
        """A text was pasted that is too long to be edited here."""

        text: str

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(
            id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus", highlight_cursor_line=False
        )
        self.placeholder = "Paste an error or a log here, or say what goes wrong. The answer comes as you pause."
        self._marks = Marks()
        self._whole: str | None = None

    def on_mount(self) -> None:
        """Marks lines in the colours of another look."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._redraw())

    def show(self, text: str) -> None:
        """Takes a whole report in."""
        self._marks = Marks()
        self._whole = text
        self.load_text(text)

    def mark(self, marks: Marks) -> None:
        """Marks the lines that count."""
        if marks != self._marks:
            self._marks = marks
            self._redraw()
            self.call_after_refresh(self._reveal_first)

    def get_line(self, line_index: int) -> Text:
        """One line, as it is drawn."""
        line = super().get_line(line_index)
        if kind := self._marks.of(line_index + 1):
            line.stylize(_style(self, kind))
        return line

    def _redraw(self) -> None:
        self._line_cache.clear()
        self.refresh()

    def on_resize(self) -> None:
        """Shows the first marked line again: what was in sight may not be any more."""
        self._reveal_first()

    def _reveal_first(self) -> None:
        """Shows it with some of what stands before it; not in a text that is being written."""
        number = self._marks.first
        if number and number <= self.document.line_count and self.text == self._whole:
            row = self.wrapped_document.location_to_offset((number - 1, 0)).y
            self.scroll_to(y=max(0, row - self.size.height // 3), animate=False)

    async def _on_paste(self, event: events.Paste) -> None:
        """Takes a paste in; a whole report in place of the whole report before."""
        lines = event.text.count("\n") + 1
        replaces = lines >= _WHOLE and self.text == (self._whole or "")
        kept = 0 if replaces else self.document.line_count
        if lines + kept > MOST_LINES:
            event.prevent_default()
            self.post_message(self.TooLong(event.text if replaces else f"{self.text}{event.text}"))
        elif replaces:
            event.prevent_default()
            self.select_all()
            self.replace(event.text, *self.selection)
            self._whole = self.text
        event.stop()


def _style(widget: TextArea, kind: str) -> Style:
    """Bold and coloured, so that it is seen without colour too."""
    colours = widget.app.theme_variables
    colour = colours["accent"] if kind == "proof" else colours["warning"]
    return Style(color=colour, bold=True, underline=kind == "proof")
