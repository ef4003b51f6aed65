"""Work that may be done early, beside the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress


def in_background(work: Callable[[], object]) -> None:
    """Begins the work in a thread. If it fails that is not told: whoever needs its result meets the failure again."""
    # No daemon: a process that ends while native code is starting up is aborted.
    threading.Thread(target=_quietly, args=(work,)).start()


def _quietly(work: Callable[[], object]) -> None:
    with suppress(Exception):
        work()
