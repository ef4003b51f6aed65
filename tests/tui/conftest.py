"""What tests of the terminal application have: the application in one of its sections, and what is on its screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from textual.pilot import Pilot

from firstaid.assistant import FirstAid
from firstaid.assistant.tui.app import FirstaidApp

App = Callable[[str], FirstaidApp]
Settle = Callable[[Pilot[None]], Awaitable[None]]

_DEBOUNCED = 0.15


@pytest.fixture
def app_in(kit: FirstAid, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """Makes the application, which opens in the section of that name; it must show no error of ours."""
    made: list[FirstaidApp] = []

    def make(section: str) -> FirstaidApp:
        monkeypatch.setattr(FirstaidApp, "DEFAULT_MODE", section)
        made.append(FirstaidApp(core=lambda: kit, model=None))
        return made[-1]

    yield make
    assert [app.problems for app in made] == [[] for _ in made]


@pytest.fixture
def settled() -> Settle:
    """Waits until workers are done and what they posted is on the screen."""

    async def wait(pilot: Pilot[None]) -> None:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(_DEBOUNCED)
        await pilot.pause()

    return wait


@pytest.fixture
def seen() -> Callable[[FirstaidApp], str]:
    """The text on the screen, line by line."""

    def read(app: FirstaidApp) -> str:
        screen: Any = app.screen
        lines = screen._compositor.render_strips()  # Textual tells no other way
        return "\n".join("".join(segment.text for segment in line) for line in lines)

    return read
