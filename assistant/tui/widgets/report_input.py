"""What the user gives: an editor, or for a long text a view."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import ContentSwitcher, TextArea

from ..marks import Marks
from .editor import MOST_LINES, Editor
from .log_view import LogView


class ReportInput(ContentSwitcher):
    """The report, however long. Says so in one message when it changed."""

    DEFAULT_CSS = """
    ReportInput { border: round $secondary; background: $surface; padding: 0 1; border-title-color: $text-muted; }
    ReportInput:focus-within { border: round $primary; border-title-color: $primary; }
    """

    @dataclass
    class Changed(Message):
        """Another text stands here; `settled`: it came as a whole and will hardly change at once."""

        text: str
        settled: bool

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, initial="editor")
        self.border_title = "Report"
        self._told = ""

    def compose(self) -> ComposeResult:
        """The two forms."""
        yield Editor(id="editor")
        yield LogView(id="log")

    @property
    def text(self) -> str:
        """The whole report."""
        return self._log.text if self.current == "log" else self._editor.text

    def show(self, text: str) -> None:
        """Takes a whole report in, and tells of it."""
        long = text.count("\n") >= MOST_LINES
        self._switch("log" if long else "editor")
        (self._log if long else self._editor).show(text)
        # Later: a message posted while the parent handles one ends at the parent.
        self.call_later(self._tell, settled=True)

    def mark(self, marks: Marks) -> None:
        """Marks the lines that count."""
        (self._log if self.current == "log" else self._editor).mark(marks)

    def focus_input(self) -> None:
        """Puts the cursor where text can be given."""
        (self._log if self.current == "log" else self._editor).focus()

    @on(TextArea.Changed)
    def _edited(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.current == "editor":
            self._tell(settled=abs(len(self._editor.text) - len(self._told)) > 1)

    @on(Editor.TooLong)
    def _too_long(self, event: Editor.TooLong) -> None:
        event.stop()
        self.show(event.text)

    def _tell(self, *, settled: bool) -> None:
        text = self.text
        if text != self._told:
            self._told = text
            lines = text.count("\n") + 1
            self.border_subtitle = f"{lines:,} lines" if lines > 1 else ""
            self.post_message(self.Changed(text, settled))

    def _switch(self, form: str) -> None:
        if self.current != form:
            focused = self.has_focus_within
            self.current = form
            if focused:
                self.focus_input()

    @property
    def _editor(self) -> Editor:
        return self.query_one(Editor)

    @property
    def _log(self) -> LogView:
        return self.query_one(LogView)
