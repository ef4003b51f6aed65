"""A report that was diagnosed before."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from ...history import HistoryEntry
from ...render.words import VERDICTS
from ...safe import one_line, printable
from ..guarded import Guarded

_START, _END = 2_000, 6_000
"""Characters of a long report that are shown: errors stand at its end."""


class ReportPreview(Guarded, VerticalScroll):
    """What was found, and the report itself."""

    DEFAULT_CSS = """
    ReportPreview {
        border: round $border-blurred; padding: 0 1; scrollbar-size-vertical: 1;
        &:focus { border: round $primary; }
        & > .found { text-style: bold; margin-bottom: 1; }
    }
    """
    HELP = """
## The report

As it was kept: tokens, addresses and the names of users are taken out. **Tab** goes back to the list.
"""

    def __init__(self) -> None:
        super().__init__()
        self.border_title = "Report"

    def compose(self) -> ComposeResult:
        """What was found, above the report."""
        yield Static(classes="found")
        yield Static(classes="text")

    def show(self, entry: HistoryEntry) -> None:
        """Shows a report from its top."""
        found = VERDICTS.get(entry.verdict, entry.verdict) + (f": {entry.title}" if entry.title else "")
        self.query_one(".found", Static).update(Text(one_line(found)))
        self.query_one(".text", Static).update(Text(_shortened(printable(entry.text).expandtabs(4))))
        self.scroll_home(animate=False)


def _shortened(text: str) -> str:
    left_out = len(text) - _START - _END
    if left_out <= 0:
        return text
    return f"{text[:_START]}\n\n[{left_out:,} characters are not shown]\n\n{text[-_END:]}"
