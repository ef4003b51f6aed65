"""Machine: what this machine has that LLMs care for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from ...doctor import Checkup
from ...machine.fact import Fact, FactGroup
from ..messages import CopyText
from ..widgets.fact_panel import FactPanel
from .section import SectionScreen

_READING = "Reading what this machine has…"
_RIGHT = frozenset({"Packages", "Variables"})
"""Groups that stand in a column of their own where there is room: they are long."""


def conflicts(checkup: Checkup) -> FactGroup:
    """What the doctor finds, as a group of its own."""
    found = [Fact(one.severity, one.title, "; ".join(one.evidence)) for one in checkup.findings]
    return FactGroup("Conflicts", found or [Fact("none", "no known conflict")])


class MachineScreen(SectionScreen):
    """All facts, to read and to copy into an issue."""

    NAME = "machine"
    DEFAULT_CSS = """
    MachineScreen {
        & #facts { height: 1fr; scrollbar-size-vertical: 1; }
        & #facts:focus { background-tint: transparent; }
        & #reading { padding: 1 2; color: $text-muted; }
        & Vertical { height: auto; }
        &.-wide #columns { layout: horizontal; }
        &.-wide #columns > Vertical { width: 1fr; }
    }
    """
    HELP = """
## This machine

What decides whether a model runs here: memory, GPUs, disks, the packages of the active Python environment and the
variables that steer them; first of all every known conflict among these, the worst at the top. Nothing is guessed: what
cannot be told is "unknown". Of variables that may hold a secret it is only told that they are set.

- **y** copies everything as Markdown, for an issue
- **r** reads it again
- Arrow keys and **Page Up**, **Page Down** scroll
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy as Markdown"),
        Binding("r", "read", "Read again"),
    ]

    @dataclass
    class Read(Message):
        """The facts were read."""

        checkup: Checkup

    def __init__(self) -> None:
        super().__init__()
        self._checkup: Checkup | None = None

    def body(self) -> ComposeResult:
        """The groups, as soon as they are read."""
        with VerticalScroll(id="facts"):
            yield Static(_READING, id="reading")
            yield Vertical(id="first")
            with Vertical(id="columns"):
                yield Vertical(id="left")
                yield Vertical(id="right")

    def on_mount(self) -> None:
        """Reads."""
        self.action_read()

    def action_read(self) -> None:
        """Reads all facts again."""
        self.query_one("#reading").display = True
        self._read()

    @work(thread=True, exclusive=True, group="facts")
    def _read(self) -> None:
        from ...doctor import check_up

        worker, found = get_current_worker(), check_up()
        if not worker.is_cancelled:
            self.post_message(self.Read(found))

    @on(Read)
    async def _was_read(self, message: Read) -> None:
        self._checkup = message.checkup
        groups = message.checkup.facts
        await self._fill("#first", [conflicts(message.checkup)])
        await self._fill("#left", [group for group in groups if group.title not in _RIGHT])
        await self._fill("#right", [group for group in groups if group.title in _RIGHT])
        self.query_one("#reading").display = False
        self.refresh_bindings()

    async def _fill(self, column: str, groups: Sequence[FactGroup]) -> None:
        place = self.query_one(column)
        await place.remove_children()
        await place.mount_all(FactPanel(group) for group in groups)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what was read can be copied."""
        del parameters
        return action != "copy" or self._checkup is not None

    def action_copy(self) -> None:
        """Copies everything as Markdown."""
        from ...render.doctor import checkup_to_markdown

        if self._checkup:
            self.post_message(CopyText(checkup_to_markdown(self._checkup), "what this machine has"))
