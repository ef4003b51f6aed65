"""The process that fetches a model, so that a fetch can be stopped whatever it is doing.

Reads what to fetch from its argument as JSON and writes events, one a line, to stdout: {"stage"}, {"done", "total"}…,
{"path"} or {"error"}. Started by `pulling.py`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, BinaryIO

from ...kb.errors import FirstaidError
from .catalogue import Catalogue, Model, Parts
from .pull import bytes_held, pull, work_folder
from .store import ModelStore

_WATCHED_EVERY = 0.5
"""Seconds."""


class Teller:
    """Writes events, from several threads."""

    def __init__(self, events: BinaryIO) -> None:
        self._events, self._writing = events, Lock()

    def tell(self, **event: Any) -> None:
        """One event."""
        with self._writing:
            self._events.write(json.dumps(event).encode() + b"\n")
            self._events.flush()


def main() -> None:
    """Fetches one model."""
    order = json.loads(sys.argv[1])
    # What the hub's package prints must not get between the events.
    teller = Teller(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)
    parts = order["model"].pop("parts")
    model = Model(**order["model"], parts=Parts(**parts) if parts else None)
    store = ModelStore(Path(order["folder"]), Catalogue({model.name: model}, model))
    try:
        teller.tell(path=str(_pulled(store, model, order["source"], teller)))
    except FirstaidError as error:
        teller.tell(error=[error.message, error.context, error.hint])
    except OSError as error:
        teller.tell(error=[f"the model cannot be written: {error.strerror}", str(error.filename or store.folder), None])


def _pulled(store: ModelStore, model: Model, source: Any, teller: Teller) -> Path:
    work = work_folder(store, model)
    _keep_temporary_files_in(work / "temporary")
    checking = Event()

    def check() -> None:
        checking.set()
        teller.tell(stage="check")

    with _watched(work, model, teller, checking) if source == "hub" else nullcontext():
        return pull(store, model, source, lambda done, total: teller.tell(done=done, total=total), check)


def _keep_temporary_files_in(folder: Path) -> None:
    """Where what a stopped pip leaves behind goes with the next fetch; /tmp is small on many machines, too."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["TMPDIR"] = str(folder)


@contextmanager
def _watched(work: Path, model: Model, teller: Teller, checking: Event) -> Iterator[None]:
    """Tells how much is there: huggingface-hub shows that to people only."""

    def watch() -> None:
        while not checking.wait(_WATCHED_EVERY):
            with suppress(OSError):  # a file was renamed while it was looked at
                teller.tell(done=min(bytes_held(work), model.bytes), total=model.bytes)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        checking.set()
        watcher.join()


if __name__ == "__main__":
    main()
