"""What every section has: the line at the top, and the keys at the bottom."""

from __future__ import annotations

from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer

from ..application import Application
from ..guarded import Guarded
from ..widgets.nav_bar import NavBar


class SectionScreen(Guarded, Screen[None]):
    """A screen that a function key leads to."""

    NAME: ClassVar[str]
    """Of its section."""

    def compose(self) -> ComposeResult:
        """Frame and body."""
        yield NavBar(self.NAME)
        yield from self.body()
        yield Footer(show_command_palette=False)

    def body(self) -> ComposeResult:
        """What stands between."""
        raise NotImplementedError

    @property
    def firstaid(self) -> Application:
        """The application."""
        return cast("Application", self.app)
