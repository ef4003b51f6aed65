"""The screens that a function key leads to. None is imported before it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.screen import Screen


@dataclass(frozen=True, slots=True)
class Section:
    """A screen, its key, and what it is called."""

    name: str
    key: str
    title: str
    about: str
    screen: str
    """Module and class below `screens`."""

    @property
    def open(self) -> Callable[[], Screen[None]]:
        """Makes the screen."""

        def make() -> Screen[None]:
            module, name = self.screen.split(":")
            return getattr(import_module(f".screens.{module}", __package__), name)()

        return make


SECTIONS = (
    Section("ask", "f2", "Ask", "paste an error and read the answer", "ask:AskScreen"),
    Section("browse", "f3", "Browse", "all known failures by symptom, cause, stack and stage", "browse:BrowseScreen"),
    Section("atlas", "f4", "Atlas", "which causes stand behind which symptoms", "atlas:AtlasScreen"),
    Section("history", "f5", "History", "what was diagnosed before", "history:HistoryScreen"),
    Section("machine", "f6", "Machine", "what this machine has", "machine:MachineScreen"),
    Section("models", "f7", "Models", "local models: list, pull, switch", "models:ModelsScreen"),
)
