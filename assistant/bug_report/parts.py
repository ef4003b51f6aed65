"""The parts of a bug report, each of which may be empty."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .facts import ENVIRONMENT, all_facts, facts_of
from .log import PROSE, decisive, fitted, own_words
from .markdown import code, fenced, plain
from .material import Material
from .similar import similar
from .template import Template

_LABELLED = frozenset({"command", "error", "tried", "similar"})
"""Parts that need a line above them where others stand beside them."""
_COMMAND, _TRIED, _ATTEMPT = 2_000, 20, 400
"""Characters of a command; things tried, and characters of each."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Writes the parts of one report."""

    material: Material
    template: Template
    words: Mapping[str, str]
    room: int
    """Characters for the log."""

    def written(self, names: tuple[str, ...]) -> list[str]:
        """These parts in this order, facts that stand side by side as one list; empty where nothing is known."""
        blocks = [self._block(name, alone=len(names) == 1) for name in _joined(names)]
        return [line for block in blocks if block for line in (*block, "")]

    def _block(self, name: str | tuple[str, ...], *, alone: bool) -> list[str]:
        if isinstance(name, tuple):
            return facts_of(name, self.material, self.template, self.words)
        lines = list(getattr(self, f"_{name}")())
        return [f"**{self.words[name]}**", "", *lines] if lines and name in _LABELLED and not alone else lines

    def _words(self) -> Iterator[str]:
        if self.material.is_prose or self.material.report.initiating:
            lines = own_words(self.material.report)
            yield from (plain(line) for line in fitted(lines, PROSE, self.words))

    def _error(self) -> Iterator[str]:
        if self.material.is_prose:
            return
        lines = decisive(self.material.report)
        yield from fenced(fitted(lines, self.room, self.words))
        if len(lines) < (all_lines := self.material.report.total_lines):
            yield from ("", self.words["cut"].format(shown=len(lines), all=f"{all_lines:,}"))

    def _command(self) -> Iterator[str]:
        if not (run := self.material.run):
            return
        record = run.record
        yield from fenced([shlex.join(record.command)[:_COMMAND]], "sh")
        yield ""
        yield f"- {self.words['ending']}: {self._ending()}"
        for name in ("folder", "environment"):
            if value := getattr(record, name):
                yield f"- {self.words[name]}: {code(value)}"

    def _ending(self) -> str:
        assert self.material.run
        record = self.material.run.record
        if record.exit_code is None:
            return plain(record.signal or self.words["not_ended"])
        return self.words["exit_code"].format(code=record.exit_code)

    def _tried(self) -> Iterator[str]:
        yield from (f"- {plain(text[:_ATTEMPT])}" for text in self.material.tried[:_TRIED] if text.strip())
        yield from (f"- {self.words['unhelpful'].format(case=code(case))}" for case in self.material.unhelpful[:_TRIED])
        if self.material.run and (count := self.material.run.failed_before):
            yield f"- {self.words['failed_once' if count == 1 else 'failed_before'].format(count=count)}"

    def _similar(self) -> list[str]:
        return similar(self.material.diagnosis, self.template, self.words)

    def _details(self) -> list[str]:
        return all_facts(self.material.facts, self.words)


def _joined(names: tuple[str, ...]) -> Iterator[str | tuple[str, ...]]:
    kinds: list[str] = []
    for name in names:
        if name in ENVIRONMENT or name == "environment":
            kinds += ENVIRONMENT if name == "environment" else [name]
            continue
        if kinds:
            yield tuple(kinds)
            kinds = []
        yield name
    if kinds:
        yield tuple(kinds)
