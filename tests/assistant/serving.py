"""A server on a real socket of this machine, for tests."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import uvicorn
from fastapi import FastAPI

from firstaid.assistant.llm import Prompt
from firstaid.assistant.serve import Settings
from firstaid.assistant.serve.running import listen, url_of
from firstaid.kb.errors import ModelError


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application in a thread; its address."""
    listening = listen(Settings(port=0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        until(lambda: server.started)
        yield url_of(listening)
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()


def calling(url: str) -> httpx2.Client:
    """A client of it that no proxy stands before."""
    return httpx2.Client(base_url=url, trust_env=False, timeout=60)


@contextmanager
def process(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`firstaid serve` as a user starts it, once it listens; its address."""
    command = [sys.executable, "-m", "firstaid.assistant", "serve", "--port", "0", "--no-llm", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **environment}
    ) as running:
        try:
            assert running.stderr is not None
            said = running.stderr.readline().decode()
            found = re.search(r"listening on (http://\S+)", said)
            assert found, said + running.stderr.read().decode()
            yield running, found[1]
        finally:
            if running.poll() is None:
                running.kill()


def until(true: object, seconds: float = 20) -> None:
    """Waits until it is."""
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never was"
        time.sleep(0.01)


class Model:
    """A model that says what it is told to, and waits where it is told to."""

    name = "fake"
    SAYS = json.dumps(
        {"case": "A", "cause": "transformers 4.46.0 does not know qwen3.", "steps": []}, separators=(",", ":")
    )

    def __init__(self, *, waits: bool = False, breaks: bool = False) -> None:
        self.waits, self.breaks = waits, breaks
        self.begun, self.closed = threading.Event(), threading.Event()

    def generate(self, prompt: Prompt, grammar: str, limit: int) -> Iterator[str]:
        del prompt, grammar, limit
        self.begun.set()
        if self.waits:
            assert self.closed.wait(30)
        if self.breaks or self.waits:
            raise ModelError("the model was killed", hint="mend it")
        yield from (self.SAYS[start : start + 9] for start in range(0, len(self.SAYS), 9))

    def close(self) -> None:
        self.closed.set()
