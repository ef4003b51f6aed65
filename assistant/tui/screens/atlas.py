"""What stands behind what one sees: the heat map of causes behind symptoms, and three findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from ....kb import load
from ....kb.labelled import incidents
from ....kb.stats import Stats, count
from ...paths import user_cases
from ...render.words import arrows
from ...safe import one_line
from ..catalogue import Catalogue, Filters
from ..heat import HeatRow
from ..widgets.findings import Findings
from ..widgets.heat_map import HeatMap
from .section import SectionScreen


class AtlasScreen(SectionScreen):
    """Map and findings; where there is no room for both, one of them."""

    NAME = "atlas"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (160, "-widest")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (38, "-tall")]  # noqa: RUF012
    DEFAULT_CSS = """
    AtlasScreen {
        & #both { height: 1fr; layout: vertical; }
        & #map {
            height: auto; max-height: 70%; border: round $secondary;
            border-title-color: $text-muted; border-subtitle-color: $text-muted;
        }
        & #map:focus-within { border: round $primary; border-title-color: $primary; }
        & #cell { dock: bottom; height: 2; color: $text-muted; padding: 0 1; }
        & Findings { height: 1fr; min-height: 6; }
        &.-wide Findings { layout: grid; grid-size: 3; grid-rows: auto; }
        &.-short #map { height: 1fr; max-height: 100%; }
        &.-short Findings { display: none; }
        &.-short.-findings Findings { display: block; }
        &.-short.-findings #map { display: none; }
        &.-widest #both { layout: horizontal; }
        &.-widest #map, &.-widest.-findings #map { display: block; width: 111; height: 1fr; max-height: 100%; }
        &.-widest Findings { display: block; height: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "turn", "Findings / map"),
        Binding("escape", "map", "Map", show=False),
    ]

    @dataclass
    class Counted(Message):
        """The failures were counted."""

        stats: Stats
        catalogue: Catalogue

    def __init__(self) -> None:
        super().__init__()
        self._catalogue: Catalogue | None = None

    def body(self) -> ComposeResult:
        """The map with a line that says what the cursor is at, and the findings."""
        with Container(id="both"):
            with Vertical(id="map") as panel:
                panel.border_title = "What stands behind what one sees"
                yield HeatMap()
                yield Static("Counting the failures of all cases…", id="cell")
            yield Findings()

    def on_mount(self) -> None:
        """Counts."""
        self._count()

    @work(thread=True)
    def _count(self) -> None:
        base = load(user_cases())
        self.post_message(self.Counted(count(incidents(base)), Catalogue(base)))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Says so when this failed; the error itself is shown by the application."""
        if event.state == WorkerState.ERROR:
            self.query_one("#cell", Static).update("The cases could not be read.")

    @on(Counted)
    async def _was_counted(self, message: Counted) -> None:
        self._catalogue = message.catalogue
        stats = message.stats
        self.query_one("#map").border_subtitle = f"{stats.failures:,} failures in {len(message.catalogue):,} cases"
        self.query_one(HeatMap).show(stats)
        await self.query_one(Findings).show(stats.findings)

    @on(HeatMap.Pointed)
    def _tell(self, message: HeatMap.Pointed) -> None:
        if self._catalogue:
            wanted = Filters(symptom=message.row.symptom, root_cause=message.root_cause)
            cases = len(self._catalogue.fitting(wanted))
            self.query_one("#cell", Static).update(_told(message.row, message.root_cause, cases))

    def action_turn(self) -> None:
        """From the map to the findings, or back."""
        if self.query_one(Findings).has_focus:
            self.action_map()
        else:
            self.add_class("-findings")
            self.query_one(Findings).focus()

    def action_map(self) -> None:
        """Back to the map."""
        self.remove_class("-findings")
        self.query_one(HeatMap).focus()


def _told(row: HeatRow, root_cause: str, cases: int) -> Text:
    """A cell in words."""
    symptom = arrows(one_line(row.symptom)) if row.symptom else "All symptoms"
    failures = row.counts.get(root_cause, 0) if root_cause else row.total
    share = f", {failures / row.total:.0%} of the row" if root_cause and row.total else ""
    return Text.assemble(
        (f"{symptom} × {one_line(root_cause) or 'all causes'}\n", "bold"),
        f"{_number(failures, 'failure')}{share}, in {_number(cases, 'case')}",
    )


def _number(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
