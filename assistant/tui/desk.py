"""What the application works with: the core and the model. All that is slow here is called from workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from ...kb.errors import ModelError

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..firstaid import FirstAid
    from ..llm import Explained, LanguageModel
    from ..report import Report


@dataclass(frozen=True, slots=True)
class Opened:
    """A model that is loaded or loading, and how it is stopped and freed."""

    model: LanguageModel
    close: Callable[[], None]


def bundled_core(encoder: str, env: str = "auto") -> FirstAid:
    """The core over the shipped cases and the user's own; its modules are loaded here, in a worker."""
    from ..firstaid import FirstAid

    return FirstAid(encoder=encoder, env=env)


def local_model(spec: str | None = None) -> Opened:
    """The model of this name or path, else the one in use on this machine.

    Raises:
        ModelError, ExtraMissing: there is none, or nothing to run it.
    """
    from ..llm.local import open_local

    model = open_local(spec)
    return Opened(model, model.close)


class Desk:
    """The core, opened once, and a model that is opened when it is first needed and again after it was stopped."""

    def __init__(self, core: Callable[[], FirstAid], model: Callable[[], Opened] | None) -> None:
        self._open_core, self._open_model = core, model
        self._core: FirstAid | None = None
        self._opening = Lock()
        self._speaking = Lock()
        self._model: Opened | None = None
        self._stopped = 0

    @property
    def core(self) -> FirstAid:
        """The opened core.

        Raises:
            IndexUnavailable: no index can be written anywhere.
        """
        with self._opening:
            if self._core is None:
                core = self._open_core()
                _ = core.searcher  # opens the index, or builds it
                self._core = core
            return self._core

    @property
    def has_model(self) -> bool:
        """Whether a model may be asked at all."""
        return self._open_model is not None

    def speak(self, report: Report, diagnosis: Diagnosis, question: str, into: Explained) -> Iterator[str]:
        """The model's answer piece by piece; it ends early, and without an error, when `hush` is called.

        Raises:
            ModelError, ExtraMissing: there is no model, or it broke down.
        """
        from ..llm import explain

        with self._speaking:
            stopped, opened = self._stopped, self._opened()
            try:
                for piece in explain(report, diagnosis, opened.model, into, question):
                    if self._stopped != stopped:
                        return
                    yield piece
            except (ModelError, OSError, ValueError):
                self._forget(opened)
                if self._stopped == stopped:
                    raise

    def hush(self) -> None:
        """Stops the model at once, whatever it is doing."""
        self._stopped += 1
        if opened := self._model:
            self._forget(opened)

    def change_model(self) -> None:
        """Lets go of the model, so that the one in use by then is opened next."""
        self.hush()

    def _opened(self) -> Opened:
        assert self._open_model is not None
        if self._model is None:
            self._model = self._open_model()
        return self._model

    def _forget(self, opened: Opened) -> None:
        with suppress(OSError):
            opened.close()
        if self._model is opened:
            self._model = None
