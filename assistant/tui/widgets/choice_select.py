"""One label to filter by, chosen from those that occur."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import Select

from ...safe import one_line
from ..catalogue import Choice
from ..guarded import Guarded
from ..labels import depth, leaf


class ChoiceSelect(Guarded, Select[str]):
    """Opens a list of labels, each with the number of its cases; a label fits everything beneath it."""

    DEFAULT_CSS = """
    ChoiceSelect {
        width: 1fr; height: 1;
        & > SelectCurrent { background: $panel; }
        & > SelectCurrent Static#label { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & > SelectCurrent.-has-value Static#label { color: $accent; text-style: bold; }
        &:focus > SelectCurrent, &.-expanded > SelectCurrent { background: $primary 40%; }
        & > SelectOverlay { width: 54; max-height: 16; constrain: inside inside; border: round $primary; }
        & > SelectOverlay.-textual-compact > .option-list--option { padding: 0 1; }
    }
    """
    HELP = """
## A filter

- **Enter** opens the list, typing jumps to what you type, **Enter** again picks, **Escape** closes
- `›` stands under the label above it; a label fits everything beneath it
- the first line takes the filter away
"""

    def __init__(self, what: str, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__([], prompt=f"any {what}", id=id, compact=True)
        self._labels: frozenset[str] = frozenset()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Lists these from now on; nothing is picked."""
        self._labels = frozenset(choice.label for choice in choices)
        self.set_options((_line(choice), choice.label) for choice in choices)

    @property
    def picked(self) -> str:
        """The label; empty where any will do."""
        return self.selection or ""

    @picked.setter
    def picked(self, label: str) -> None:
        self.value = label if label in self._labels else self.NULL


def _line(choice: Choice) -> Text:
    level = depth(choice.label)
    mark = "›" * level + " " if level else ""
    return Text.assemble(mark, one_line(leaf(choice.label)), (f" {choice.cases:,}", "dim"), no_wrap=True)
