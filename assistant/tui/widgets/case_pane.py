"""The case that is picked, in full."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.timer import Timer
from textual.widgets import Static

from ...diagnosis import FoundCase
from ..guarded import Guarded
from .case_view import CaseView

_MOMENT = 0.06
"""Seconds that a case must stay picked before it is drawn: a key held down passes over many."""


class CasePane(Guarded, VerticalScroll):
    """Scrolls; its steps and links are reached with Tab."""

    DEFAULT_CSS = """
    CasePane {
        border: round $secondary; border-title-color: $text-muted;
        padding: 0 1; scrollbar-size-vertical: 1;
        &:focus, &:focus-within { border: round $primary; border-title-color: $primary; }
        & > CaseView { max-width: 110; }
        & > .nothing { color: $text-muted; }
    }
    """
    HELP = """
## A case

- **Tab** goes to the steps of the fix, to the sources, and to the cases that look alike
- **Escape** goes back to the list
"""

    def __init__(self) -> None:
        super().__init__()
        self.border_title = "Case"
        self._due: Timer | None = None

    def compose(self) -> ComposeResult:
        """Nothing yet."""
        yield Static("Pick a case in the list to read it here.", classes="nothing")
        yield CaseView()

    def show(self, case: FoundCase | None) -> None:
        """Draws a case from its top; None: nothing is picked."""
        if self._due:
            self._due.stop()
        self._due = self.set_timer(_MOMENT, lambda: self._draw(case))

    def _draw(self, case: FoundCase | None) -> None:
        view = self.query_one(CaseView)
        if view.case != case:
            view.case = case
            self.query_one(".nothing").display = case is None
            self.scroll_home(animate=False)
