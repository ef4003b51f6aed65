"""One model in words."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from ...models import Model, ModelRow, Shelf
from ...safe import one_line
from ..guarded import Guarded


class ModelDetails(Guarded, VerticalScroll):
    """What it needs, where it comes from, and where it lies."""

    DEFAULT_CSS = """
    ModelDetails {
        height: 1fr; border: round $border-blurred; padding: 0 1; scrollbar-size-vertical: 1;
        &:focus { border: round $primary; }
    }
    """
    HELP = "## A model\n\nWhat it needs, where it comes from, and where it lies. **Tab** goes back to the list."

    def __init__(self) -> None:
        super().__init__()
        self.border_title = "Model"

    def compose(self) -> ComposeResult:
        """One table."""
        yield Static()

    def show(self, facts: dict[str, str]) -> None:
        """Shows facts by name."""
        table = Table.grid(padding=(0, 2), expand=True)
        table.add_column(width=8)
        table.add_column(ratio=1, overflow="fold")
        for name, value in facts.items():
            table.add_row(Text(name, "dim"), Text(one_line(value)))
        self.query_one(Static).update(table)


def about_model(model: Model, row: ModelRow, shelf: Shelf, path: Path) -> dict[str, str]:
    """A model known by name."""
    pieces = f"; in {model.parts.count} pieces on the package index, too (i)" if model.parts else ""
    return {
        "model": model.title,
        "memory": f"a run takes {model.memory_gb:.1f} GB{_room(row, shelf)}",
        "licence": model.licence,
        "from": f"{model.repo} at {model.revision[:7]} on the hub{pieces}",
        "here": str(path) if row.installed else "no",
    }


def about_own(shelf: Shelf) -> dict[str, str]:
    """The file of one's own that is in use."""
    assert shelf.chosen
    return {"model": f"your own file {shelf.chosen.name}", "here": str(shelf.chosen.path)}


def _room(row: ModelRow, shelf: Shelf) -> str:
    has = f"this machine has {shelf.memory.total / 1e9:.1f} GB, {shelf.memory.free / 1e9:.1f} GB of them free"
    fits = {"yes": "it fits", "no": "too little", "when memory is freed": "it fits when some is freed"}[row.fits]
    return f"; {has}: {fits}"
