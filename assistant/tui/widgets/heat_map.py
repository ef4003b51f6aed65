"""Which causes stand behind which symptoms, as a table of numbers on warm colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.coordinate import Coordinate
from textual.events import Click, Resize
from textual.message import Message
from textual.widgets import DataTable

from ....kb.stats import Stats
from ...render.stats import HOTTEST, SHORT_CAUSES, heat
from ...safe import one_line
from ..guarded import Guarded
from ..heat import HeatRow, heat_rows, unfolded
from ..messages import OpenCases

_ALL = ""
"""The key of the column that sums up a row."""
_WARMEST = 0.85
"""How much of the accent the hottest cells have."""
_ROOMY = 108
"""Cells from which names and columns are wider."""


class HeatMap(Guarded, DataTable[Text]):
    """A row for each symptom, a column for each cause; Enter lists the cases behind a cell."""

    DEFAULT_CSS = """
    HeatMap {
        height: auto; max-height: 100%; background: transparent; scrollbar-size-vertical: 1;
        &:focus { background-tint: transparent; }
        & > .datatable--header, &:focus > .datatable--header {
            background: $background; color: $foreground; background-tint: transparent;
        }
        & > .datatable--cursor { background: $foreground; color: $background; text-style: bold; }
        &:focus > .datatable--cursor { background: $primary; color: $background; text-style: bold; }
        & > .datatable--header-cursor { background: $primary 40%; color: $foreground; }
        & > .datatable--hover { background: $primary 30%; }
    }
    """
    HELP = f"""
## The heat map

Numbers of reported failures; the larger a cause's share of its row, the warmer its cell.

- **arrow keys** move, **Enter** or a click lists the cases behind a cell
- **Space** shows or hides what stands beneath a symptom

{", ".join(f"**{short}**: {cause}" for cause, short in SHORT_CAUSES.items())}
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "List cases"),
        Binding("space", "fold", "Fold"),
    ]

    @dataclass
    class Pointed(Message):
        """The cursor is at a cell; an empty `root_cause` is all of them."""

        row: HeatRow
        root_cause: str

    def __init__(self) -> None:
        super().__init__(cell_padding=0, cursor_background_priority="css")
        self._rows: dict[str, HeatRow] = {}
        self._causes: list[str] = []
        self._opened: set[str] = set()
        self._roomy: bool | None = None

    def on_mount(self) -> None:
        """Draws itself again in the colours of another look."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())

    def on_resize(self, event: Resize) -> None:
        """Takes the room there is."""
        del event
        roomy = self.size.width >= _ROOMY
        if roomy != self._roomy:
            self._roomy = roomy
            self._draw()

    def on_click(self, event: Click) -> None:
        """Points at the cell first: DataTable selects only what is pointed at, and one click shall do."""
        row, column = event.style.meta.get("row", -1), event.style.meta.get("column", -1)
        if row >= 0 and column >= 0:
            self.cursor_coordinate = Coordinate(row, column)

    def show(self, stats: Stats) -> None:
        """Draws the failures that were counted."""
        rows = heat_rows(stats.cells)
        self._rows = {row.symptom: row for row in rows}
        self._causes = stats.causes
        self._opened = {row.symptom for row in rows if row.depth == 0}
        self._draw()

    def action_fold(self) -> None:
        """Shows or hides the symptoms beneath this one."""
        row = self._row_at(self.cursor_row)
        if row and row.symptom and row.parts:
            self._opened ^= {row.symptom}
            self._draw()

    @on(DataTable.CellHighlighted)
    def _highlighted(self, event: DataTable.CellHighlighted) -> None:
        event.stop()
        if row := self._row_at(event.coordinate.row):
            self.post_message(self.Pointed(row, self._cause_at(event.coordinate.column)))

    @on(DataTable.CellSelected)
    def _selected(self, event: DataTable.CellSelected) -> None:
        event.stop()
        if row := self._row_at(event.coordinate.row):
            self.post_message(OpenCases(row.symptom, self._cause_at(event.coordinate.column)))

    @on(DataTable.RowLabelSelected)
    def _row_selected(self, event: DataTable.RowLabelSelected) -> None:
        event.stop()
        if row := self._row_at(event.row_index):
            self.post_message(OpenCases(symptom=row.symptom))

    @on(DataTable.HeaderSelected)
    def _column_selected(self, event: DataTable.HeaderSelected) -> None:
        event.stop()
        self.post_message(OpenCases(root_cause=self._cause_at(event.column_index)))

    def _row_at(self, index: int) -> HeatRow | None:
        return self._rows.get(str(self.ordered_rows[index].key.value)) if self.is_valid_row_index(index) else None

    def _cause_at(self, index: int) -> str:
        return [*self._causes, _ALL][index]

    def _draw(self) -> None:
        at = self.cursor_coordinate
        self.clear(columns=True)
        if not self._rows:
            return
        name, cell = (36, 7) if self._roomy else (27, 5)
        for cause in (*self._causes, _ALL):
            self.add_column(Text(SHORT_CAUSES.get(cause, "all"), justify="right"), key=cause, width=cell)
        shades = self._shades()
        for row in unfolded(list(self._rows.values()), self._opened):
            cells = (_cell(row, cause, shades) for cause in self._causes)
            self.add_row(*cells, _sum(row), key=row.symptom, label=self._label(row, name))
        self.cursor_coordinate = Coordinate(min(at.row, self.row_count - 1), at.column)

    def _label(self, row: HeatRow, width: int) -> Text:
        text = Text(f"{self._mark(row)}{one_line(row.name)}", "not bold" if row.depth else "bold")
        text.truncate(width, overflow="ellipsis", pad=True)
        return text

    def _mark(self, row: HeatRow) -> str:
        if not row.symptom:
            return ""
        return (
            "  " * row.depth + ("▾ " if row.symptom in self._opened else "▸ ") if row.parts else "  " * (row.depth + 1)
        )

    def _shades(self) -> list[Style]:
        """A style for each heat, made of the colours of the look."""
        look = self.app.theme_variables
        cold, warm = Color.parse(look["background"]), Color.parse(look["accent"])
        colours = [cold.blend(warm, _WARMEST * step / HOTTEST) for step in range(1, HOTTEST + 1)]
        muted = cold.blend(cold.get_contrast_text(1.0), 0.6)
        return [Style(color=muted.rich_color), *(_on(colour) for colour in colours)]


def _on(colour: Color) -> Style:
    return Style(color=colour.get_contrast_text(1.0).rich_color, bgcolor=colour.rich_color)


def _cell(row: HeatRow, cause: str, shades: list[Style]) -> Text:
    count = row.counts.get(cause, 0)
    return Text(f"{count} " if count else "· ", shades[heat(count, row.total)], justify="right")


def _sum(row: HeatRow) -> Text:
    return Text(f"{row.total} ", "bold", justify="right")
