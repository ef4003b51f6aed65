"""The models known by name as a list shows them: what fits this machine, what is here, what is in use."""

from __future__ import annotations

from dataclasses import dataclass

from ...kb.errors import ModelError
from ..machine.memory import Memory, memory
from .catalogue import Model
from .store import Chosen, ModelStore


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model as a list shows it."""

    name: str
    title: str
    bytes: int
    memory_gb: float
    licence: str
    fits: str
    """"yes", "when memory is freed" or "no"."""
    installed: bool
    in_use: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """All of them, with the model in use; that may be a file of one's own."""

    rows: list[ModelRow]
    chosen: Chosen | None
    fault: ModelError | None
    """Why none is in use."""
    memory: Memory


def shelf(store: ModelStore) -> Shelf:
    """What is on it now. A file that was put there by hand is read once, which takes seconds."""
    chosen, fault = _chosen(store)
    has = memory()
    rows = [_row(store, one, has, chosen) for one in store.catalogue.models.values()]
    return Shelf(rows, chosen, fault, has)


def _chosen(store: ModelStore) -> tuple[Chosen | None, ModelError | None]:
    try:
        return store.chosen(), None
    except ModelError as error:
        return None, error


def _row(store: ModelStore, one: Model, has: Memory, chosen: Chosen | None) -> ModelRow:
    wanted = one.memory_gb * 1e9
    fits = "yes" if wanted <= has.free else "when memory is freed" if wanted <= has.total else "no"
    in_use = chosen is not None and chosen.name == one.name
    return ModelRow(one.name, one.title, one.bytes, one.memory_gb, one.licence, fits, store.installed(one), in_use)
