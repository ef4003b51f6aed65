"""The application: its sections, looks and keys, and what concerns all screens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen

from ...kb.errors import FirstaidError
from ..paths import preferences_file
from .desk import Desk, Opened
from .guarded import Guarded
from .messages import CopyText, OpenAddress, OpenCase, OpenCases, OpenReport
from .preferences import Preferences
from .quick_paste import take_pastes_whole
from .sections import SECTIONS
from .themes import DARK, LIGHT, THEMES

if TYPE_CHECKING:
    from ..firstaid import FirstAid

_SHOWN = 60
"""Characters of a copied text that are told."""


class FirstaidApp(Guarded, App[None]):
    """Paste an error, read the answer.

    Args:
        core: opens the core; called in a worker.
        model: opens the local model; called in a worker. None: no model is asked.
        text: a report to begin with.
    """

    TITLE = "firstaid"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    DEFAULT_MODE = "ask"
    MODES: ClassVar = {section.name: section.open for section in SECTIONS}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", priority=True),
        *(
            Binding(section.key, f"switch_mode('{section.name}')", section.title, show=False, priority=True)
            for section in SECTIONS
        ),
        Binding("ctrl+q", "quit", "Quit", priority=True),
    ]

    def __init__(self, core: Callable[[], FirstAid], model: Callable[[], Opened] | None, text: str = "") -> None:
        super().__init__()
        self.desk = Desk(core, model)
        self.first_text = text
        self.preferences = Preferences.load(preferences_file())
        self.problems: list[Exception] = []
        """Errors of ours that were shown."""
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self.preferences.theme if self.preferences.theme in self.available_themes else DARK.name

    def on_mount(self) -> None:
        """Keeps the look from now on."""
        self.theme_changed_signal.subscribe(self, lambda theme: self._prefer(theme=theme.name))

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver, made to take long pastes at once."""
        take_pastes_whole()
        return super().get_driver_class()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the command palette offers beside the keys of what has the focus."""
        for section in SECTIONS:
            yield SystemCommand(section.title, section.about, lambda name=section.name: self.switch_mode(name))
        yield SystemCommand("Light or dark", "the other look", self.action_other_look)
        yield SystemCommand("Help", "keys and what they do", self.action_help)
        yield SystemCommand("Theme", "all looks", self.action_change_theme)
        yield SystemCommand("Quit", "leave firstaid", self.action_quit)

    def action_help(self) -> None:
        """Shows or hides the help of what has the focus."""
        if self.screen.query("HelpPanel"):
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    def action_other_look(self) -> None:
        """From light to dark, and back."""
        self.theme = (LIGHT if self.current_theme.dark else DARK).name

    async def action_quit(self) -> None:
        """Stops the model and leaves."""
        self.desk.hush()
        self.exit()

    @property
    def keeps_history(self) -> bool:
        """Whether diagnoses are kept."""
        return self.preferences.history

    @keeps_history.setter
    def keeps_history(self, wanted: bool) -> None:
        self._prefer(history=wanted)

    def _prefer(self, *, theme: str | None = None, history: bool | None = None) -> None:
        kept = self.preferences
        self.preferences = Preferences(theme or kept.theme, kept.history if history is None else history)
        if self.preferences != kept:
            self.preferences.save(preferences_file())

    @on(CopyText)
    def _copy(self, message: CopyText) -> None:
        self.copy_to_clipboard(message.text)
        start = message.text.strip().split("\n", 1)[0]
        self.notify(
            start if len(start) <= _SHOWN else f"{start[: _SHOWN - 1]}…", title=f"copied: {message.what}", markup=False
        )

    @on(OpenAddress)
    def _open_address(self, message: OpenAddress) -> None:
        self.open_url(message.url)
        self.notify(message.url, title="opened in the browser", markup=False)

    @on(OpenCase)
    async def _open_case(self, message: OpenCase) -> None:
        await self.switch_mode("browse")
        self.screen.post_message(message)

    @on(OpenCases)
    async def _open_cases(self, message: OpenCases) -> None:
        await self.switch_mode("browse")
        self.screen.post_message(message)

    @on(OpenReport)
    async def _open_report(self, message: OpenReport) -> None:
        await self.switch_mode("ask")
        self.screen.post_message(message)

    def _handle_exception(self, error: Exception) -> None:
        """Shows an error instead of ending the application, as Textual would."""
        from textual.worker import WorkerFailed

        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, FirstaidError):
            self.notify(cause.hint or "", title=cause.message, severity="error", markup=False)
            return
        known = {(type(one), str(one)) for one in self.problems}
        if isinstance(cause, Exception) and (type(cause), str(cause)) not in known:
            from .screens.problem import ProblemScreen

            self.problems.append(cause)
            self.push_screen(ProblemScreen(cause))
