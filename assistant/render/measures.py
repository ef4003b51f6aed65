"""The measures as a table, and how far a score can be trusted as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ...index.evaluate import Calibration, Measures, Outcome, Share
from ..llm.measured import AnswerMeasures
from .picture import drawn
from .screen import Screen

_ROWS = {
    "fix_1": "fix@1, the first case is right",
    "fix_3": "fix@3, one of the first three",
    "mrr": "mean reciprocal rank",
    "root_cause_top": "root cause, top level",
    "root_cause": "root cause",
    "symptom_top": "symptom, top level",
    "symptom": "symptom",
    "stage": "stage",
    "out_of_scope_none": 'out of scope: "none"',
    "match_precision": '"match" is right',
    "match_coverage": '"match" is said',
    "ms_p50": "milliseconds, median",
    "ms_p95": "milliseconds, 95 %",
}
_ANSWER_ROWS = {
    "answer_fix": "the answer states the right fix, percent",
    "grounded": "all that it said is borne out, percent",
    "first_p50": "seconds until the first words, median",
    "first_p95": "seconds until the first words, 95 %",
    "total_p50": "seconds for the whole answer, median",
    "total_p95": "seconds for the whole answer, 95 %",
}
_GROUP_COLUMNS = ("fix_1", "fix_3", "root_cause_top", "symptom_top", "match_precision", "match_coverage")
_BAR = 30
_NARROWEST = 80
"""Narrower the columns would be cut."""


def measures_to_text(
    measured: Mapping[str, Measures],
    groups: Mapping[str, Measures],
    calibration: Calibration | None,
    wrong: Sequence[Outcome],
    screen: Screen,
) -> str:
    """Everything for a terminal; without colour where there is none.

    Args:
        measured: by way of answering; the first is the one that counts, the others stand beside it.
        groups: of the first way, by group of reports.
        calibration: of the first way.
        wrong: answers to list.
        screen: what it is shown on.
    """
    return drawn(_parts(measured, groups, calibration, wrong), screen, max(screen.width, _NARROWEST))


def answers_to_text(measures: AnswerMeasures, screen: Screen) -> str:
    """What the model's answers were worth."""
    table = Table.grid(padding=(0, 2))
    table.add_column(width=52)
    table.add_column(justify="right")
    for field, name in _ANSWER_ROWS.items():
        table.add_row(name, _shown(getattr(measures, field)))
    return drawn([Text(""), Text("The model's answers", "bold"), table], screen, max(screen.width, _NARROWEST))


def _parts(
    measured: Mapping[str, Measures],
    groups: Mapping[str, Measures],
    calibration: Calibration | None,
    wrong: Sequence[Outcome],
) -> Iterator[RenderableType]:
    first = next(iter(measured.values()))
    yield Text(f"{first.reports} failures and {first.out_of_scope} reports that are none", "bold")
    yield Text("")
    yield _compared(measured)
    if groups:
        yield Text("")
        yield _by_group(groups)
    if calibration:
        yield Text("")
        yield Text("How sure it was, and how often it was right", "bold")
        yield from _plot(calibration)
    for one in wrong:
        yield Text(f"{one.report.id}: {one.verdict}, right at {one.first_right or '-'}, score {one.score:.2f}")


def _compared(measured: Mapping[str, Measures]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(width=32)
    for _ in measured:
        table.add_column(justify="right")
    heads = (Text(name, "dim" if at else "bold") for at, name in enumerate(measured))
    table.add_row(Text("percent", "dim"), *heads)
    for field, name in _ROWS.items():
        cells = [_shown(getattr(one, field)) for one in measured.values()]
        if any(cell != "-" for cell in cells):
            table.add_row(name, *(Text(cell, "bold" if not at else "") for at, cell in enumerate(cells)))
    return table


def _by_group(groups: Mapping[str, Measures]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(max_width=24, no_wrap=True, overflow="ellipsis")
    heads = ("fix@1", "fix@3", "cause", "symptom", "match right", "match said")
    for _ in ("reports", *heads):
        table.add_column(justify="right")
    table.add_row("", *(Text(head, "dim") for head in ("reports", *heads)))
    for name, one in groups.items():
        cells = [_shown(getattr(one, field)) for field in _GROUP_COLUMNS]
        table.add_row(name, str(one.reports + one.out_of_scope), *cells)
    return table


def _plot(calibration: Calibration) -> Iterator[Text]:
    """A row for each stretch of scores: the bar is the share right, the mark where it should end."""
    for one in calibration.bins:
        name = f"  {one.low:.1f} to {one.high:.1f}  "
        if one.mean_score is None:
            yield Text(f"{name}{'no answer':>10}", "dim")
            continue
        right = one.right.hits / one.right.of
        ends, mark = round(right * _BAR), min(_BAR - 1, round(one.mean_score * _BAR))
        bar = "".join("|" if at == mark else "#" if at < ends else "." for at in range(_BAR))
        yield Text.assemble(name, (bar, "cyan"), f"  {right:4.0%} right of {one.right.of}, said {one.mean_score:.2f}")
    yield Text(f"  calibration error {calibration.error:.3f}, Brier score {calibration.brier:.3f}", "dim")


def _shown(value: Share | float | None) -> str:
    found = value.percent if isinstance(value, Share) else value
    return "-" if found is None else f"{found:g}"
