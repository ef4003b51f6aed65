"""One group of facts."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from ...machine.fact import Fact, FactGroup
from ...safe import one_line

_NAMES = 22
"""Columns for the names, so that the panels line up."""


class FactPanel(Static):
    """Name and value of each; what cannot be told is "unknown"."""

    DEFAULT_CSS = """
    FactPanel { height: auto; border: round $border-blurred; padding: 0 1; }
    """

    def __init__(self, group: FactGroup) -> None:
        super().__init__(_table(group.facts))
        self.border_title = one_line(group.title)


def _table(facts: list[Fact]) -> Table:
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(width=_NAMES, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for fact in facts:
        table.add_row(Text(one_line(fact.name), "dim"), _value(fact))
    return table


def _value(fact: Fact) -> Text:
    value = Text("unknown", "italic") if fact.value is None else Text(one_line(fact.value))
    if fact.note:
        value.append(f" ({one_line(fact.note)})", "dim")
    return value
