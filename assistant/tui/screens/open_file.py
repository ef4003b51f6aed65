"""Which file to open."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from ...safe import one_line
from ..guarded import Guarded
from ..path_suggester import PathSuggester
from ..widgets.file_tree import FileTree


class OpenFileScreen(Guarded, ModalScreen[Path | None]):
    """Ends with the path of a file that can be read, or with None.

    Args:
        folder: where it begins; by default the working folder.
        title: what is asked for.
        endings: of the files that the tree shows; a path that is typed may end with anything.
    """

    DEFAULT_CSS = """
    OpenFileScreen {
        align: center middle;
        & > Vertical {
            width: 90%; max-width: 100; height: 90%; max-height: 36; padding: 0 1; border: round $primary;
            background: $surface;
        }
        & Input { border: round $border-blurred; background: transparent; }
        & Input:focus { border: round $primary; background-tint: transparent; }
        & #fault { color: $error; padding: 0 1; display: none; }
        & FileTree { height: 1fr; }
        & #keys { color: $text-muted; padding: 0 1; }
    }
    """
    HELP = """
## Open a file

Type a path: `~` is your home, and **Right** takes what is suggested. **Enter** opens the file. Or pick one beneath:
**Tab** goes there, **Enter** opens a folder or takes a file. **Escape** leaves without one.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Cancel")]

    def __init__(self, folder: Path | None = None, title: str = "Open a file", endings: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._folder = (folder or Path.cwd()).expanduser().absolute()
        self._title, self._endings = title, endings

    def compose(self) -> ComposeResult:
        """The path, what is wrong with it, and the files."""
        with Vertical() as box:
            box.border_title = self._title
            yield Input(placeholder="path of a file, ~ is your home", suggester=PathSuggester(self._folder))
            yield Static(id="fault")
            yield FileTree(self._folder, self._endings)
            yield Static("→ takes the suggestion   ⏎ opens   ⇥ path / files   esc leaves", id="keys")

    @on(Input.Changed)
    def _typed(self) -> None:
        self._complain("")

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        event.stop()
        self._take(event.value.strip())

    @on(FileTree.FileSelected)
    def _selected(self, event: FileTree.FileSelected) -> None:
        event.stop()
        self._take(str(event.path))

    def _take(self, named: str) -> None:
        try:
            path = self._folder / Path(named).expanduser()
            fault = _fault(path) if named else "Type the path of a file, or pick one beneath."
        except (OSError, ValueError, RuntimeError) as error:  # a null character, no such user after ~
            self._complain(f"{named} is no path: {error}")
            return
        if fault:
            self._complain(fault)
        else:
            self.dismiss(path)

    def _complain(self, fault: str) -> None:
        place = self.query_one("#fault", Static)
        place.update(Text(one_line(fault)))
        place.display = bool(fault)


def _fault(path: Path) -> str:
    """Why a file cannot be opened; nothing where it can."""
    if path.is_dir():
        return f"{path} is a folder: name a file in it."
    if not path.exists():
        return f"{path} is not there."
    if not os.access(path, os.R_OK):
        return f"{path} may not be read by you."
    return ""
