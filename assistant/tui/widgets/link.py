"""A line that leads somewhere: with Enter, or with a click."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from ...safe import one_line


class Link(Static, can_focus=True):
    """Posts a message when it is followed.

    Args:
        label: what is shown.
        message: makes the message.
    """

    DEFAULT_CSS = """
    Link {
        height: auto; color: $primary;
        &:hover { text-style: underline; }
        &:focus { background: $primary 25%; text-style: bold; }
    }
    """
    HELP = """## A link\nEnter follows it: a source opens in the browser, a case in full."""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "follow", "Open")]

    def __init__(self, label: str, message: Callable[[], Message]) -> None:
        super().__init__(Text(one_line(label)))
        self._message = message

    def on_click(self, event: Click) -> None:
        """Follows it."""
        event.stop()
        self.action_follow()

    def action_follow(self) -> None:
        """Follows it."""
        self.post_message(self._message())
