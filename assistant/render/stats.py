"""The statistics as a picture: a heat map of causes behind symptoms, and the findings with their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ...kb.coverage import Coverage, LabelRow
from ...kb.stats import Finding, Stats
from ...kb.taxonomy import top_level
from .picture import drawn
from .screen import Screen
from .words import arrows

SHORT_CAUSES = {
    "Environment Compatibility Issues": "Env",
    "Configuration and Parameter Setting Errors": "Conf",
    "Data and Computation Issues": "Data",
    "API Usage and Interface Issues": "API",
    "Distributed and Parallel Computing Issues": "Dist",
    "Tokenizer and Text Processing Issues": "Tok",
    "Hardware and Resource Limitations": "HW",
    "Algorithm Implementation Defects": "Algo",
    "Model Corruption Issues": "File",
}
_HEAT = (
    "grey50",
    "black on #fde0c5",
    "black on #f8b58b",
    "black on #f2855d",
    "white on #d6483e",
    "bold white on #a11d33",
)
"""Styles from a small share of the row to a large one."""
_STEPS = (0.1, 0.2, 0.35, 0.55, 0.75)
HOTTEST = len(_STEPS)


def heat(count: int, total: int) -> int:
    """How hot a cell of a row is, 0 to HOTTEST, by its share of the row."""
    return sum(count / total >= step for step in _STEPS) if total else 0


def stats_to_text(stats: Stats, screen: Screen) -> str:
    """The heat map, stages, series and findings for a terminal; numbers alone where there is no colour."""
    return drawn(_parts(stats), screen)


def _parts(stats: Stats) -> Iterator[RenderableType]:
    yield Text(f"{stats.failures} labelled failures: what stands behind what one sees (numbers of failures)", "bold")
    yield Text("")
    yield from (_map(top, _under(top, stats.cells), stats.causes) for top in _tops(stats.cells))
    yield _map("by stage", stats.stages, stats.causes)
    yield _map("by model series", _largest(stats.series), stats.causes)
    yield Text(", ".join(f"{SHORT_CAUSES[cause]} = {cause}" for cause in stats.causes), "dim")
    for finding in stats.findings:
        yield Text("")
        yield Text.assemble((f"{finding.claim}: ", "bold"), told(finding))
        yield from (Text(f"  {one.share:4.0%}  {one.what} ({one.count} of {one.of})") for one in finding.numbers)
        if finding.note:
            yield Text(f"  {finding.note}", "dim")


def told(finding: Finding) -> tuple[str, str]:
    """Whether a finding holds, in words, and their colour."""
    return ("holds here", "green") if finding.holds else ("does not hold here", "yellow")


def _tops(cells: Mapping[str, object]) -> list[str]:
    return list(dict.fromkeys(top_level(symptom) for symptom in cells))


def _under(top: str, cells: Mapping[str, Mapping[str, int]]) -> dict[str, Mapping[str, int]]:
    """The symptoms under one top-level label, by the last part of their names, the most frequent first."""
    rows = {name.rsplit(" - ", 1)[-1]: row for name, row in cells.items() if top_level(name) == top}
    return dict(sorted(rows.items(), key=lambda item: -sum(item[1].values())))


def _largest(rows: Mapping[str, Mapping[str, int]], most: int = 8) -> dict[str, Mapping[str, int]]:
    return dict(sorted(rows.items(), key=lambda item: -sum(item[1].values()))[:most])


def _map(title: str, rows: Mapping[str, Mapping[str, int]], causes: list[str]) -> Table:
    table = Table.grid(padding=(0, 0))
    table.add_column(width=33, no_wrap=True, overflow="ellipsis")
    for _ in (*causes, "all"):
        table.add_column(width=5, justify="right")
    table.add_row(Text(title, "bold"), *(Text(SHORT_CAUSES[cause], "dim") for cause in causes), Text("all", "dim"))
    for name, row in rows.items():
        total = sum(row.values())
        table.add_row(
            Text(f"  {name}"), *(_cell(row.get(cause, 0), total) for cause in causes), Text(str(total), "dim")
        )
    table.add_row("")
    return table


def _cell(count: int, total: int) -> Text:
    if not count:
        return Text("    · ", "dim")
    return Text(f"{count:4d} ", _HEAT[heat(count, total)])


def stats_to_markdown(stats: Stats) -> str:
    """The same as Markdown tables."""
    return "\n".join(_markdown(stats)) + "\n"


def _markdown(stats: Stats) -> Iterator[str]:
    yield f"{stats.failures} labelled failures.\n"
    for title, rows in (("symptom", stats.cells), ("stage", stats.stages), ("model series", stats.series)):
        yield f"| {title} | " + " | ".join(stats.causes) + " | all |"
        yield "|---|" + "---|" * (len(stats.causes) + 1)
        for name, row in rows.items():
            cells = " | ".join(str(row.get(cause, 0)) for cause in stats.causes)
            yield f"| {arrows(name)} | {cells} | {sum(row.values())} |"
        yield ""
    yield "| symptom | most frequent root causes |\n|---|---|"
    for symptom, found in stats.leading.items():
        yield f"| {arrows(symptom)} | {'; '.join(f'{arrows(cause)} ({count})' for cause, count in found)} |"
    for finding in stats.findings:
        yield f"\n**{finding.claim}**: {told(finding)[0]}.\n"
        yield from (f"- {one.share:.0%} {one.what} ({one.count} of {one.of})" for one in finding.numbers)
        if finding.note:
            yield f"- {finding.note}"


def coverage_to_markdown(coverage: Coverage) -> str:
    """What of a list is in the knowledge base, by label; readable as plain text too."""
    agreement = coverage.agreement
    lines = [
        f"{coverage.linked} of {coverage.listed} listed failures are incidents of a case "
        f"({coverage.linked / max(coverage.listed, 1):.0%}).",
        "",
        "Where they are, the label of the case is the published one for: "
        f"symptom {agreement.symptom:.0%} (top level {agreement.symptom_top:.0%}), "
        f"root cause {agreement.root_cause:.0%} (top level {agreement.root_cause_top:.0%}), "
        f"stage {agreement.stage:.0%}.",
    ]
    for title, rows in (("symptom", coverage.symptoms), ("root cause", coverage.root_causes)):
        lines += ["", f"| {title} | listed | linked | not located | cases |", "|---|---|---|---|---|"]
        lines += [_coverage_row(row) for row in rows]
    return "\n".join(lines) + "\n"


def _coverage_row(row: LabelRow) -> str:
    return f"| {arrows(row.label)} | {row.listed} | {row.linked} | {row.listed - row.linked} | {row.cases} |"
