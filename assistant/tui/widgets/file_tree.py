"""Folders and files to pick from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.visual import VisualType
from textual.widgets import DirectoryTree

from ...safe import one_line
from ..guarded import Guarded


class FileTree(Guarded, DirectoryTree):
    """Without hidden ones.

    Args:
        folder: where it begins.
        endings: of the files that are shown; all where there are none.
    """

    DEFAULT_CSS = """
    FileTree {
        border: round $border-blurred; background: transparent; padding: 0 1; scrollbar-size-vertical: 1;
        &:focus { border: round $primary; background-tint: transparent; }
    }
    """
    HELP = """
## Files

**Up** and **Down** go through them, **Enter** opens a folder or takes a file, **Backspace** goes to the folder above.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("backspace", "above", "Folder above")]
    ICON_NODE = "▸ "
    ICON_NODE_EXPANDED = "▾ "
    ICON_FILE = "  "

    def __init__(self, folder: Path, endings: tuple[str, ...] = ()) -> None:
        super().__init__(folder)
        self._endings = endings

    def process_label(self, label: VisualType) -> Text:
        """A name as it may be shown."""
        return Text(one_line(str(label)) or "?")

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        """Folders, and the files that are wanted."""
        return [path for path in paths if not path.name.startswith(".") and self._wanted(path)]

    def action_above(self) -> None:
        """Shows the folder above."""
        self.path = Path(self.path).absolute().parent

    def _wanted(self, path: Path) -> bool:
        return not self._endings or path.name.lower().endswith(self._endings) or self._safe_is_dir(path)
