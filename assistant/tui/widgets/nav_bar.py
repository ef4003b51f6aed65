"""The line at the top: where one can go, and where one is."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Click
from textual.widgets import Static

from ..sections import SECTIONS, Section


class NavItem(Static):
    """One section; a click opens it."""

    def __init__(self, section: Section, current: bool) -> None:
        super().__init__(f"[dim]{section.key.upper()}[/] {section.title}", classes="-current" if current else "")
        self._section = section

    async def on_click(self, event: Click) -> None:
        """Opens the section."""
        event.stop()
        await self.app.switch_mode(self._section.name)


class NavBar(Horizontal):
    """All sections in the order of their keys."""

    DEFAULT_CSS = """
    NavBar {
        height: 1; background: $panel;
        & .name { width: auto; padding: 0 1; text-style: bold; color: $accent; }
        & NavItem { width: auto; padding: 0 1; color: $text-muted; }
        & NavItem:hover { background: $primary 30%; }
        & NavItem.-current { background: $primary; color: $background; text-style: bold; }
    }
    """

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def compose(self) -> ComposeResult:
        """The name of the program and the sections."""
        yield Static("firstaid", classes="name")
        for section in SECTIONS:
            yield NavItem(section, section.name == self._current)
