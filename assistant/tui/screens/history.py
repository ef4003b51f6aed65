"""History: what was diagnosed before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.widgets import DataTable, Static

from ...history import History, HistoryEntry
from ...paths import history_file
from ..messages import OpenReport
from ..widgets.history_table import HistoryTable
from ..widgets.report_preview import ReportPreview
from .confirm import ConfirmScreen
from .section import SectionScreen

_READING = "Reading what was kept…"
_NOTHING = (
    "Nothing is kept yet.\n\nWhat you diagnose with F2 is kept here, on this machine only and without tokens and "
    "addresses, so that you find it again. h switches that off."
)
_NOTHING_WANTED = (
    "Nothing is kept, and keeping is off.\n\nh switches it on: then what you diagnose with F2 can be found here again."
)


class HistoryScreen(SectionScreen):
    """The diagnoses, and the report of the one that is picked beneath, or beside where there is room."""

    NAME = "history"
    DEFAULT_CSS = """
    HistoryScreen {
        & #kept { height: 1fr; }
        & ReportPreview { height: 1fr; }
        & #nothing { height: 1fr; padding: 1 2; color: $text-muted; border: round $border-blurred; display: none; }
        &.-empty #nothing { display: block; }
        &.-empty #kept { display: none; }
        &.-wide #kept { layout: horizontal; }
        &.-wide HistoryTable { width: 3fr; }
        &.-wide ReportPreview { width: 2fr; }
    }
    """
    HELP = HistoryTable.HELP
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d,delete", "forget", "Forget", key_display="d"),
        Binding("ctrl+d", "forget_all", "Forget all"),
        Binding("h", "keep", "Keeping on/off"),
    ]

    @dataclass
    class Read(Message):
        """The entries were read, and what went wrong before."""

        entries: list[HistoryEntry]
        fault: str | None

    def __init__(self) -> None:
        super().__init__(classes="-empty")
        self._history = History(history_file())
        self._entries: list[HistoryEntry] = []
        self._in_turn = Lock()

    def body(self) -> ComposeResult:
        """The list and the report; where there are none, why."""
        with Container(id="kept"):
            yield HistoryTable()
            yield ReportPreview()
        yield Static(_READING, id="nothing")

    def on_screen_resume(self) -> None:
        """Reads the file again: something was diagnosed meanwhile, here or by another application."""
        self._change(lambda: None)

    @work(thread=True, group="history")
    def _change(self, change: Callable[[], None]) -> None:
        """Does something to the file and reads it; one at a time, so that what was read last arrives last."""
        fault = None
        with self._in_turn:
            try:
                change()
            except OSError as error:
                fault = str(error)
            self.post_message(self.Read(self._history.entries(), fault))

    @on(Read)
    def _was_read(self, message: Read) -> None:
        self._entries = message.entries
        self.set_class(not message.entries, "-empty")
        self._table.show_entries(message.entries)
        self._tell_state()
        self.refresh_bindings()
        if message.entries and self.focused is None:
            self._table.focus()
        if message.fault:
            self.notify(message.fault, title="the history cannot be changed", severity="error", markup=False)

    def _tell_state(self) -> None:
        keeps = self.firstaid.keeps_history
        self._table.border_subtitle = f"{len(self._entries)} kept; keeping is {'on' if keeps else 'off'}"
        self.query_one("#nothing", Static).update(Text(_NOTHING if keeps else _NOTHING_WANTED))

    @on(DataTable.RowHighlighted)
    def _picked(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        if entry := self._entry:
            self.query_one(ReportPreview).show(entry)

    @on(DataTable.RowSelected)
    def _wanted(self, event: DataTable.RowSelected) -> None:
        event.stop()
        if entry := self._entry:
            self.post_message(OpenReport(entry.text))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what is there can be forgotten."""
        del parameters
        return bool(self._entries) or action not in {"forget", "forget_all"}

    def action_forget(self) -> None:
        """Forgets the entry that is picked."""
        if entry := self._entry:
            self._change(lambda: self._history.remove(entry))

    def action_forget_all(self) -> None:
        """Forgets all, when that is confirmed."""

        def answered(yes: bool | None) -> None:
            if yes:
                self._change(self._history.clear)

        question = f"Forget all {len(self._entries)} diagnoses that are kept? This cannot be undone."
        self.app.push_screen(ConfirmScreen(question, "Forget all"), answered)

    def action_keep(self) -> None:
        """Switches keeping off or on; what is kept stays."""
        self.firstaid.keeps_history = not self.firstaid.keeps_history
        self._tell_state()
        words = "on" if self.firstaid.keeps_history else "off; what is kept already stays"
        self.notify(f"keeping is {words}", markup=False)

    @property
    def _table(self) -> HistoryTable:
        return self.query_one(HistoryTable)

    @property
    def _entry(self) -> HistoryEntry | None:
        place = self._table.cursor_row
        return self._entries[place] if 0 <= place < len(self._entries) else None
