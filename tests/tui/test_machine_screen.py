"""Machine: the facts, to read and to copy."""

from __future__ import annotations

import threading

import pytest
from textual.pilot import Pilot

from firstaid.assistant import FirstAid, doctor
from firstaid.assistant.diagnosis import Whereabouts
from firstaid.assistant.doctor import Checkup, Finding
from firstaid.assistant.machine.fact import Fact, FactGroup
from firstaid.assistant.tui.app import FirstaidApp

GROUPS = [
    FactGroup("System", [Fact("operating system", "Debian [bold]12[/bold]"), Fact("kernel", None)]),
    FactGroup("Packages", [Fact("torch", "2.6.0", "显卡")]),
]

HERE = Whereabouts("~/venv", "active", here=True)
NUMPY = Finding("numpy-2", "broken", "torch was built for NumPy 1", ["numpy 2.0.2 in ~/venv"], "It fails.", "Mend it.")
CHECKUP = Checkup(HERE, [NUMPY], GROUPS)


@pytest.fixture
def app(kit: FirstAid, monkeypatch: pytest.MonkeyPatch) -> FirstaidApp:
    monkeypatch.setattr(FirstaidApp, "DEFAULT_MODE", "machine")
    return FirstaidApp(core=lambda: kit, model=None)


async def settled(pilot: Pilot[None]) -> str:
    """What is on the screen when all is quiet."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause()
    return shown(pilot)


def shown(pilot: Pilot[None]) -> str:
    strips = pilot.app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage]
    return "\n".join("".join(piece.text for piece in strip) for strip in strips)


async def test_this_machine(app: FirstaidApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        first = await settled(pilot)
        assert "─ Conflicts ─" in first
        assert "─ System ─" in first
        assert "Python" in first
        await pilot.press("end")
        await pilot.pause(0.5)
        assert "─ Variables ─" in shown(pilot), "the keyboard reaches the end"
    assert app.problems == []


async def test_where_there_is_room_the_groups_stand_side_by_side(
    app: FirstaidApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "check_up", lambda: CHECKUP)
    async with app.run_test(size=(120, 40)) as pilot:
        wide = await settled(pilot)
        assert any("─ System ─" in line and "─ Packages ─" in line for line in wide.splitlines())
        assert "Debian [bold]12[/bold]" in wide
        assert "unknown" in wide
        assert "─ Conflicts ─" in wide
        assert "torch was built for NumPy 1" in wide
        assert "2.6.0 (显卡)" in wide
        await pilot.resize_terminal(80, 24)
        narrow = await settled(pilot)
        assert not any("─ System ─" in line and "─ Packages ─" in line for line in narrow.splitlines())
    assert app.problems == []


async def test_everything_is_copied_as_markdown(app: FirstaidApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "check_up", lambda: CHECKUP)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("y")
        await pilot.pause()
        assert app.clipboard == (
            "## Conflicts: 1 broken\n\nEnvironment: ~/venv\n\n### broken: torch was built for NumPy 1\n\n"
            "- numpy 2.0.2 in ~/venv\n\nIt fails.\n\nMend it.\n\n\n"
            "### System\n\n- operating system: `Debian [bold]12[/bold]`\n- kernel: `unknown`\n\n"
            "### Packages\n\n- torch: `2.6.0 (显卡)`\n"
        )
    assert app.problems == []


async def test_it_says_that_it_reads_and_reads_again(app: FirstaidApp, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    found = iter([Checkup(HERE, [], GROUPS[:1]), Checkup(HERE, [], GROUPS[1:])])

    def slow() -> Checkup:
        go_on.wait(10)
        return next(found)

    monkeypatch.setattr(doctor, "check_up", slow)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Reading what this machine has" in shown(pilot)
        assert "Copy" not in shown(pilot)
        go_on.set()
        first = await settled(pilot)
        assert "Reading what" not in first
        assert "System" in first
        await pilot.press("r")
        second = await settled(pilot)
        assert ("─ Packages ─" in second, "─ System ─" in second) == (True, False)
    assert app.problems == []
