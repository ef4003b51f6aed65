"""What was understood of the report, before anything is looked up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import Static

from ...safe import one_line

if TYPE_CHECKING:
    from ...report import Report

_MOST = 3
"""Versions and models named."""


class Understood(Static):
    """The error, its lines, versions, GPU and stage, as far as the report tells."""

    DEFAULT_CSS = """
    Understood { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
    """

    def show(self, report: Report | None) -> None:
        """Tells what a report says; nothing for None."""
        self.update(Text(" · ").join(_parts(report)) if report else Text(""))


def _parts(report: Report) -> Iterator[Text]:
    if error := report.initiating:
        where = f"line {error.last}" if error.first == error.last else f"lines {error.first}-{error.last}"
        yield Text.assemble((one_line(error.name), "bold"), f" ({where})")
    elif report.words.strip():
        yield Text("your words; no error line in them")
    versions = [f"{name} {version}" for name, version in report.versions.items()]
    yield from (Text(one_line(text)) for text in [*versions[:_MOST], *report.gpus[:1], *report.models[:1]])
    if report.stage:
        yield Text(report.stage)
    yield from (Text(one_line(note), "italic") for note in report.notes)
