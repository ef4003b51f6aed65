"""The models as a table."""

from __future__ import annotations

from rich.table import Table

from ..models.shelf import ModelRow
from .picture import drawn
from .screen import Screen


def models_to_text(rows: list[ModelRow]) -> str:
    """The models, those that are here with a mark."""
    table = Table(box=None, pad_edge=False)
    for head in ("", "name", "model", "file", "memory", "fits", "licence"):
        table.add_column(head, no_wrap=head == "name")
    for row in rows:
        mark = "*" if row.in_use else "+" if row.installed else ""
        sizes = (f"{row.bytes / 1e9:.1f} GB", f"{row.memory_gb} GB")
        table.add_row(mark, row.name, row.title, *sizes, row.fits, row.licence)
    return f"{drawn([table], Screen())}\n* in use, + here; any other GGUF file: firstaid model use FILE"
