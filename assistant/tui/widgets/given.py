"""What the user gives, and the ways to give it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from ....kb.errors import InputError
from ..guarded import Guarded
from ..messages import OpenReport
from .report_input import ReportInput
from .understood import Understood


class Given(Guarded, Vertical):
    """The report, and beneath it what was understood of it."""

    DEFAULT_CSS = """
    Given { & ReportInput { height: 1fr; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+o", "open_file", "Open file", priority=True),
        Binding("ctrl+n", "clear", "New", priority=True),
        Binding("ctrl+r", "last_report", "Last report", priority=True),
        Binding("f8", "editor", "Editor", priority=True),
    ]

    def compose(self) -> ComposeResult:
        """The two of them."""
        yield ReportInput()
        yield Understood()

    @property
    def input(self) -> ReportInput:
        """Where the report stands."""
        return self.query_one(ReportInput)

    @property
    def understood(self) -> Understood:
        """What was understood of it."""
        return self.query_one(Understood)

    @on(OpenReport)
    def _open_report(self, message: OpenReport) -> None:
        message.stop()
        self.input.show(message.text)

    def action_clear(self) -> None:
        """Begins anew."""
        self.input.show("")
        self.input.focus_input()

    def action_open_file(self) -> None:
        """Asks for a file and takes it in."""
        from ..screens.open_file import OpenFileScreen

        self.app.push_screen(OpenFileScreen(), self._file_chosen)

    def action_last_report(self) -> None:
        """Takes the report that was diagnosed last, in any way."""
        from ...last import recall
        from ...paths import last_report

        self.input.show(recall(last_report()))

    def action_editor(self) -> None:
        """Hands the text to the user's editor and takes it back."""
        command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
        if shutil.which(command[0]) is None:
            raise InputError(f"there is no {command[0]} here", hint="set EDITOR to the one you use")
        with tempfile.TemporaryDirectory(prefix="firstaid-") as folder:
            file = Path(folder) / "report.log"
            file.write_text(self.input.text, encoding="utf-8")
            with self.app.suspend():
                subprocess.run([*command, str(file)], check=False)
            self.input.show(file.read_text(encoding="utf-8", errors="replace"))

    def _file_chosen(self, path: Path | None) -> None:
        if path:
            self._read_file(path)

    @work(thread=True, exclusive=True, group="file")
    def _read_file(self, path: Path) -> None:
        from ...firstaid import open_report

        with open_report(path) as file:
            self.post_message(OpenReport(file.read().decode("utf-8", "replace")))
