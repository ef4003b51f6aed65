"""The cases that fit, two lines each."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ....kb import Case
from ...safe import one_line
from ..guarded import Guarded

_NONE = "No case fits. Escape takes the search and the filters away."


class CaseResults(Guarded, OptionList):
    """All of them; the lines are made once, so that typing never waits."""

    DEFAULT_CSS = """
    CaseResults {
        height: 1fr; border: round $secondary; border-title-color: $text-muted; border-subtitle-color: $text-muted;
        background: transparent; padding: 0;
        text-wrap: nowrap; text-overflow: ellipsis; scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        &:focus { border: round $primary; border-title-color: $primary; background-tint: transparent; }
        & > .option-list--option { padding: 0 1; }
    }
    """
    HELP = """
## The cases that fit

**Up**, **Down**, **Page Up**, **Page Down** go through them, **Enter** opens one. **/** goes back to the search.
"""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._made: dict[str, Option] = {}
        self.border_title = "Cases"

    @property
    def picked(self) -> str | None:
        """The id of the case that is highlighted."""
        return self.highlighted_option.id if self.highlighted_option else None

    def show(self, cases: Sequence[Case], picked: str | None) -> None:
        """Lists cases, with the one picked before highlighted if it is still among them."""
        self.set_options([self._option(case) for case in cases] or [Option(Text(_NONE), disabled=True)])
        if cases:
            self.highlighted = next((number for number, case in enumerate(cases) if case.id == picked), 0)

    def _option(self, case: Case) -> Option:
        if case.id not in self._made:
            self._made[case.id] = Option(_about(case), id=case.id)
        return self._made[case.id]


def _about(case: Case) -> Text:
    rest = f"  {', '.join(case.stack)} · {', '.join(case.stage)} · {case.id}"
    return Text.assemble(one_line(case.title), "\n", (f"  {one_line(rest)}", "dim"))
