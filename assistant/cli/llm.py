"""The local model as a command uses it: asked for, or simply there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from ...kb.errors import ExtraMissing, FirstaidError, ModelError
from .. import stderr
from ..diagnosis import Diagnosis
from ..report import Report
from ..safe import printable

if TYPE_CHECKING:
    from ..llm import Explained, LanguageModel


def asked_for(llm: bool | None) -> bool | None:
    """Whether this run asks for a model: --model does so too, while a setting only says which one is meant."""
    named_here = click.get_current_context().get_parameter_source("model") is ParameterSource.COMMANDLINE
    return True if llm is None and named_here else llm


@contextmanager
def opened_model(asked: bool | None, spec: str | None, *, watched: bool) -> Iterator[Voice | None]:
    """The model, loading beside the rest; None where it is not wanted, or not here and not asked for.

    Without `asked` it is wanted where somebody is watching: `watched`, and stdout is a terminal. One that is asked for
    and is not here is told at the end, with how to get it: the answer must not wait for that.

    Raises:
        ModelError, ExtraMissing: see above.
    """
    on_terminal = watched and sys.stdout is not None and sys.stdout.isatty()
    if not (on_terminal if asked is None else asked):
        yield None
        return
    from ..llm.local import open_local

    missing: FirstaidError | None = None
    model = None
    try:
        model = open_local(spec)
    except (ExtraMissing, ModelError) as error:
        missing = error
    try:
        yield Voice(model) if model else None
    finally:
        if model:
            model.close()
    if missing and (asked or spec):
        raise missing


@dataclass(frozen=True, slots=True)
class Voice:
    """Puts diagnoses in the user's terms. A model that fails takes no answer away: it is told, and that is all."""

    model: LanguageModel

    def explained(self, diagnosis: Diagnosis, report: Report) -> Diagnosis:
        """The diagnosis with the model's answer."""
        from ..llm import Explained

        started, into = perf_counter(), Explained()
        for _ in self._pieces(diagnosis, report, into):
            pass
        timing = replace(diagnosis.timing_ms, llm=round((perf_counter() - started) * 1000, 2))
        return replace(diagnosis, answer=into.answer(self.model.name), timing_ms=timing)

    def speak(self, diagnosis: Diagnosis, report: Report, question: str = "") -> None:
        """Writes the model's answer, or what it says to a question, to stdout, piece by piece."""
        from ..llm import Explained
        from ..render import Screen
        from ..render.flow import Flow

        if diagnosis.cases:
            flow = Flow(Screen.of_stdout().width)
            self._write("" if question else f"\nIn your terms ({self.model.name}):\n")
            for piece in self._pieces(diagnosis, report, Explained(), question):
                self._write(flow.feed(piece))
            self._write("\n")

    def _pieces(self, diagnosis: Diagnosis, report: Report, into: Explained, question: str = "") -> Iterator[str]:
        from ..llm import explain

        try:
            yield from explain(report, diagnosis, self.model, into, question)
        except ModelError as error:
            stderr.error(error)

    def _write(self, text: str) -> None:
        sys.stdout.write(printable(text))
        sys.stdout.flush()
