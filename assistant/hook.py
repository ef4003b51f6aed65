"""Diagnoses exceptions that nobody caught. Light to install: nothing is read or started before there is one."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import ClassVar, TextIO

Kinds = type[BaseException] | tuple[type[BaseException], ...]

_NOT_FAILURES = (KeyboardInterrupt, SystemExit)


def install(stream: TextIO | None = None, only: Kinds | None = None) -> Callable[[], None]:
    """Lets firstaid say what is wrong whenever an exception ends the program or one of its threads.

    The traceback is printed first, by whatever printed it before. The diagnosis takes about a second of a process of
    its own, at most 20, and never raises; KeyboardInterrupt and SystemExit are left alone. Where it is installed
    already, only `stream` and `only` change.

    Args:
        stream: where the diagnosis is written; by default what sys.stderr is when it happens.
        only: the exceptions that are diagnosed; by default all.

    Returns:
        What takes it back.
    """
    hook = _Hook.installed or _Hook()
    hook.stream, hook.only = stream, only
    return hook.remove


class _Hook:
    """Stands before the hooks that it found, in both places."""

    installed: ClassVar[_Hook | None] = None

    def __init__(self) -> None:
        self.stream: TextIO | None = None
        self.only: Kinds | None = None
        self._before, self._before_in_threads = sys.excepthook, threading.excepthook
        sys.excepthook, threading.excepthook = self._uncaught, self._uncaught_in_thread
        _Hook.installed = self

    def remove(self) -> None:
        """Puts back what was there; where another hook calls this one by now, it only hands on."""
        if _Hook.installed is self:
            _Hook.installed = None
        if sys.excepthook == self._uncaught:
            sys.excepthook = self._before
        if threading.excepthook == self._uncaught_in_thread:
            threading.excepthook = self._before_in_threads

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._before(kind, error, trace)
        self._tell(error)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        self._before_in_threads(args)
        self._tell(args.exc_value)

    def _tell(self, error: BaseException | None) -> None:
        if _Hook.installed is not self or error is None or isinstance(error, _NOT_FAILURES):
            return
        if self.only is not None and not isinstance(error, self.only):
            return
        try:
            text = _diagnosis_of(error, self.stream or sys.stderr)
        except BaseException as problem:  # noqa: BLE001 - whatever it is, the program has its own failure to tell
            told = getattr(problem, "message", None) or type(problem).__name__
            text = f"firstaid: no diagnosis: {' '.join(str(told).split())}\n"
        self._write(text)

    def _write(self, text: str) -> None:
        stream = self.stream or sys.stderr
        if stream is None:  # started with stderr closed
            return
        with suppress(Exception):  # a stream of the program's own may raise anything
            stream.write(text)
            stream.flush()


def _diagnosis_of(error: BaseException, stream: TextIO | None) -> str:
    from .apart import diagnosed, is_apart
    from .exceptions import text_of
    from .render import Screen, render

    if is_apart():
        return ""
    diagnosis = diagnosed(text_of(error))
    if diagnosis.verdict == "none":
        return "firstaid: no known failure fits\n"
    return f"\n{render(diagnosis, 'text', Screen.of(stream))}"
