"""Open file: a path that is typed or picked, and never one that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from firstaid.assistant import FirstAid
from firstaid.assistant.tui.app import FirstaidApp
from firstaid.assistant.tui.path_suggester import PathSuggester
from firstaid.assistant.tui.screens.open_file import OpenFileScreen
from firstaid.assistant.tui.widgets.file_tree import FileTree


@pytest.fixture
def app(kit: FirstAid, monkeypatch: pytest.MonkeyPatch) -> FirstaidApp:
    monkeypatch.setattr(FirstaidApp, "DEFAULT_MODE", "machine")
    return FirstaidApp(core=lambda: kit, model=None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of logs."""
    for name in ("日志/train.log", "a.gguf", "b.log", "[red]c.log", ".hidden"):
        path = tmp_path / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("KeyError: 'qwen3'", encoding="utf-8")
    return tmp_path / "logs"


async def opened(pilot: Pilot[None], screen: OpenFileScreen) -> list[Path | None]:
    """Where the answer will stand."""
    answers: list[Path | None] = []
    pilot.app.push_screen(screen, answers.append)
    await settled(pilot)
    return answers


async def settled(pilot: Pilot[None]) -> None:
    for _ in range(5):  # the tree reads in threads of its own, which are never done
        await pilot.pause(0.02)


def shown(pilot: Pilot[None]) -> str:
    strips = pilot.app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage]
    return "\n".join("".join(piece.text for piece in strip) for strip in strips)


async def test_a_path_that_is_typed(app: FirstaidApp, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    typed: list[tuple[str, Callable[[], Path]]] = [
        ("b.log", lambda: folder / "b.log"),
        ("日志/train.log", lambda: folder / "日志/train.log"),
        ("~/b.log", lambda: folder / "b.log"),
        (str(folder / ".hidden"), lambda: folder / ".hidden"),
    ]
    async with app.run_test(size=(80, 24)) as pilot:
        for text, path in typed:
            answers = await opened(pilot, OpenFileScreen(folder))
            app.screen.query_one(Input).value = text
            await pilot.press("enter")
            await settled(pilot)
            assert answers == [path()]
    assert app.problems == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "Type the path of a file"),
        ("none.log", "none.log is not there"),
        ("日志", "日志 is a folder"),
        ("a\0b", "ab is not there"),
        ("~nobody-of-this-name/x", "is no path"),
    ],
)
async def test_what_cannot_be_opened_is_told(app: FirstaidApp, folder: Path, text: str, fault: str) -> None:
    async with app.run_test(size=(120, 24)) as pilot:
        answers = await opened(pilot, OpenFileScreen(folder))
        place = app.screen.query_one(Input)
        place.value = text
        await pilot.pause()
        await pilot.press("enter")
        await settled(pilot)
        assert fault in " ".join(shown(pilot).replace("│", " ").split())
        assert answers == []
        place.value += "x"
        await settled(pilot)
        assert fault not in " ".join(shown(pilot).replace("│", " ").split()), "another text may be right"
        await pilot.press("escape")
        await settled(pilot)
        assert answers == [None]
    assert app.problems == []


async def test_a_file_that_is_picked(app: FirstaidApp, folder: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await opened(pilot, OpenFileScreen(folder))
        assert "[red]c.log" in shown(pilot)
        assert ".hidden" not in shown(pilot)
        await pilot.press("tab", "down", "enter")
        await settled(pilot)
        assert answers == [], "a folder is opened"
        await pilot.press("down", "enter")
        await settled(pilot)
        assert answers == [folder / "日志" / "train.log"]
    assert app.problems == []


async def test_the_folder_above_and_only_what_is_wanted(app: FirstaidApp, folder: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, OpenFileScreen(folder / "日志", endings=(".gguf",)))
        assert "train.log" not in shown(pilot)
        await pilot.press("tab", "backspace")
        await settled(pilot)
        assert "a.gguf" in shown(pilot)
        assert "b.log" not in shown(pilot)
        assert Path(app.screen.query_one(FileTree).path) == folder
    assert app.problems == []


async def test_a_name_is_completed(app: FirstaidApp, folder: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await opened(pilot, OpenFileScreen(folder))
        app.screen.query_one(Input).focus()
        await pilot.press("b")
        await settled(pilot)
        await pilot.press("right", "enter")
        await settled(pilot)
        assert answers == [folder / "b.log"]
    assert app.problems == []


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("a", "a.gguf"),
        ("日", "日志/"),
        ("日志/t", "日志/train.log"),
        ("~/b", "~/b.log"),
        (".h", ".hidden"),
        ("", None),
        ("none", None),
        ("none/x", None),
        ("~nobody-of-this-name/x", None),
        ("\0/x", None),
    ],
)
async def test_what_is_suggested(
    folder: Path, monkeypatch: pytest.MonkeyPatch, typed: str, completed: str | None
) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert await PathSuggester(folder).get_suggestion(typed) == completed
