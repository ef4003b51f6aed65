"""The application in a terminal emulator: a traceback is pasted, the answer read off the screen, a command copied."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from answers import REPORT

from firstaid.assistant import FirstAid

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="apt-get install tmux to run it in a terminal")

FIRSTAID = f"{sys.executable} -m firstaid.assistant"


class Terminal:
    """A tmux server of its own with one window of 100 by 30."""

    def __init__(self, folder: Path) -> None:
        self._socket = str(folder / "tmux.socket")
        self._folder = folder

    def tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, "-f", os.devnull, *arguments],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return done.stdout

    def start(self, command: str) -> None:
        """Runs a shell command, whose exit code is shown when it ends."""
        self.tmux("new-session", "-d", "-x", "100", "-y", "30", f"{command}; echo exit code $?; sleep 60")
        self.tmux("set-option", "-s", "set-clipboard", "on")

    def paste(self, text: str) -> None:
        file = self._folder / "paste.txt"
        file.write_text(text, encoding="utf-8")
        self.tmux("load-buffer", str(file))
        self.tmux("paste-buffer", "-p", "-d")

    def press(self, *keys: str) -> None:
        self.tmux("send-keys", *keys)

    @property
    def screen(self) -> str:
        return self.tmux("capture-pane", "-p")

    @property
    def colours(self) -> set[int]:
        """Numbers of all colours on the screen, of the 256 of a terminal."""
        return {int(number) for number in re.findall(r"[34]8;5;(\d+)", self.tmux("capture-pane", "-e", "-p"))}

    @property
    def clipboard(self) -> str:
        """What an application put there with OSC 52."""
        return self.tmux("show-buffer")

    def until(self, holds: Callable[[], object]) -> None:
        for _ in range(600):
            if holds():
                return
            time.sleep(0.05)
        raise AssertionError(f"it never held; on the screen:\n{self.screen}")


@pytest.fixture
def terminal(
    tmp_path: Path, own_home: Path, shared_cache: Path, kit: FirstAid, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    """The application, started over the index that is built already."""
    _ = kit.searcher
    (own_home / "cache").mkdir()
    (own_home / "cache" / "index").symlink_to(shared_cache)
    monkeypatch.delenv("NO_COLOR")
    made = Terminal(tmp_path)
    yield made
    made.tmux("kill-server")


def test_paste_read_copy_and_quit(terminal: Terminal) -> None:
    terminal.start(FIRSTAID)
    terminal.until(lambda: "Paste an error" in terminal.screen)
    terminal.paste(REPORT)
    terminal.until(lambda: "This is a known failure" in terminal.screen)
    terminal.until(lambda: "line 5: KeyError: 'qwen3'" in terminal.screen)
    assert "KeyError (lines 2-5) · transformers 4.46.0" in terminal.screen
    terminal.press("Escape")
    terminal.until(lambda: "Copy answer" in terminal.screen)
    terminal.press("Tab", "c")
    terminal.until(lambda: terminal.clipboard == "python -m pip install -U 'transformers>=4.51'")
    terminal.press("F3")
    terminal.until(lambda: "any symptom" in terminal.screen)
    terminal.press("C-q")
    terminal.until(lambda: "exit code 0" in terminal.screen)
    assert "Traceback" not in terminal.screen.replace(REPORT, "")


@pytest.mark.parametrize(("variable", "coloured"), [("NO_COLOR=1", False), ("NO_COLOUR=1", True)])
def test_without_colour_all_is_grey(terminal: Terminal, variable: str, coloured: bool) -> None:
    greys = {16, 59, 102, 145, 188, 231, *range(232, 256)}
    terminal.start(f"{variable} {FIRSTAID} tui --no-llm")
    terminal.until(lambda: "Paste an error" in terminal.screen)
    assert bool(terminal.colours - greys) == coloured


def test_a_log_is_opened_from_the_command_line(terminal: Terminal, tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text("INFO step\n" * 3000 + REPORT, encoding="utf-8")
    terminal.start(f"{FIRSTAID} tui --no-llm {log}")
    terminal.until(lambda: "This is a known failure" in terminal.screen)
    terminal.until(lambda: "●3005 KeyError: 'qwen3'" in terminal.screen)


def test_a_pipe_is_answered_without_the_application(terminal: Terminal) -> None:
    terminal.start(f"""echo "KeyError: 'qwen3'" | {FIRSTAID} --no-llm""")
    terminal.until(lambda: "This is a known failure" in terminal.screen or "This may be" in terminal.screen)
    terminal.until(lambda: "exit code 0" in terminal.screen)
