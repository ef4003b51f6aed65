"""A model on this machine, run by llama.cpp in a process of its own."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ...kb.errors import ExtraMissing, ModelError
from ..machine.gpus import gpu_memory
from ..machine.memory import cores
from ..models import Chosen, ModelStore
from ..paths import models_folder, states_folder
from .seam import Prompt, Usage

CONTEXT = 2048
"""Tokens that the prompt and the answer have together; the prompt is kept far below (`prompt.py`)."""
_ALL_LAYERS = -1
_ROOM = 1.25
"""Of its file's size a model takes so much on a GPU, context and buffers included."""
_INSTALL = "pip install 'firstaid-llm[llm]'"


class LocalModel:
    """Starts loading at once, in the background; `generate` waits for it. One request at a time.

    Raises:
        ExtraMissing: llama-cpp-python is not installed.
    """

    def __init__(self, chosen: Chosen, states: Path, gpu_layers: int | None = None) -> None:
        need_runtime()
        self.name = chosen.name
        self.usage: Usage | None = None
        """Of the last answer."""
        self._chosen = chosen
        self._states = states
        self._worker = self._start(_layers(chosen.path) if gpu_layers is None else gpu_layers)

    def generate(self, prompt: Prompt, grammar: str, limit: int) -> Generator[str, None, None]:
        """See LanguageModel."""
        self._worker.ask({**asdict(prompt), "grammar": grammar, "limit": limit})
        finished = False
        try:
            for event in self._worker.events():
                if "text" in event:
                    yield event["text"]
                elif "done" in event:
                    self.usage, finished = Usage(**event["done"]), True
                    return
        finally:
            if not finished:
                # It would go on to its end, and nobody listens any more.
                self.close()

    @property
    def process_id(self) -> int:
        """Of the process that runs the model."""
        return self._worker.process_id

    def close(self) -> None:
        """Stops the model at once and frees its memory."""
        self._worker.stop()

    def _start(self, gpu_layers: int) -> Worker:
        settings = {
            "path": str(self._chosen.path),
            "context": CONTEXT,
            "threads": cores(),
            "gpu_layers": gpu_layers,
            "states": str(self._states),
        }
        return Worker(settings)


def open_local(spec: str | None) -> LocalModel:
    """The user's model of a name or at a path, loading; None: the one in use.

    Raises:
        ModelError, ExtraMissing: it is not here, or nothing to run it.
        UsageError: there is no such model.
    """
    return LocalModel(ModelStore(models_folder()).wanted(spec), states_folder())


def need_runtime() -> None:
    """Whether models can be run here at all.

    Raises:
        ExtraMissing: llama-cpp-python is not installed.
    """
    if importlib.util.find_spec("llama_cpp") is None:
        raise ExtraMissing("llama-cpp-python is not installed", hint=_INSTALL)


class Worker:
    """The process and its two pipes."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        # A session of its own: Ctrl-C is for us, and we stop it.
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.worker", json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            start_new_session=True,
        )

    @property
    def process_id(self) -> int:
        """As the operating system has it."""
        return self._process.pid

    def ask(self, request: dict[str, Any]) -> None:
        """Sends a request; `events` answers it."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise self._fault() from None

    def events(self) -> Iterator[dict[str, Any]]:
        """What it answers, event by event.

        Raises:
            ModelError: it told of an error, or is gone.
        """
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            event = json.loads(line)
            if "error" in event:
                raise self._fault(event["error"])
            yield event
        raise self._fault()

    def stop(self) -> None:
        """Ends the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._said):
            if pipe is not None:
                with suppress(OSError):  # what it was sent and has not read
                    pipe.close()

    def _fault(self, told: str | None = None) -> ModelError:
        code = None if told else self._process.wait()
        hint = "firstaid model list shows what fits; answers go on without with --no-llm"
        if code == -9:
            return ModelError("the model was killed, most likely for want of memory", hint=hint)
        return ModelError(told or f"the model broke down (exit code {code})", context=self._last_words(), hint=hint)

    def _last_words(self) -> str | None:
        self._said.seek(0)
        lines = self._said.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else None


def _layers(path: Path) -> int:
    """All layers on the GPU where they fit into its free memory, else none: a part would hardly be faster."""
    free = gpu_memory()
    return _ALL_LAYERS if free is not None and free > path.stat().st_size * _ROOM else 0
