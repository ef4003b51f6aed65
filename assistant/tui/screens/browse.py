"""All known failures: searched, filtered, and read in full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.worker import Worker, WorkerState

from ....kb import Case, load
from ...diagnosis import FoundCase
from ...paths import user_cases
from ...safe import one_line
from ..catalogue import Catalogue, Filters
from ..messages import OpenCase, OpenCases
from ..widgets.case_filters import CaseFilters
from ..widgets.case_pane import CasePane
from ..widgets.case_results import CaseResults
from .section import SectionScreen


class BrowseScreen(SectionScreen):
    """The list and the case side by side; where that is too narrow, the case lies over the list while it is read."""

    NAME = "browse"
    DEFAULT_CSS = """
    BrowseScreen {
        & #list { width: 1fr; max-width: 90; }
        & CasePane { width: 1fr; }
        &.-narrow CasePane { display: none; }
        &.-narrow.-reading CasePane { display: block; }
        &.-narrow #list { max-width: 100%; }
        &.-narrow.-reading #list { display: none; }
        &.-narrow CaseFilters > .labels { grid-size: 4; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", key_display="/"),
        Binding("escape", "back", "Back"),
    ]

    wanted: reactive[Filters] = reactive(Filters(), init=False)
    """What is looked for."""

    @dataclass
    class Read(Message):
        """The knowledge base was read."""

        catalogue: Catalogue
        in_full: Callable[[Case], FoundCase]

    def __init__(self) -> None:
        super().__init__()
        self._catalogue: Catalogue | None = None
        self._in_full: Callable[[Case], FoundCase] | None = None
        self._waiting: OpenCase | OpenCases | None = None
        """What was asked for before the cases were there."""
        self._picked: str | None = None

    def body(self) -> ComposeResult:
        """The list, and the case that is picked in it."""
        with Horizontal():
            with Vertical(id="list"):
                yield CaseFilters()
                yield CaseResults()
            yield CasePane()

    def on_mount(self) -> None:
        """Reads the cases."""
        self.query_one(CaseResults).border_subtitle = "reading the cases…"
        self._read()

    @work(thread=True)
    def _read(self) -> None:
        from ...diagnose import as_found

        self.post_message(self.Read(Catalogue(load(user_cases())), as_found))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Says so when the cases could not be read; the error itself is shown by the application."""
        if event.state == WorkerState.ERROR:
            self.query_one(CaseResults).border_subtitle = "the cases could not be read"

    @on(Read)
    def _was_read(self, message: Read) -> None:
        self._catalogue, self._in_full = message.catalogue, message.in_full
        self.query_one(CaseFilters).offer(message.catalogue)
        self._list()
        if self._waiting:
            self.post_message(self._waiting)

    def watch_wanted(self) -> None:
        """Lists the cases that fit now."""
        self._list()

    def _list(self) -> None:
        if self._catalogue:
            found = self._catalogue.fitting(self.wanted)
            results = self.query_one(CaseResults)
            results.show(found, self._picked)
            results.border_subtitle = _counted(len(found), self._catalogue)
            if not found:
                self._pick(None)

    @on(CaseFilters.Changed)
    def _look_for(self, message: CaseFilters.Changed) -> None:
        self.wanted = message.filters

    @on(CaseFilters.Left)
    def _to_list(self) -> None:
        self.query_one(CaseResults).focus()

    @on(CaseResults.OptionHighlighted)
    def _highlighted(self) -> None:
        self._pick(self.query_one(CaseResults).picked)

    @on(CaseResults.OptionSelected)
    def _read_case(self) -> None:
        self.add_class("-reading")
        self.query_one(CasePane).focus()

    def _pick(self, case_id: str | None) -> None:
        self._picked = case_id
        case = self._catalogue.get(case_id) if self._catalogue and case_id else None
        self.query_one(CasePane).show(self._in_full(case) if self._in_full and case else None)

    def on_descendant_focus(self) -> None:
        """Remembers whether it is the case that is read, for when the screen becomes narrow."""
        self.set_class(self.query_one(CasePane).has_focus_within, "-reading")

    @on(OpenCase)
    def _open_case(self, message: OpenCase) -> None:
        message.stop()
        if self._catalogue is None:
            self._waiting = message
        elif case := self._catalogue.get(message.case_id):
            self._show(case)
        else:
            self.notify(f"There is no case {one_line(message.case_id)}.", severity="warning", markup=False)

    def _show(self, case: Case) -> None:
        assert self._catalogue
        self._picked = case.id
        if any(case.id == other.id for other in self._catalogue.fitting(self.wanted)):
            self._list()
        else:
            self._filter(Filters())
        self._read_case()

    @on(OpenCases)
    def _open_cases(self, message: OpenCases) -> None:
        message.stop()
        if self._catalogue is None:
            self._waiting = message
            return
        self.remove_class("-reading")
        self._filter(Filters(symptom=message.symptom, root_cause=message.root_cause))
        self.query_one(CaseResults).focus()

    def _filter(self, wanted: Filters) -> None:
        self.query_one(CaseFilters).filters = self.wanted = wanted

    def action_search(self) -> None:
        """Lets the user type what to look for."""
        self.remove_class("-reading")
        self.query_one(CaseFilters).focus_search()

    def action_back(self) -> None:
        """From the case to the list; from there the search and the filters are taken away."""
        if self.query_one(CasePane).has_focus_within or self.has_class("-reading"):
            self.remove_class("-reading")
            self.query_one(CaseResults).focus()
        else:
            self._filter(Filters())
            self.query_one(CaseFilters).focus_search()


def _counted(found: int, catalogue: Catalogue) -> str:
    count = catalogue.left_out
    faulty = f"; {count} faulty file{'s' if count > 1 else ''} left out: firstaid kb check" if count else ""
    return f"{found:,} of {len(catalogue):,}{faulty}"
