"""An error of ours: shown, with where its report lies, and the application goes on."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from ...crash import told
from ...safe import printable


class ProblemScreen(ModalScreen[None]):
    """Goes away with Enter or Escape."""

    DEFAULT_CSS = """
    ProblemScreen {
        align: center middle;
        & > Vertical {
            width: 72; max-width: 90%; height: auto; padding: 1 2; border: round $error; background: $surface;
        }
        & Horizontal { height: auto; margin-top: 1; align-horizontal: right; }
        & Button { margin-left: 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Go on")]

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._told = told(error)

    def compose(self) -> ComposeResult:
        """What happened, and two ways on."""
        with Vertical():
            yield Static(Text(printable(self._told)))
            yield Static(Text("Your text is still there. Please file an issue with the report."))
            with Horizontal():
                yield Button("Go on", variant="primary", id="go-on")
                yield Button("Quit", id="quit")

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Goes on, or leaves."""
        if event.button.id == "quit":
            await self.app.action_quit()
        else:
            self.dismiss()
