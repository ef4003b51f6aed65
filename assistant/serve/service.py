"""The core behind the routes: diagnoses in threads, within their time, and the model after them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import asdict, replace
from time import perf_counter
from typing import TypeVar

import anyio
from fastapi.sse import format_sse_event

from ...kb.errors import FirstaidError
from .. import stderr
from ..diagnose import read
from ..diagnosis import Diagnosis
from ..firstaid import FirstAid
from ..llm import Explained
from ..render.data import safe_json, to_json
from .asked import Asked
from .metrics import Metrics
from .pool import Pool
from .problems import Fault, Refused, problem_json
from .recent import Recent
from .settings import Settings
from .voice import Voice

T = TypeVar("T")
Watch = Callable[[], Awaitable[bool]]
"""Whether the client has gone."""


class Service:
    """What every route works with."""

    def __init__(self, firstaid: FirstAid, settings: Settings, voice: Voice | None) -> None:
        self.firstaid, self.settings, self.voice = firstaid, settings, voice
        self.pool = Pool(settings.workers, settings.queue)
        self.metrics = Metrics(self.pool)
        self._recent = Recent()

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """A place inside and a time limit, from the first byte of the body to the end of the work.

        Raises:
            Refused: no place is free, or the time is over.
        """
        limit = self.settings.timeout
        with self.pool.place():
            try:
                with anyio.fail_after(limit):
                    yield
            except TimeoutError:
                hint = "send the part around the error, or raise firstaid serve --timeout"
                raise Refused(504, f"not answered within {limit:g} seconds", hint) from None

    async def run(self, work: Callable[[], T], gone: Watch) -> T:
        """The work, done in a thread when it is its turn."""
        return await self.pool.run(work, gone)

    async def diagnosis(self, asked: Asked, gone: Watch) -> Diagnosis:
        """The diagnosis of a report, from memory if it was asked for lately."""
        body = asked.report.encode("utf-8", "replace") if isinstance(asked.report, str) else asked.report
        found = self._recent.get(body, asked.top)
        if found:
            self.metrics.repeated.inc()
        else:
            found = await self.run(lambda: self.firstaid.diagnose(body, top=asked.top), gone)
            self._recent.keep(body, asked.top, found)
        self.metrics.diagnosed(found.verdict)
        return replace(found, id=asked.id)

    async def explained(self, asked: Asked, diagnosis: Diagnosis) -> Diagnosis:
        """The diagnosis with the model's answer; one that fails takes no answer away."""
        into, started = Explained(), perf_counter()
        try:
            async with aclosing(self._said(asked, diagnosis, into)) as pieces:
                async for _ in pieces:
                    pass
        except FirstaidError as error:
            stderr.error(error)
        return self._with_answer(diagnosis, into, started)

    async def events(self, asked: Asked, diagnosis: Diagnosis, *, speak: bool) -> AsyncGenerator[bytes, None]:
        """`diagnosis` at once, then `text` by `text` what the model says, its whole `answer`, and `done`.

        What the model fails at is told by `error`; the diagnosis stands.
        """
        yield _event("diagnosis", to_json(diagnosis))
        into, started = Explained(), perf_counter()
        try:
            if speak:
                async with aclosing(self._said(asked, diagnosis, into)) as pieces:
                    async for piece in pieces:
                        yield _event("text", safe_json({"text": piece}))
        except FirstaidError as error:
            yield _event("error", problem_json(Fault(error.message, error.hint)))
        whole = self._with_answer(diagnosis, into, started) if speak else diagnosis
        yield _event("answer", safe_json(asdict(whole.answer) if whole.answer else None))
        yield _event("done", safe_json({"timing_ms": asdict(whole.timing_ms)}))

    async def _said(self, asked: Asked, diagnosis: Diagnosis, into: Explained) -> AsyncGenerator[str, None]:
        assert self.voice is not None
        report = await anyio.to_thread.run_sync(read, asked.report)
        async with aclosing(self.voice.say(report, diagnosis, into)) as pieces:
            async for piece in pieces:
                yield piece

    def _with_answer(self, diagnosis: Diagnosis, into: Explained, started: float) -> Diagnosis:
        timing = replace(diagnosis.timing_ms, llm=round((perf_counter() - started) * 1000, 2))
        answer = into.answer(self.voice.name) if self.voice else None
        return replace(diagnosis, answer=answer, timing_ms=timing)


def _event(name: str, data: str) -> bytes:
    return format_sse_event(event=name, data_str=data)
