"""One case in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from ...diagnosis import Evidence, FoundCase
from ...render.words import arrows, sureness
from ...safe import one_line, printable
from ..messages import OpenAddress, OpenCase
from .fix_step import FixStep
from .link import Link

_MARKS = {"confirmed": ("✓", "green"), "contradicted": ("✗", "red"), "unknown": ("?", "yellow")}


class CaseView(Vertical):
    """Cause, fixes, what does not help, evidence, sources and look-alikes of `case`; nothing where that is None."""

    DEFAULT_CSS = """
    CaseView {
        height: auto;
        & .title { text-style: bold; }
        & .labels { color: $text-muted; }
        & .heading { text-style: bold; color: $accent; margin-top: 1; }
        & .cause { margin-top: 1; }
    }
    """

    case: reactive[FoundCase | None] = reactive(None, recompose=True)

    def __init__(self, case: FoundCase | None = None, *, titled: bool = True, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._titled = titled
        self.set_reactive(CaseView.case, case)

    def compose(self) -> ComposeResult:
        """The case from top to bottom."""
        if self.case:
            yield from self._head(self.case)
            yield Static(Text(printable(self.case.cause)), classes="cause")
            yield from self._parts(self.case)

    def _head(self, case: FoundCase) -> Iterator[Widget]:
        if self._titled:
            yield Static(Text(one_line(case.title)), classes="title")
        about = (
            f"{arrows(case.symptom)}\n{arrows(case.root_cause)}\n{', '.join(case.stage)}; {sureness(case)}; {case.id}"
        )
        yield Static(Text(about), classes="labels")

    def _parts(self, case: FoundCase) -> Iterator[Widget]:
        yield from _section("Fix", [FixStep(number, step) for number, step in enumerate(case.fix, start=1)])
        yield from _section("What does not help", _lines(case.do_not))
        yield from _section("Why this case", _lines(case.why))
        yield from _section("Evidence", [Static(_evidence(found)) for found in case.evidence])
        yield from _section("Past failures", [Link(url, lambda url=url: OpenAddress(url)) for url in case.sources])
        yield from _section(
            "Looks alike",
            [
                Link(f"{other['id']}: {other['tell']}", lambda other=other: OpenCase(other["id"]))
                for other in case.see_also
            ],
        )


def _section(heading: str, parts: Iterable[Widget]) -> Iterator[Widget]:
    parts = list(parts)
    if parts:
        yield Static(heading, classes="heading")
        yield from parts


def _lines(texts: Iterable[str]) -> list[Widget]:
    return [Static(Text(f"- {one_line(text)}")) for text in texts]


def _evidence(found: Evidence) -> Text:
    mark, colour = _MARKS[found.status]
    return Text.assemble((f"{mark} {found.status}", colour), f": {one_line(found.check)} ({one_line(found.detail)})")
