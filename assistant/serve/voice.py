"""The local model as the server uses it: one answer at a time, stopped as soon as nobody listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from threading import Event
from typing import Protocol

from ...kb.errors import FirstaidError, ModelError
from ..diagnosis import Diagnosis
from ..llm import Explained, LanguageModel, explain
from ..report import Report

_MOST_WAITING = 8
_PATIENCE = 300.0
"""Seconds: on two busy cores a model reads the first prompt of all for a minute. Who leaves stops it before."""


class ClosableModel(LanguageModel, Protocol):
    """A model that can be stopped."""

    def close(self) -> None:
        """Stops it at once, whatever it is doing, and frees its memory."""
        ...


class Voice:
    """Opens the model when it is first asked, and again after it was stopped.

    Args:
        open_model: may raise ModelError or ExtraMissing.
        timeout: seconds that one answer may take.
    """

    def __init__(self, open_model: Callable[[], ClosableModel], timeout: float = _PATIENCE) -> None:
        self._open, self._timeout = open_model, timeout
        self._model: ClosableModel | None = None
        self.name = ""
        """Of the model that spoke last."""
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def say(self, report: Report, diagnosis: Diagnosis, into: Explained) -> AsyncGenerator[str, None]:
        """The model's answer in pieces, gathered in `into`. Closing it stops the model.

        Raises:
            ModelError, ExtraMissing: there is none, it broke down, it takes too long, or too many wait for it.
        """
        if self._waiting >= _MOST_WAITING:
            raise ModelError("too many wait for the model", hint="the diagnosis stands; ask again later")
        self._waiting += 1
        try:
            async with self._turn:
                telling = _Telling(self._opened, report, diagnosis, into)
                try:
                    async for piece in telling.pieces(self._timeout):
                        yield piece
                finally:
                    if not telling.finished:
                        telling.stopped.set()
                        self.close()
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Stops the model."""
        model, self._model = self._model, None
        if model:
            with suppress(OSError):
                model.close()

    def _opened(self) -> ClosableModel:
        if self._model is None:
            self._model = self._open()
            self.name = self._model.name
        return self._model


class _Telling:
    """One answer, read from the model in a thread that ends when the model does."""

    def __init__(
        self, opened: Callable[[], ClosableModel], report: Report, diagnosis: Diagnosis, into: Explained
    ) -> None:
        self._opened, self._report, self._diagnosis, self._into = opened, report, diagnosis, into
        self._loop = asyncio.get_running_loop()
        self._pieces: asyncio.Queue[str | None] = asyncio.Queue()
        self.stopped = Event()
        """Nobody listens any more."""
        self.finished = False

    async def pieces(self, timeout: float) -> AsyncGenerator[str, None]:
        """What the model says, as it comes."""
        deadline = self._loop.time() + timeout
        reading = asyncio.ensure_future(asyncio.to_thread(self._read))
        reading.add_done_callback(_noticed)
        while (piece := await self._next(deadline)) is not None:
            yield piece
        try:
            await reading
        except FirstaidError:
            raise
        except (OSError, ValueError):
            raise ModelError("the model broke down", hint="the diagnosis stands; ask again") from None
        self.finished = True

    async def _next(self, deadline: float) -> str | None:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._pieces.get()
        except TimeoutError:
            hint = "the diagnosis stands; firstaid model list shows smaller ones"
            raise ModelError("the model takes too long", hint=hint) from None

    def _read(self) -> None:
        try:
            model = self._opened()
            for piece in explain(self._report, self._diagnosis, model, self._into):
                if self.stopped.is_set():
                    model.close()  # it was being opened when it was to stop
                    return
                self._put(piece)
        finally:
            self._put(None)

    def _put(self, piece: str | None) -> None:
        with suppress(RuntimeError):  # the server has ended meanwhile
            self._loop.call_soon_threadsafe(self._pieces.put_nowait, piece)


def _noticed(reading: asyncio.Future[None]) -> None:
    """A model that is stopped fails in its thread; nobody waits for that."""
    if not reading.cancelled():
        reading.exception()
