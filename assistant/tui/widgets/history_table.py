"""Earlier diagnoses, one a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType

from ...history import HistoryEntry
from .fitted_table import Column, FittedTable, Row

VERDICTS = {"match": "known", "possible": "may be", "none": "not known"}


class HistoryTable(FittedTable):
    """The newest first."""

    DEFAULT_CSS = """
    HistoryTable { height: 1fr; }
    """
    HELP = """
## Earlier diagnoses

What was diagnosed on this machine, without tokens, addresses and the names of users. Nothing of it leaves the machine.

- **Enter** diagnoses a report again, with what is known now
- **d** or **Delete** forgets it, **Ctrl+D** forgets all
- **h** switches keeping off and on
- **Tab** goes to the report
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select_cursor", "Diagnose again")]
    COLUMNS = (Column("when", 16), Column("verdict", 9), Column("error", share=1), Column("known as", share=1))

    def __init__(self) -> None:
        super().__init__("History")

    def show_entries(self, entries: Sequence[HistoryEntry]) -> None:
        """Lists diagnoses."""
        self.show([Row(entry.text, _cells(entry)) for entry in entries])


def local_time(when: str) -> str:
    """A time in UTC as a clock here shows it."""
    return datetime.fromisoformat(when).astimezone().strftime("%Y-%m-%d %H:%M")


def _cells(entry: HistoryEntry) -> tuple[str, ...]:
    first = entry.text.strip().split("\n", 1)[0]
    verdict = VERDICTS.get(entry.verdict, entry.verdict)
    return local_time(entry.when), verdict, entry.error or first, entry.title or "-"
