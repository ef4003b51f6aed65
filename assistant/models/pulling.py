"""A fetch that can be stopped at any time, and that never keeps an application from ending."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Literal

from ...kb.errors import ModelError
from .catalogue import Model
from .pull import Source
from .store import ModelStore

Stage = Literal["fetch", "check"]


@dataclass(frozen=True, slots=True)
class PullStep:
    """How far a fetch, or the check of what was fetched, is."""

    stage: Stage
    done: int
    total: int


class Pulling:
    """One fetch, in a process of its own. What was fetched when it is stopped is there for the next."""

    def __init__(self, store: ModelStore, model: Model, source: Source) -> None:
        self.model = model
        self.source: Source = source
        self._order = json.dumps({"folder": str(store.folder), "model": asdict(model), "source": source})
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def run(self, tell: Callable[[PullStep], object]) -> Path | None:
        """Fetches and checks the model; where it lies, or None if it was stopped.

        Raises:
            ModelError: it cannot be fetched, is not the right file, or there is no space for it.
        """
        with tempfile.TemporaryFile() as said, self._started(said) as process:
            if self._stopped:
                self._kill(process)
            found = self._followed(process, tell)
            if self._stopped:
                return None
            return found or _fault(process.wait(), said)

    def stop(self) -> None:
        """Ends it, whatever it is doing; `run` returns soon."""
        self._stopped = True
        if self._process:
            self._kill(self._process)

    def _started(self, said: IO[bytes]) -> subprocess.Popen[bytes]:
        # Safe path: what lies in the working folder is not imported. A session of its own: pip ends with it.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", f"{__package__}.pull_worker", self._order],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
        )
        return self._process

    def _followed(self, process: subprocess.Popen[bytes], tell: Callable[[PullStep], object]) -> Path | None:
        assert process.stdout is not None
        stage: Stage = "fetch"
        for line in process.stdout:
            event = _parsed(line)
            if "error" in event:
                message, context, hint = event["error"]
                raise ModelError(message, context=context, hint=hint)
            if "path" in event:
                return Path(event["path"])
            stage = event.get("stage", stage)
            if "total" in event:
                tell(PullStep(stage, event["done"], event["total"]))
        return None

    @staticmethod
    def _kill(process: subprocess.Popen[bytes]) -> None:
        if process.poll() is not None:
            return
        with suppress(OSError):  # it ends by itself right now
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        return json.loads(line)
    except ValueError:  # it was stopped in the middle
        return {}


def _fault(code: int, said: IO[bytes]) -> Path:
    said.seek(0)
    lines = said.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
    raise ModelError(
        f"the fetch broke down (exit code {code})", context=lines[-1] if lines else None, hint="try again: it goes on"
    )
