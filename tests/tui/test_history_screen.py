"""History: earlier diagnoses are listed, shown, opened again and forgotten."""

from __future__ import annotations

from typing import ClassVar

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Button, Static

from firstaid.assistant import FirstAid
from firstaid.assistant.diagnose import read
from firstaid.assistant.history import History
from firstaid.assistant.paths import history_file, preferences_file
from firstaid.assistant.tui.app import FirstaidApp
from firstaid.assistant.tui.messages import OpenReport
from firstaid.assistant.tui.preferences import Preferences
from firstaid.assistant.tui.screens.confirm import ConfirmScreen
from firstaid.assistant.tui.screens.history import HistoryScreen
from firstaid.assistant.tui.screens.section import SectionScreen
from firstaid.assistant.tui.widgets.history_table import HistoryTable

CHINESE = "ValueError: 模型不存在，请检查路径"
QWEN = "KeyError: 'qwen3'"


class Asked(SectionScreen):
    """Stands in for Ask, and writes down what it is given."""

    NAME = "ask"
    texts: ClassVar[list[str]] = []

    def body(self) -> ComposeResult:
        yield Static("asked")

    def on_open_report(self, message: OpenReport) -> None:
        message.stop()
        self.texts.append(message.text)


@pytest.fixture
def app(kit: FirstAid, monkeypatch: pytest.MonkeyPatch) -> FirstaidApp:
    monkeypatch.setattr(FirstaidApp, "DEFAULT_MODE", "history")
    monkeypatch.setattr(FirstaidApp, "MODES", {**FirstaidApp.MODES, "ask": Asked})
    return FirstaidApp(core=lambda: kit, model=None)


@pytest.fixture
def kept(kit: FirstAid) -> History:
    history = History(history_file())
    for text in (CHINESE, f"[link=x]what a day[/link] \x1b[31mred\n{QWEN}", "Segmentation fault"):
        report = read(text)
        history.add(report, kit.diagnose(report))
    return history


async def settled(pilot: Pilot[None]) -> str:
    """What is on the screen when all is quiet."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause(0.05)
    return shown(pilot)


def shown(pilot: Pilot[None]) -> str:
    strips = pilot.app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage]
    return "\n".join("".join(piece.text for piece in strip) for strip in strips)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_they_are_listed_newest_first_and_the_report_is_beside(
    app: FirstaidApp, kept: History, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        first = await settled(pilot)
        places = [first.index(text) for text in ("Segmentation fault", "KeyError", "ValueError")]
        assert places == sorted(places)
        assert "3 kept; keeping is on" in first
        await pilot.press("down")
        second = await settled(pilot)
        assert "[link=x]what a day[/link] red" in second, "as it was, without what steers a terminal"
        assert "This is a known failure: " in second
        await pilot.press("down")
        assert CHINESE in await settled(pilot)
    assert len(kept.entries()) == 3
    assert app.problems == []


async def test_enter_diagnoses_again(app: FirstaidApp, kept: History) -> None:
    del kept
    Asked.texts.clear()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("down", "down", "enter")
        await settled(pilot)
        assert app.current_mode == "ask"
    assert Asked.texts == [CHINESE]
    assert app.problems == []


async def test_one_is_forgotten_and_the_next_takes_its_place(app: FirstaidApp, kept: History) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("d")
        after = await settled(pilot)
        assert "Segmentation" not in after
        assert "[link=x]what a day" in after, "the report of what is picked now"
        await pilot.press("down", "delete")
        await settled(pilot)
        assert app.screen.query_one(HistoryTable).cursor_row == 0
    assert [entry.text.split("\n")[-1] for entry in kept.entries()] == [QWEN]
    assert app.problems == []


async def test_all_are_forgotten_after_a_yes_only(app: FirstaidApp, kept: History) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for no in ("n", "escape", "enter"):
            await pilot.press("ctrl+d")
            await pilot.pause()
            assert isinstance(app.screen, ConfirmScreen)
            assert "Forget all 3 diagnoses" in shown(pilot)
            await pilot.press(no)
            await settled(pilot)
            assert len(kept.entries()) == 3
        await pilot.press("ctrl+d", "left")
        await pilot.pause()
        assert app.focused is app.screen.query_one("#yes", Button)
        await pilot.press("enter")
        assert "Nothing is kept yet." in await settled(pilot)
    assert kept.entries() == []
    assert app.problems == []


async def test_where_nothing_is_kept_it_is_said_why_and_how(app: FirstaidApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        empty = await settled(pilot)
        assert "Nothing is kept yet." in empty
        assert "Forget" not in empty, "nothing is offered that cannot be done"
        assert "Diagnose again" not in empty
        await pilot.press("d", "ctrl+d", "enter", "h")
        assert "keeping is off" in await settled(pilot)
        assert not app.keeps_history
        assert not Preferences.load(preferences_file()).history
        await pilot.press("h")
        await pilot.pause()
    assert Preferences.load(preferences_file()).history, "kept for the next start"
    assert app.problems == []


async def test_it_is_read_again_when_it_is_shown_again(app: FirstaidApp, kit: FirstAid, kept: History) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("down")
        await app.switch_mode("machine")
        report = read("CUDA out of memory")
        kept.add(report, kit.diagnose(report))
        await app.switch_mode("history")
        assert "4 kept" in await settled(pilot)
        assert app.screen.query_one(HistoryTable).cursor_row == 2, "the same entry is still picked"
        assert isinstance(app.screen, HistoryScreen)
    assert app.problems == []


async def test_what_cannot_be_forgotten_is_told(
    app: FirstaidApp, kept: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_self: History, _entry: object) -> None:
        raise OSError("read-only file system")

    monkeypatch.setattr(History, "remove", refused)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("d")
        await settled(pilot)
        await pilot.pause(0.1)
        assert "read-only file system" in shown(pilot)
    assert len(kept.entries()) == 3
    assert app.problems == []


async def test_a_long_report_is_shown_from_both_ends(app: FirstaidApp, kit: FirstAid) -> None:
    report = read("the first line\n" + "\n".join(f"step {number}" for number in range(3_000)) + f"\n{QWEN}")
    History(history_file()).add(report, kit.diagnose(report))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "the first line" in await settled(pilot)
        await pilot.press("tab", "end")
        await pilot.pause(0.5)
        assert QWEN in shown(pilot).split("Report")[1]
    assert app.problems == []
