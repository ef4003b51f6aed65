"""One step of a fix, with its command."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from ...diagnosis import Step
from ...render.words import condition
from ...safe import one_line, printable
from ..messages import CopyText


class FixStep(Vertical, can_focus=True):
    """Its command can be copied, and so can the one that checks it."""

    DEFAULT_CSS = """
    FixStep {
        height: auto; padding: 0 1; border-left: outer $panel;
        &:focus { border-left: outer $accent; background: $primary 12%; }
        & .command { color: $primary; padding-left: 3; }
        & .check { color: $text-muted; padding-left: 3; }
    }
    """
    HELP = """
## A step of the fix

- **Enter** or **c** copies its command (over SSH too, where the terminal allows it)
- **v** copies the command that checks whether it worked

firstaid never runs a command.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,c", "copy_command", "Copy command", key_display="c"),
        Binding("v", "copy_check", "Copy check"),
    ]

    def __init__(self, number: int, step: Step) -> None:
        super().__init__()
        self._number, self._step = number, step

    def compose(self) -> ComposeResult:
        """What to do, the command, and how to see that it worked."""
        step = self._step
        yield Static(Text(f"{self._number}. {one_line(step.do + condition(step))}"))
        if step.run:
            yield Static(Text(printable(step.run).strip()), classes="command")
        if step.verify:
            yield Static(Text(f"check: {printable(step.verify).strip()}"), classes="check")
        if step.expect:
            yield Static(Text(f"expect: {one_line(step.expect)}"), classes="check")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key is only offered where there is something to copy."""
        del parameters
        needs = {"copy_command": self._step.run or self._step.do, "copy_check": self._step.verify}
        return bool(needs.get(action, True))

    def action_copy_command(self) -> None:
        """Copies the command, or the step where it has none."""
        what = "the command" if self._step.run else "the step"
        self.post_message(CopyText(printable(self._step.run or self._step.do).strip(), what))

    def action_copy_check(self) -> None:
        """Copies the command that checks it."""
        if self._step.verify:
            self.post_message(CopyText(printable(self._step.verify).strip(), "the check"))
