"""The cases found, best first."""

from __future__ import annotations

from dataclasses import dataclass

from rich.table import Table
from rich.text import Text
from textual import on
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ...diagnosis import Diagnosis, FoundCase
from ...render.words import others
from ...safe import one_line


class CaseList(OptionList):
    """Score, title, and the best reason for each."""

    DEFAULT_CSS = """
    CaseList {
        height: auto; max-height: 10; border: none; padding: 0; background: transparent; scrollbar-size-vertical: 1;
        &:focus { border: none; }
    }
    """
    HELP = """
## The cases found

Best first, each with its score and what speaks for it in your report. **Up** and **Down** show a case beneath.

- **y** copies the answer, **m** a bug report in Markdown
- **+** and **-** say whether the case was right; that stays on this machine
"""

    @dataclass
    class Picked(Message):
        """A case should be shown."""

        case: FoundCase

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, markup=False)
        self._cases: list[FoundCase] = []

    @property
    def picked(self) -> FoundCase | None:
        """The case that is highlighted."""
        return self._cases[self.highlighted] if self.highlighted is not None else None

    def show(self, diagnosis: Diagnosis | None) -> None:
        """Lists the cases of a diagnosis, the first of them picked; none for None."""
        self._cases = _worth_showing(diagnosis) if diagnosis else []
        self.clear_options()
        self.add_options([Option(_row(case)) for case in self._cases])
        self.highlighted = 0 if self._cases else None

    def pick(self, case_id: str) -> bool:
        """Picks a case by its id; tells whether it is among these."""
        found = next((number for number, case in enumerate(self._cases) if case.id == case_id), None)
        if found is not None:
            self.highlighted = found
        return found is not None

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if self.picked:
            self.post_message(self.Picked(self.picked))


def _worth_showing(diagnosis: Diagnosis) -> list[FoundCase]:
    """The first case and those that come near it; for what is not known the nearest, so that one can look."""
    if diagnosis.verdict == "none":
        return diagnosis.cases
    return [*diagnosis.cases[:1], *others(diagnosis)]


def _row(case: FoundCase) -> Table:
    """Two lines, the second with the reason."""
    row = Table.grid(padding=(0, 1, 0, 0), expand=True)
    row.add_column(min_width=4, no_wrap=True, justify="right")
    row.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    row.add_row(Text(f"{case.score:.0%}", "bold"), Text(one_line(case.title)))
    if case.why:
        row.add_row("", Text(one_line(case.why[0]), "dim"))
    return row
