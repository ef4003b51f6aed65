"""The answer on a terminal: what a person needs first, on one screen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..diagnosis import Diagnosis, FoundCase, Step
from ..safe import one_line, printable
from .screen import Screen
from .words import OTHERS, arrows, condition, headline, looked_at, others, shortened, sureness

_COLOURS = {"match": "bold green", "possible": "bold yellow", "none": "bold red"}
_COMMAND = "cyan"
_FAINT = "dim"


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of each part is shown."""

    cause: int
    fixes: int
    verify: int
    why: int
    sources: int
    others: int
    gaps: bool = True
    full: bool = False
    """Warnings, evidence and look-alikes too."""


_FULL = Measure(cause=10_000, fixes=50, verify=50, why=20, sources=20, others=20, full=True)
_NORMAL = Measure(cause=420, fixes=4, verify=2, why=3, sources=3, others=3)
_SMALLER = (
    Measure(cause=320, fixes=3, verify=1, why=2, sources=2, others=2),
    Measure(cause=320, fixes=3, verify=1, why=2, sources=2, others=1, gaps=False),
    Measure(cause=240, fixes=2, verify=1, why=2, sources=1, others=1, gaps=False),
    Measure(cause=180, fixes=1, verify=1, why=1, sources=1, others=1, gaps=False),
    Measure(cause=120, fixes=1, verify=0, why=1, sources=1, others=0, gaps=False),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph, wrapped beside its label."""

    text: Text
    label: str = ""
    whole: bool = False
    """A command or an address: never broken, so that it can be copied."""
    brief: bool = False
    """Cut to one line where the answer has to fit a screen."""


def to_text(diagnosis: Diagnosis, screen: Screen) -> str:
    """The answer as text, in as much detail as one screen holds."""
    if screen.verbose:
        return _print(_rows(diagnosis, _FULL), screen)
    texts = (_print(_rows(diagnosis, measure), screen) for measure in (_NORMAL, *_SMALLER))
    return next((text for text in texts if _fits(text, screen)), None) or _print(_rows(diagnosis, _SMALLER[-1]), screen)


def case_to_text(case: FoundCase, screen: Screen) -> str:
    """One case in full."""
    return _print(_whole_case(case), screen)


def _whole_case(case: FoundCase) -> Iterator[Row]:
    yield Row(Text(printable(case.title), "bold"))
    yield Row(Text(arrows(case.symptom)), "symptom  ")
    yield Row(Text(arrows(case.root_cause)), "cause    ")
    yield Row(Text(f"{', '.join(case.stage)}, case {case.id}: {sureness(case)}"), "how sure ")
    yield from _case(case, _FULL)


def _fits(text: str, screen: Screen) -> bool:
    if screen.height is None:
        return True
    rows = (max(1, -(-cell_len(Text.from_ansi(line).plain) // screen.width)) for line in text.splitlines())
    return sum(rows) <= screen.height


def _print(rows: Iterator[Row], screen: Screen) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=screen.width, force_terminal=screen.colour, no_color=not screen.colour, legacy_windows=False,
        force_jupyter=False, color_system="standard" if screen.colour else None, emoji=False, highlight=False,
        markup=False, soft_wrap=False,
    )  # fmt: skip
    for row in rows:
        if row.whole:
            console.print(Text(row.label) + row.text, soft_wrap=True)
        elif row.brief and screen.height is not None:
            console.print(Text(row.label, _FAINT) + row.text, no_wrap=True, overflow="ellipsis")
        else:
            console.print(_beside(row) if row.label else row.text)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _beside(row: Row) -> Table:
    grid = Table.grid()
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(row.label, _FAINT), row.text)
    return grid


def _rows(diagnosis: Diagnosis, measure: Measure) -> Iterator[Row]:
    yield from _head(diagnosis)
    if diagnosis.cases and diagnosis.verdict != "none":
        yield from _case(diagnosis.cases[0], measure)
    yield from _next(diagnosis, measure)
    yield from _others(diagnosis, measure)
    if diagnosis.answer:
        yield _gap()
        yield Row(Text(printable(diagnosis.answer.text)))


def _head(diagnosis: Diagnosis) -> Iterator[Row]:
    colour = _COLOURS[diagnosis.verdict]
    if diagnosis.verdict == "none" or not diagnosis.cases:
        yield Row(Text(f"{headline(diagnosis)}: nothing in the knowledge base fits this report.", colour))
        if diagnosis.report.error:
            error = one_line(f"{diagnosis.report.error}: {diagnosis.report.message or ''}")
            yield Row(Text(shortened(error, 200)), "the error  ")
        return
    case = diagnosis.cases[0]
    yield Row(Text.assemble((f"{headline(diagnosis)}: ", colour), (printable(case.title), "bold")))
    yield Row(Text(arrows(diagnosis.symptom.label)), "symptom   ", brief=True)
    yield Row(Text(arrows(diagnosis.root_cause.label)), "cause     ", brief=True)
    stage = f"{diagnosis.stage.label}, " if diagnosis.stage.label else ""
    yield Row(Text(f"{case.score:.0%}, {stage}{case.confidence} (case {case.id})"), "how sure  ", brief=True)
    if where := looked_at(diagnosis):
        yield Row(Text(one_line(where)), "looked at ", brief=True)


def _case(case: FoundCase, measure: Measure) -> Iterator[Row]:
    if measure.gaps:
        yield _gap()
    yield Row(Text(shortened(printable(case.cause), measure.cause)))
    yield from _fixes(case, measure)
    for warning in case.do_not if measure.full else ():
        yield Row(Text(one_line(warning)), "  not: ")
    if case.why:
        yield from _heading("Why", measure)
        yield from (Row(Text(one_line(reason)), "  ", brief=True) for reason in case.why[: measure.why])
    if measure.full and case.evidence:
        yield from _heading("Evidence", measure)
        yield from (Row(Text(one_line(f"{e.status}: {e.check} ({e.detail})")), "  ") for e in case.evidence)
    yield from _heading("Past failures", measure)
    yield from (Row(Text(one_line(source)), "  ", whole=True) for source in case.sources[: measure.sources])
    if measure.full:
        yield from (Row(Text(one_line(f"looks like {o['id']}: {o['tell']}")), "  ") for o in case.see_also)


def _fixes(case: FoundCase, measure: Measure) -> Iterator[Row]:
    yield from _heading("Fix", measure)
    for number, step in enumerate(case.fix[: measure.fixes], start=1):
        yield from _fix(number, step, number <= measure.verify)
    left = len(case.fix) - measure.fixes
    if left > 0:
        yield Row(Text(f"{left} more: firstaid show {case.id}", _FAINT), "     ")


def _fix(number: int, step: Step, with_check: bool) -> Iterator[Row]:
    yield Row(Text(one_line(step.do + condition(step))), f"  {number}. ")
    if step.run:
        yield from _command(step.run)
    if with_check and step.verify:
        yield from _command(step.verify, "check: ")
    if with_check and step.expect:
        yield Row(Text(one_line(step.expect), _FAINT), "     expect: ")


def _command(command: str, label: str = "") -> Iterator[Row]:
    for line in printable(command).strip().splitlines():
        yield Row(Text.assemble((label, _FAINT), (line, _COMMAND)), "     ", whole=True)


def _next(diagnosis: Diagnosis, measure: Measure) -> Iterator[Row]:
    if diagnosis.next:
        yield from _heading("To be surer", measure)
        most = 20 if measure.full else measure.why
        yield from (Row(Text(one_line(step)), "  ", brief=not measure.gaps) for step in diagnosis.next[:most])


def _others(diagnosis: Diagnosis, measure: Measure) -> Iterator[Row]:
    rest = others(diagnosis)
    if rest and measure.others:
        yield from _heading(OTHERS[diagnosis.verdict], measure)
        for case in rest[: measure.others]:
            yield Row(Text(f"{case.id}: {one_line(case.title)}"), f"  {case.score:4.0%}  ", brief=True)


def _heading(words: str, measure: Measure) -> Iterator[Row]:
    if measure.gaps:
        yield _gap()
    yield Row(Text(words, "bold"))


def _gap() -> Row:
    return Row(Text(""))
