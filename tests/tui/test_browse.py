"""All known failures: searched, filtered, read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from textual.worker import WorkerFailed

from firstaid.assistant.tui.app import FirstaidApp
from firstaid.assistant.tui.catalogue import Filters
from firstaid.assistant.tui.messages import OpenCase, OpenCases
from firstaid.assistant.tui.screens import browse
from firstaid.assistant.tui.screens.browse import BrowseScreen
from firstaid.assistant.tui.widgets.case_filters import CaseFilters
from firstaid.assistant.tui.widgets.case_pane import CasePane
from firstaid.assistant.tui.widgets.case_results import CaseResults
from firstaid.assistant.tui.widgets.case_view import CaseView
from firstaid.assistant.tui.widgets.link import Link
from firstaid.kb import KnowledgeBase, load
from firstaid.kb.errors import InputError

App = Callable[[str], FirstaidApp]
Settle = Callable[[Pilot[None]], Awaitable[None]]
Seen = Callable[[FirstaidApp], str]
NARROW, WIDE = (80, 24), (120, 40)
ZERO3 = "zero3-rejects-device-map"
LINKED = "device-map-auto-with-distributed-launch"


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return load()


@pytest.fixture(autouse=True)
def read_already(base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse, "load", lambda _: base)


@pytest.fixture
def gate(base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Keeps the cases from being read until it is set."""
    opened = Event()

    def wait(_: Path) -> KnowledgeBase:
        opened.wait(10)
        return base

    monkeypatch.setattr(browse, "load", wait)
    yield opened
    opened.set()


def listed(app: FirstaidApp) -> list[str | None]:
    return [option.id for option in app.screen.query_one(CaseResults).options]


def told(app: FirstaidApp) -> str:
    return str(app.screen.query_one(CaseResults).border_subtitle)


def shown(app: FirstaidApp) -> str | None:
    case = app.screen.query_one(CaseView).case
    return case.id if case else None


def filters(app: FirstaidApp) -> Filters:
    return app.screen.query_one(CaseFilters).filters


async def test_all_cases_are_listed_with_what_they_concern(app_in: App, settled: Settle, seen: Seen) -> None:
    app = app_in("browse")
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, BrowseScreen)
        assert told(app) == "1,397 of 1,397" and len(listed(app)) == 1397
        assert isinstance(app.focused, Input)
        text = seen(app)
        assert "1,397 of 1,397" in text and "any root cause" in text
        assert "accelerate · Fine-tuning · accelerate-config-has-unknown-keys" in text


async def test_typing_narrows_the_list_and_shows_the_first_case(app_in: App, settled: Settle) -> None:
    app = app_in("browse")
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press(*"Zero-3 map")
        await settled(pilot)
        found = listed(app)
        assert told(app) == f"{len(found)} of 1,397" and 0 < len(found) < 50
        assert ZERO3 in found
        assert shown(app) == found[0]


async def test_chinese_is_found(app_in: App, settled: Settle, base: KnowledgeBase) -> None:
    app = app_in("browse")
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        app.screen.query_one(Input).value = "zero3 微调"
        await settled(pilot)
        assert ZERO3 in listed(app)
        assert all("微调" in " ".join((base.cases[str(one)].title, *base.cases[str(one)].asks)) for one in listed(app))


async def test_nothing_that_fits_is_said_in_words(app_in: App, settled: Settle, seen: Seen) -> None:
    app = app_in("browse")
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press(*"qqqq", "enter")
        await settled(pilot)
        assert told(app) == "0 of 1,397" and shown(app) is None
        assert "No case fits." in seen(app) and "Pick a case" in seen(app)
        await pilot.press("enter", "escape")
        await settled(pilot)
        assert told(app) == "1,397 of 1,397" and filters(app) == Filters()
        assert isinstance(app.focused, Input)


async def test_a_filter_is_chosen_with_keys(app_in: App, settled: Settle, seen: Seen, base: KnowledgeBase) -> None:
    app = app_in("browse")
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("tab", "enter", *"out of")
        assert "›› Out of Memory" in seen(app)
        await pilot.press("enter")
        await pilot.press("tab", "tab", "enter", *"pef", "enter")
        await settled(pilot)
        assert filters(app) == Filters(symptom="Crash - CUDA Error - Out of Memory", stack="peft")
        found = [base.cases[str(one)] for one in listed(app)]
        assert found and all("peft" in case.stack for case in found)


async def test_at_80_columns_the_case_lies_over_the_list(app_in: App, settled: Settle, seen: Seen) -> None:
    app = app_in("browse")
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        pane = app.screen.query_one(CasePane)
        assert not pane.display
        await pilot.press(*"zero-3 ref", "enter")
        assert app.focused is app.screen.query_one(CaseResults)
        await pilot.press("enter")
        await settled(pilot)
        assert pane.display and app.focused is pane and shown(app) == ZERO3
        assert "DeepSpeed ZeRO-3 refuses a model" in seen(app) and "of 1,397" not in seen(app)
        await pilot.press("escape")
        await settled(pilot)
        assert not pane.display and app.focused is app.screen.query_one(CaseResults)
        assert filters(app).words == "zero-3 ref"
        await pilot.press("slash")
        assert isinstance(app.focused, Input)


async def test_at_120_columns_both_stand_side_by_side(app_in: App, settled: Settle, seen: Seen) -> None:
    app = app_in("browse")
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("down", "down", "down")
        await settled(pilot)
        assert shown(app) == listed(app)[2]
        assert "1,397 of 1,397" in seen(app) and "accelerate-prepare-left-out" in seen(app)
        await pilot.press("enter")
        assert app.focused is app.screen.query_one(CasePane)
        await pilot.press("escape")
        assert app.focused is app.screen.query_one(CaseResults) and shown(app) == listed(app)[2]


async def test_what_is_read_on_a_wide_screen_is_still_read_on_a_narrow_one(app_in: App, settled: Settle) -> None:
    app = app_in("browse")
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("down", "enter")
        await pilot.resize_terminal(*NARROW)
        assert app.screen.query_one(CasePane).display and not app.screen.query_one("#list").display
        await pilot.resize_terminal(*WIDE)
        app.screen.query_one(CaseResults).focus()
        await pilot.pause()
        await pilot.resize_terminal(*NARROW)
        assert app.screen.query_one("#list").display and not app.screen.query_one(CasePane).display


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_case_that_looks_alike_opens_in_place(app_in: App, settled: Settle, size: tuple[int, int]) -> None:
    app = app_in("browse")
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        app.screen.post_message(OpenCase(ZERO3))
        await settled(pilot)
        assert shown(app) == ZERO3
        link = app.screen.query(Link).last()
        link.focus()
        await pilot.press("enter")
        await settled(pilot)
        assert shown(app) == LINKED and app.focused is app.screen.query_one(CasePane)
        assert app.screen.query_one(CaseResults).picked == LINKED
        assert app.screen.query_one(CasePane).scroll_y == 0


async def test_a_case_that_the_filters_hide_takes_them_away(app_in: App, settled: Settle) -> None:
    app = app_in("browse")
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press(*"ro-3")
        app.screen.post_message(OpenCase(ZERO3))
        await settled(pilot)
        assert filters(app).words == "ro-3" and shown(app) == ZERO3
        app.screen.post_message(OpenCase("notebook-del-model-keeps-memory"))
        await settled(pilot)
        assert filters(app) == Filters() and shown(app) == "notebook-del-model-keeps-memory"
        assert told(app) == "1,397 of 1,397"
        assert app.screen.query_one(CaseResults).picked == "notebook-del-model-keeps-memory"


async def test_labels_from_elsewhere_set_the_filters(app_in: App, settled: Settle) -> None:
    app = app_in("browse")
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press(*"zero-3", "enter", "enter")
        app.screen.post_message(OpenCases("Hang", "Distributed and Parallel Computing Issues"))
        await settled(pilot)
        assert filters(app) == Filters(symptom="Hang", root_cause="Distributed and Parallel Computing Issues")
        assert told(app) == f"{len(listed(app))} of 1,397" and 1 < len(listed(app)) < 100
        assert app.focused is app.screen.query_one(CaseResults)


async def test_what_is_asked_for_before_the_cases_are_read(
    app_in: App, settled: Settle, seen: Seen, gate: Event
) -> None:
    app = app_in("browse")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(*"zero")
        assert "reading the cases…" in seen(app)
        app.screen.post_message(OpenCases("Hang"))
        app.screen.post_message(OpenCase(ZERO3))
        await pilot.pause()
        gate.set()
        await settled(pilot)
        assert shown(app) == ZERO3 and filters(app).words == "zero"


async def test_what_is_typed_before_the_cases_are_read(app_in: App, settled: Settle, gate: Event) -> None:
    app = app_in("browse")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(*"zero-3")
        gate.set()
        await settled(pilot)
        assert ZERO3 in listed(app) and len(listed(app)) < 100


async def test_an_id_that_was_given_up_and_one_that_never_was(
    app_in: App, settled: Settle, seen: Seen, base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "load", lambda _: replace(base, retired={"old-name": ZERO3}))
    app = app_in("browse")
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        app.screen.post_message(OpenCase("old-name"))
        await settled(pilot)
        assert shown(app) == ZERO3
        app.screen.post_message(OpenCase("never-[was]"))
        await settled(pilot)
        assert shown(app) == ZERO3 and "There is no case never-[was]." in seen(app)


async def test_cases_that_cannot_be_read(
    app_in: App, settled: Settle, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> KnowledgeBase:
        raise InputError("the folder is on fire", hint="put it out")

    monkeypatch.setattr(browse, "load", fail)
    app = app_in("browse")
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        with suppress(WorkerFailed):
            await settled(pilot)
        await settled(pilot)
        assert "the cases could not be read" in seen(app)
        assert "the folder is on fire" in seen(app)
        await pilot.press(*"a", "enter", "escape")


async def test_a_users_own_case_is_listed_as_it_is_written(
    app_in: App, settled: Settle, seen: Seen, write_case: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "load", load)
    write_case("home-made", ('title = "home-made breaks"', 'title = "[b]我的[/b] 模型 \\u001b[31mbreaks"'))
    write_case("faulty", ('title = "faulty breaks"', "title = 7"))
    app = app_in("browse")
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press(*"e-made")
        await settled(pilot)
        assert listed(app) == ["home-made"] and shown(app) == "home-made"
        assert seen(app).count("[b]我的[/b] 模型 breaks") == 2
        assert told(app) == "1 of 1,398; 1 faulty file left out: firstaid kb check"
