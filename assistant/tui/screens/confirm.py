"""A question that is answered with yes or no."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from ...safe import printable
from ..guarded import Guarded


class ConfirmScreen(Guarded, ModalScreen[bool]):
    """Ends with True only where it was said so; Enter, pressed in haste, is no.

    Args:
        question: what is asked.
        yes: what is done then, in a word or two.
    """

    DEFAULT_CSS = """
    ConfirmScreen {
        align: center middle;
        & > Vertical {
            width: 64; max-width: 90%; height: auto; padding: 1 2; border: round $warning; background: $surface;
        }
        & Horizontal { height: auto; margin-top: 1; align-horizontal: right; }
        & Button { margin-left: 2; }
    }
    """
    HELP = """
## A question

**y** is yes; **n** and **Escape** are no. **Left** and **Right** go from one button to the other.
"""
    AUTO_FOCUS = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape", "answer(False)", "No"),
        Binding("left", "app.focus_previous", "Other button", show=False),
        Binding("right", "app.focus_next", "Other button", show=False),
    ]

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._question, self._yes = question, yes

    def compose(self) -> ComposeResult:
        """The question, and both answers with their keys."""
        with Vertical():
            yield Static(Text(printable(self._question)))
            with Horizontal():
                yield Button(Text(f"{self._yes} (y)"), variant="warning", id="yes")
                yield Button(Text("No (n)"), variant="primary", id="no")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Ends with what the button says."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Ends with an answer."""
        self.dismiss(answer)
