"""Pictures of every screen, small and wide, dark and light, over data that does not change.

After a wanted change: pytest tests/tui/test_snapshots.py --snapshot-update, then look at the pictures in the diff.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from answers import case, diagnosis
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from firstaid.assistant import FirstAid
from firstaid.assistant.diagnosis import Diagnosis, ReportFacts, Whereabouts
from firstaid.assistant.doctor import Checkup, Finding
from firstaid.assistant.machine.fact import Fact, FactGroup
from firstaid.assistant.machine.memory import Memory
from firstaid.assistant.paths import history_file
from firstaid.assistant.report import Report
from firstaid.assistant.tui.app import FirstaidApp
from firstaid.assistant.tui.desk import Opened
from firstaid.assistant.tui.sections import SECTIONS
from firstaid.assistant.tui.themes import DARK, LIGHT
from firstaid.kb import KnowledgeBase
from firstaid.kb.load import load

SMALL, WIDE = (80, 24), (120, 40)
REPORT = """$ python serve.py
Traceback (most recent call last):
  File "/srv/serve.py", line 3, in <module>
    model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
KeyError: 'qwen3'
transformers==4.36.2
GPU: NVIDIA A100
"""
REPLY = {
    "case": "A",
    "cause": "In this report, transformers 4.36.2 does not know qwen3.",
    "steps": [{"fix": 1, "line": 5, "say": "Upgrade transformers."}],
}
FACTS = [
    FactGroup("System", [Fact("operating system", "Debian 12"), Fact("runs in", "Docker")]),
    FactGroup("GPUs", [Fact("GPU 0", "NVIDIA A100, 40.0 GiB, 12.1 GiB free, compute capability 8.0")]),
    FactGroup("Packages", [Fact("torch", "2.3.1"), Fact("transformers", None), Fact("not installed", "vllm")]),
    FactGroup("Variables", [Fact("HF_TOKEN", "set", "its value is not shown")]),
]
CHECKUP = Checkup(
    Whereabouts("~/venv", "active", here=True),
    [
        Finding(
            "xformers", "broken", "xformers 0.0.23 asks for torch==2.1.1",
            ["xformers 0.0.23 in ~/venv asks for torch==2.1.1", "torch 2.3.1 is installed"], "It fails.", "Mend it.",
        )
    ],
    FACTS,
)  # fmt: skip
WHY = ["line 5: KeyError: 'qwen3'", "transformers 4.36.2 is <4.51"]
ANSWER = diagnosis(
    cases=[case(why=WHY), case("weights-cut-short", 0.71, title="权重文件不完整", why=[])],
    report=ReportFacts("KeyError", "'qwen3'", [(2, 5)], ["transformers"], {}, [], [], []),
)
Snap = Callable[..., bool]


class Core:
    """Answers everything alike."""

    searcher = None

    def __init__(self, answer: Diagnosis) -> None:
        self._answer = answer

    def diagnose(self, report: Report) -> Diagnosis:
        del report
        return self._answer


def model() -> Opened:
    """Says one thing."""
    said = SimpleNamespace(name="said", generate=lambda *_: iter([json.dumps(REPLY, separators=(",", ":"))]))
    return Opened(cast("Any", said), lambda: None)


@pytest.fixture(autouse=True)
def nothing_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, write_case: Callable[..., Path]) -> Iterator[None]:
    """A small knowledge base, fixed facts, a clock in UTC, and colours."""
    base = _small_base(tmp_path / "cases", write_case)
    for screen in ("browse", "atlas"):
        monkeypatch.setattr(f"firstaid.assistant.tui.screens.{screen}.load", lambda _: base)
    monkeypatch.setattr("firstaid.assistant.doctor.check_up", lambda: CHECKUP)
    shelf = import_module("firstaid.assistant.models.shelf")  # the package has a function of this name
    monkeypatch.setattr(shelf, "memory", lambda: Memory(16 << 30, 6 << 30))
    monkeypatch.setattr("firstaid.assistant.tui.screens.ask._CALM", 0.01)
    monkeypatch.setattr("firstaid.assistant.tui.screens.models.models_folder", lambda: Path("/models"))
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def _small_base(folder: Path, write_case: Callable[..., Path]) -> KnowledgeBase:
    labels = (
        "Crash - CUDA Error - Out of Memory",
        "Incorrect Functionality - Fine-tuning Anomaly - Fine-tuning Convergence Anomaly",
    )
    for number in range(1, 7):
        write_case(
            f"case-{number}",
            ("Crash - Other Crashes", labels[number % 2]),
            ('stack = ["torch"]', f'stack = ["{("torch", "vllm", "llama.cpp")[number % 3]}"]'),
            folder=folder,
        )
    write_case("repeats", ('title = "repeats breaks"', 'title = "模型一直重复同一句话"'), folder=folder)
    base = load(folder, folder / "none")
    assert not base.problems
    return base


def app_with(answer: Diagnosis | None = None, *, text: str = "", speaks: bool = False) -> FirstaidApp:
    core = cast("FirstAid", Core(answer or ANSWER))
    return FirstaidApp(core=lambda: core, model=model if speaks else None, text=text)


def at_rest(section: str, light: bool, *keys: str) -> Callable[[Pilot[None]], Any]:
    """Opens a section, waits for its workers, and keeps the cursor from blinking."""

    async def run(pilot: Pilot[None]) -> None:
        app = pilot.app
        app.theme = (LIGHT if light else DARK).name
        await app.switch_mode(section)
        for widget in (*app.screen.query(TextArea), *app.screen.query(Input)):
            widget.cursor_blink = False  # now, while it is to be seen
        assert isinstance(app, FirstaidApp)
        while section == "ask" and app.first_text and app.desk.has_model and not app.screen.query("Terms Link"):
            await pilot.pause(0.02)
        for _ in range(3):
            while any(not worker.is_finished for worker in app.workers):
                await pilot.pause(0.02)
            await pilot.pause(0.15)
        await pilot.press(*keys)
        await pilot.pause(0.15)
        await pilot.pause()
        assert app.problems == []

    return run


def keep_history() -> None:
    file = history_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    entry = {"case": "old-transformers", "title": "Transformers is too old", "error": "KeyError: 'qwen3'"}
    lines = [
        {"when": "2026-11-19T22:40:00+00:00", "verdict": "match", **entry, "text": REPORT},
        {"when": "2026-11-20T01:05:00+00:00", "verdict": "none", "case": None, "title": None, "error": None,
         "text": "模型一直重复同一句话"},
    ]  # fmt: skip
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


@pytest.mark.parametrize("light", [False, True], ids=["dark", "light"])
@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("section", [section.name for section in SECTIONS])
def test_screens(snap_compare: Snap, section: str, size: tuple[int, int], light: bool) -> None:
    keep_history()
    app = app_with(text=REPORT if section == "ask" else "", speaks=True)
    assert snap_compare(app, terminal_size=size, run_before=at_rest(section, light))


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x40"])
def test_the_first_sight(snap_compare: Snap, size: tuple[int, int]) -> None:
    assert snap_compare(app_with(), terminal_size=size, run_before=at_rest("ask", False))


def test_not_known(snap_compare: Snap) -> None:
    app = app_with(diagnosis("none", []), text="something else")
    assert snap_compare(app, run_before=at_rest("ask", False))


def test_help(snap_compare: Snap) -> None:
    assert snap_compare(app_with(), terminal_size=WIDE, run_before=at_rest("ask", False, "f1"))
