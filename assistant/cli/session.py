"""Opens the core for a command, with its notes and its progress bar on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .. import stderr
from ..firstaid import FirstAid

if TYPE_CHECKING:
    from rich.progress import Progress


def open_firstaid(encoder: str, quiet: bool, env: str = "none") -> FirstAid:
    """The core as a command uses it."""
    if quiet:
        return FirstAid(encoder=encoder, env=env)
    return FirstAid(encoder=encoder, note=stderr.note, progress=progress_bar(), env=env)


def progress_bar() -> Callable[[int, int], None]:
    """Shows the building of the index: a bar on a terminal, one line elsewhere."""
    if sys.stderr is not None and sys.stderr.isatty():
        return _bar()
    return _line()


@contextmanager
def bytes_bar(quiet: bool, title: str) -> Iterator[Callable[[int, int], None]]:
    """Shows how much of a file is done, on a terminal only."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _line() -> Callable[[int, int], None]:
    said = False

    def show(done: int, total: int) -> None:
        nonlocal said
        if not said and done < total:
            stderr.note(f"building the index ({total} texts), once for this set of cases")
            said = True

    return show


def _bar() -> Callable[[int, int], None]:
    bar: Progress | None = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None and done < total:
            bar = _started(total)
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done)
            if done >= total:
                bar.stop()

    return show


def _started(total: int) -> Progress:
    from rich.console import Console  # only a first run builds
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    bar.add_task("firstaid: building the index", total=total)
    bar.start()
    return bar
