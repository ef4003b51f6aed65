"""What the doctor says, as text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..doctor import Checkup, Finding
from ..machine.fact import FactGroup
from ..safe import one_line, printable
from .facts import facts_to_markdown
from .markdown import code, plain
from .picture import drawn
from .screen import Screen

_COLOURS = {"broken": "bold red", "risky": "bold yellow", "limited": "bold cyan"}
_NAME = 22
"""Cells for the name of a fact."""
_HEALTHY = "No known conflict."


def checkup_to_text(checkup: Checkup, screen: Screen) -> str:
    """The conflicts, the worst first, then every fact."""
    return drawn(_parts(checkup, screen), screen)


def _parts(checkup: Checkup, screen: Screen) -> Iterator[RenderableType]:
    yield Text(f"{_summary(checkup)} ({one_line(checkup.environment.path)})", "bold")
    for finding in checkup.findings:
        yield Text("")
        yield from _finding(finding)
    for group in checkup.facts:
        yield Text("")
        yield from _group(group)


def _summary(checkup: Checkup) -> str:
    counts = [(name, sum(one.severity == name for one in checkup.findings)) for name in _COLOURS]
    told = ", ".join(f"{count} {name}" for name, count in counts if count)
    return f"Conflicts: {told}" if told else _HEALTHY


def _finding(finding: Finding) -> Iterator[RenderableType]:
    yield Text.assemble((f"{finding.severity}: ", _COLOURS[finding.severity]), (one_line(finding.title), "bold"))
    for sentence in finding.evidence:
        yield _indented(Text(one_line(sentence), "dim"))
    if finding.consequence:
        yield _indented(Text(one_line(finding.consequence)))
    if finding.do:
        yield _indented(Text(one_line(finding.do)))
    if finding.run:
        yield _indented(Text(printable(finding.run).strip(), "cyan"), 5)
    if finding.case:
        yield _indented(Text(f"more: firstaid show {finding.case}", "dim"))


def _indented(text: RenderableType, by: int = 2) -> RenderableType:
    return Padding(text, (0, 0, 0, by))


def _group(group: FactGroup) -> Iterator[RenderableType]:
    yield Text(group.title, "bold")
    table = Table.grid(padding=(0, 2))
    table.add_column(width=_NAME)
    table.add_column(overflow="fold")
    for fact in group.facts:
        table.add_row(Text(one_line(fact.name), "dim"), Text(one_line(fact.shown)))
    yield _indented(table)


def checkup_to_markdown(checkup: Checkup) -> str:
    """The same for an issue."""
    lines = [f"## {_summary(checkup)}", "", f"Environment: {plain(checkup.environment.path)}", ""]
    for finding in checkup.findings:
        lines += _finding_lines(finding)
    return "\n".join(lines) + "\n" + facts_to_markdown(checkup.facts)


def _finding_lines(finding: Finding) -> Iterator[str]:
    yield f"### {finding.severity}: {plain(finding.title)}"
    yield ""
    yield from (f"- {plain(sentence)}" for sentence in finding.evidence)
    yield ""
    yield from (plain(text) + "\n" for text in (finding.consequence, finding.do) if text)
    if finding.run:
        yield from (*code(finding.run, "sh"), "")
    yield from (f"- <{one_line(source)}>" for source in finding.sources)
    yield ""
