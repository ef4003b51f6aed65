"""What stands behind what one sees: the heat map and the findings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from rich.style import Style
from textual.coordinate import Coordinate
from textual.pilot import Pilot
from textual.worker import WorkerFailed

from firstaid.assistant.render.stats import SHORT_CAUSES
from firstaid.assistant.tui.app import FirstaidApp
from firstaid.assistant.tui.catalogue import Filters
from firstaid.assistant.tui.screens import atlas, browse
from firstaid.assistant.tui.screens.atlas import AtlasScreen
from firstaid.assistant.tui.screens.browse import BrowseScreen
from firstaid.assistant.tui.themes import LIGHT
from firstaid.assistant.tui.widgets.case_filters import CaseFilters
from firstaid.assistant.tui.widgets.case_results import CaseResults
from firstaid.assistant.tui.widgets.finding_view import FindingView
from firstaid.assistant.tui.widgets.findings import Findings
from firstaid.assistant.tui.widgets.heat_map import HeatMap
from firstaid.assistant.tui.widgets.share_bar import ShareBar
from firstaid.kb import KnowledgeBase, load
from firstaid.kb.errors import InputError
from firstaid.kb.labelled import incidents
from firstaid.kb.stats import Finding, Share, Stats, count

App = Callable[[str], FirstaidApp]
Settle = Callable[[Pilot[None]], Awaitable[None]]
Seen = Callable[[FirstaidApp], str]
NARROW, WIDE, WIDEST = (80, 24), (120, 40), (170, 40)
CUDA = "Crash - CUDA Error"
CONFIGURATION = "Configuration and Parameter Setting Errors"


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def stats(base: KnowledgeBase) -> Stats:
    return count(incidents(base))


@pytest.fixture(autouse=True)
def read_already(base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas, "load", lambda _: base)
    monkeypatch.setattr(browse, "load", lambda _: base)


def heat_map(app: FirstaidApp) -> HeatMap:
    return app.screen.query_one(HeatMap)


def symptoms(app: FirstaidApp) -> list[str | None]:
    return [row.key.value for row in heat_map(app).ordered_rows]


def numbers(app: FirstaidApp, symptom: str) -> list[str]:
    return [str(cell).strip() for cell in heat_map(app).get_row(symptom)]


async def test_the_map_shows_what_was_counted(app_in: App, settled: Settle, seen: Seen, stats: Stats) -> None:
    app = app_in("atlas")
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, AtlasScreen)
        assert [column.key.value for column in heat_map(app).ordered_columns] == [*stats.causes, ""]
        assert numbers(app, "")[-1] == str(stats.failures)
        crash = [sum(row.get(cause, 0) for name, row in stats.cells.items() if name.startswith("Crash - "))
                 for cause in stats.causes]  # fmt: skip
        assert numbers(app, "Crash") == [*map(str, crash), str(sum(crash))]
        assert "·" in numbers(app, "Crash - Process Killed")
        text = seen(app)
        assert f"{stats.failures:,} failures in 1,397 cases" in text
        assert all(short in text for short in SHORT_CAUSES.values())
        assert "All symptoms × " in text


async def test_the_cell_is_told_in_words(app_in: App, settled: Settle, seen: Seen, stats: Stats) -> None:
    app = app_in("atlas")
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("down", "down", "down", "right")
        await settled(pilot)
        failures = sum(row.get(CONFIGURATION, 0) for name, row in stats.cells.items() if name.startswith(CUDA + " - "))
        text = seen(app)
        assert f"Crash › CUDA Error × {CONFIGURATION}" in text
        assert f"{failures} failures, 15% of the row, in " in text
        await pilot.press("end")
        await settled(pilot)
        assert "Crash › CUDA Error × all causes" in seen(app)


async def test_enter_lists_the_cases_behind_a_cell(app_in: App, settled: Settle, seen: Seen) -> None:
    app = app_in("atlas")
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("down", "down", "down", "right")
        await settled(pilot)
        cases = seen(app).split("of the row, in ")[1].split(" ")[0]
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, BrowseScreen)
        assert app.screen.query_one(CaseFilters).filters == Filters(symptom=CUDA, root_cause=CONFIGURATION)
        assert app.screen.query_one(CaseResults).border_subtitle == f"{cases} of 1,397"
        await pilot.press("f4", "end", "enter")
        await settled(pilot)
        assert app.screen.query_one(CaseFilters).filters == Filters(symptom=CUDA)


async def test_a_click_does_the_same(app_in: App, settled: Settle) -> None:
    app = app_in("atlas")
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.click(HeatMap, offset=(34, 4))
        await settled(pilot)
        assert app.screen.query_one(CaseFilters).filters == Filters(symptom=CUDA, root_cause=CONFIGURATION)
        await pilot.press("f4")
        await pilot.click(HeatMap, offset=(34, 0))
        await settled(pilot)
        assert app.screen.query_one(CaseFilters).filters == Filters(root_cause=CONFIGURATION)
        await pilot.press("f4")
        await pilot.click(HeatMap, offset=(6, 4))
        await settled(pilot)
        assert app.screen.query_one(CaseFilters).filters == Filters(symptom=CUDA)


async def test_space_shows_and_hides_what_is_beneath(app_in: App, settled: Settle, stats: Stats) -> None:
    app = app_in("atlas")
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        folded = symptoms(app)
        assert CUDA in folded and f"{CUDA} - Out of Memory" not in folded
        await pilot.press("down", "down", "down", "right", "space")
        assert f"{CUDA} - Out of Memory" in symptoms(app)
        assert heat_map(app).cursor_coordinate == Coordinate(3, 1)
        await pilot.press("down", "space")
        assert {name for name in stats.cells if name.startswith(CUDA)} < set(symptoms(app))
        await pilot.press("up", "space")
        assert symptoms(app) == folded
        await pilot.press("up", "up", "up", "space")
        assert symptoms(app) == folded


async def test_at_80_columns_map_and_findings_take_turns(app_in: App, settled: Settle, seen: Seen) -> None:
    app = app_in("atlas")
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        assert not app.screen.query_one(Findings).display
        await pilot.press("f")
        await settled(pilot)
        text = seen(app)
        assert "A crash points to infrastructure, wrong output to the tokenizer" in text and "✓ holds here" in text
        assert "48% (1,168 of 2,453)" in text and "All symptoms" not in text
        assert app.focused is app.screen.query_one(Findings)
        await pilot.press("escape")
        await settled(pilot)
        assert app.focused is heat_map(app) and "All symptoms" in seen(app)


@pytest.mark.parametrize("size", [WIDE, WIDEST])
async def test_on_larger_screens_both_are_seen(app_in: App, settled: Settle, seen: Seen, size: tuple[int, int]) -> None:
    app = app_in("atlas")
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        text = seen(app)
        assert "All symptoms" in text and "✓ holds here" in text and "Fine-tuning Process Stuck" in text
        await pilot.press("f")
        assert app.focused is app.screen.query_one(Findings) and "All symptoms" in seen(app)
        await pilot.press("f")
        assert app.focused is heat_map(app)
        await pilot.resize_terminal(*NARROW)
        await settled(pilot)
        assert "All symptoms" in seen(app) and "holds here" not in seen(app)


async def test_the_larger_the_share_the_warmer_in_every_look(app_in: App, settled: Settle) -> None:
    app = app_in("atlas")
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        shades: list[Style | str] = []
        for look in (app.theme, LIGHT.name, "ansi-dark"):
            app.theme = look
            await settled(pilot)
            hot, cold = (heat_map(app).get_cell("Crash - Process Killed", cause).style
                         for cause in ("Hardware and Resource Limitations", CONFIGURATION))  # fmt: skip
            assert isinstance(hot, Style) and hot.bgcolor and isinstance(cold, Style) and not cold.bgcolor
            shades.append(hot)
        assert len(set(shades)) == 3


async def test_all_three_findings_are_drawn(app_in: App, settled: Settle, stats: Stats) -> None:
    app = app_in("atlas")
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        assert len(app.screen.query(FindingView)) == 3
        assert len(app.screen.query(ShareBar)) == sum(len(finding.numbers) for finding in stats.findings)


async def test_a_finding_that_does_not_hold(app_in: App, settled: Settle, seen: Seen) -> None:
    app = app_in("atlas")
    async with app.run_test(size=WIDEST) as pilot:
        await settled(pilot)
        finding = Finding("Pigs [b]fly[/b]", False, [Share("half of them", 5, 10), Share("of none", 0, 0)], "a note")
        await app.screen.query_one(Findings).show([finding])
        await settled(pilot)
        text = seen(app)
        assert "Pigs [b]fly[/b]" in text and "✗ does not hold here" in text and "a note" in text
        bar, empty = (next(line for line in text.splitlines() if told in line)[112:] for told in ("50% (5", "0% (0"))
        assert bar.count("━") > 10 and abs(bar.count("━") - bar.count("─")) <= 1
        assert empty.count("─") == bar.count("━") + bar.count("─")


async def test_cases_that_cannot_be_read(
    app_in: App, settled: Settle, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> KnowledgeBase:
        raise InputError("the folder is on fire", hint="put it out")

    monkeypatch.setattr(atlas, "load", fail)
    app = app_in("atlas")
    async with app.run_test(size=WIDE) as pilot:
        with suppress(WorkerFailed):
            await settled(pilot)
        await settled(pilot)
        assert "The cases could not be read." in seen(app)
        await pilot.press("down", "enter", "space", "f", "f")
