"""A table whose columns share the width there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.events import Resize
from textual.widgets import DataTable

from ...safe import one_line
from ..guarded import Guarded

_LEAST = 6


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a fixed width, or one that takes its share of what the others leave."""

    label: str
    width: int = 0
    share: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; its key tells it from the others."""

    key: str
    cells: tuple[str, ...]


class FittedTable(Guarded, DataTable[Text]):
    """Whole rows are picked; what does not fit its column ends with an ellipsis."""

    DEFAULT_CSS = """
    FittedTable {
        border: round $border-blurred; background: transparent;
        scrollbar-gutter: stable; scrollbar-size: 0 1; overflow-x: hidden;
        &:focus { border: round $primary; background-tint: transparent; }
        & > .datatable--header, &:focus > .datatable--header { background: transparent; background-tint: transparent; }
    }
    """
    COLUMNS: ClassVar[tuple[Column, ...]]

    def __init__(self, title: str) -> None:
        super().__init__(cursor_type="row")
        self.border_title = title
        self._rows: Sequence[Row] = ()

    @property
    def picked(self) -> str | None:
        """The key of the row under the cursor."""
        return self._rows[self.cursor_row].key if 0 <= self.cursor_row < len(self._rows) else None

    def show(self, rows: Sequence[Row]) -> None:
        """Shows other rows; the row that was picked stays so, or else the one that took its place."""
        picked, place = self.picked, self.cursor_row
        self._rows = rows
        self._draw()
        kept = next((number for number, row in enumerate(rows) if row.key == picked), min(place, len(rows) - 1))
        self.move_cursor(row=max(0, kept), animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter is offered where there is a row to take."""
        del parameters
        return bool(self._rows) or action != "select_cursor"

    def on_resize(self, event: Resize) -> None:
        """Shares the width anew."""
        del event
        place = self.cursor_row
        self._draw()
        self.move_cursor(row=place, animate=False)

    def _draw(self) -> None:
        self.clear(columns=True)
        for column, width in zip(self.COLUMNS, self._widths(), strict=True):
            self.add_column(Text(column.label), width=width)
        for row in self._rows:
            self.add_row(*(_cell(cell) for cell in row.cells))

    def _widths(self) -> list[int]:
        fixed = sum(column.width + 2 * self.cell_padding for column in self.COLUMNS)
        left = self.scrollable_content_region.width - fixed
        shares = sum(column.share for column in self.COLUMNS if not column.width)
        return [column.width or max(_LEAST, left * column.share // shares) for column in self.COLUMNS]


def _cell(text: str) -> Text:
    return Text(one_line(text), no_wrap=True, overflow="ellipsis")
