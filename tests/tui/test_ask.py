"""Paste a report, read the answer, hear the model, ask back: with the real index, and a model of our own."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from answers import REPORT
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input

from firstaid.assistant import FirstAid
from firstaid.assistant.history import History
from firstaid.assistant.llm import Prompt
from firstaid.assistant.paths import feedback_file, history_file, last_report
from firstaid.assistant.tui.app import FirstaidApp
from firstaid.assistant.tui.desk import Opened
from firstaid.assistant.tui.widgets.case_list import CaseList
from firstaid.assistant.tui.widgets.editor import MOST_LINES, Editor
from firstaid.assistant.tui.widgets.fix_step import FixStep
from firstaid.assistant.tui.widgets.log_view import LogView
from firstaid.assistant.tui.widgets.report_input import ReportInput
from firstaid.assistant.tui.widgets.terms import Terms
from firstaid.kb.errors import ModelError

CASE = "transformers-too-old-for-model-type"
OTHER = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 7.79 GiB"
REPLY = {
    "case": "A",
    "cause": "In this report, transformers 4.46.0 does not know qwen3.",
    "steps": [{"fix": 1, "line": 5, "say": "Upgrade transformers."}],
}

Seen = Callable[[FirstaidApp], str]


class Says:
    """A model that says the same to everything; `held` keeps it from going on until it is set."""

    name = "says"

    def __init__(self, held: threading.Event | None = None) -> None:
        self.asked: list[Prompt] = []
        self.closed = 0
        self._held = held

    def generate(self, prompt: Prompt, grammar: str, limit: int) -> Iterator[str]:
        del grammar, limit
        self.asked.append(prompt)
        text = json.dumps(REPLY, separators=(",", ":"))
        yield text[:100]
        if self._held:
            assert self._held.wait(20)
            if self.closed:
                raise ModelError("it was closed")
        yield text[100:]

    def close(self) -> None:
        self.closed += 1
        if self._held:
            self._held.set()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody types in a test, so the model need not wait for that."""
    monkeypatch.setattr("firstaid.assistant.tui.screens.ask._CALM", 0.01)


@pytest.fixture
def ask_app(kit: FirstAid) -> Iterator[Callable[..., FirstaidApp]]:
    """Makes the application with a model; at the end no error of ours may have been shown."""
    made: list[FirstaidApp] = []

    def make(model: Says | None = None, text: str = "") -> FirstaidApp:
        opened = (lambda: Opened(model, model.close)) if model else None
        made.append(FirstaidApp(core=lambda: kit, model=opened, text=text))
        return made[-1]

    yield make
    assert [app.problems for app in made] == [[] for _ in made]


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Waits until something holds."""
    for _ in range(400):
        if holds():
            await pilot.pause()
            return
        await pilot.pause(0.02)
    raise AssertionError("it never held")


def paste(app: FirstaidApp, text: str) -> None:
    assert app.focused is not None
    app.focused.post_message(Paste(text))


def case_ids(app: FirstaidApp) -> list[str]:
    return [case.id for case in app.screen.query_one(CaseList)._cases]  # pyright: ignore[reportPrivateUsage]


def first_is(app: FirstaidApp, case: str) -> Callable[[], bool]:
    return lambda: case_ids(app)[:1] == [case]


async def test_a_pasted_report_is_answered_and_its_lines_are_marked(
    ask_app: Callable[..., FirstaidApp], seen: Seen
) -> None:
    app = ask_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        assert "Paste an error" in seen(app)
        assert "Nothing leaves this machine" in seen(app)
        paste(app, REPORT)
        await until(pilot, lambda: app.screen.query(FixStep))
        shown = seen(app)
        assert "This is a known failure" in shown
        assert "KeyError (lines 2-5) · transformers 4.46.0" in shown
        assert "line 5: KeyError: 'qwen3'" in shown
        editor = app.screen.query_one(Editor)
        styled = {number for number in range(7) if any(span.style for span in editor.get_line(number).spans)}
        assert {1, 2, 3, 4} <= styled
        assert 5 not in styled


async def test_a_description_is_answered_when_the_user_pauses(ask_app: Callable[..., FirstaidApp], seen: Seen) -> None:
    app = ask_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        for word in ("qwen3", "keyerror"):
            await pilot.press(*word, "space")
        assert not case_ids(app), "not while keys are pressed"
        await until(pilot, first_is(app, CASE))
        assert "error" not in app.screen.query_one(ReportInput).text.replace("keyerror", "")


async def test_a_second_report_takes_the_place_of_the_first(ask_app: Callable[..., FirstaidApp]) -> None:
    app = ask_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        paste(app, REPORT)
        paste(app, f"a\nb\nc\n{OTHER}")  # overtakes the first, which may be looked up still
        await until(pilot, lambda: case_ids(app) and case_ids(app)[0] != CASE)
        assert app.screen.query_one(Editor).text == f"a\nb\nc\n{OTHER}"
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert case_ids(app)[0] != CASE, "an answer that comes late is dropped"


async def test_text_of_ones_own_stays_when_something_is_pasted_into_it(ask_app: Callable[..., FirstaidApp]) -> None:
    app = ask_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press(*"since")
        paste(app, f"\n{REPORT}")
        await until(pilot, first_is(app, CASE))
        assert app.screen.query_one(Editor).text == f"since\n{REPORT}"


async def test_a_long_log_is_shown_and_its_marked_line_found(ask_app: Callable[..., FirstaidApp], seen: Seen) -> None:
    app = ask_app()
    lines = [f"INFO step {number}" for number in range(MOST_LINES * 3)]
    lines[4000:4000] = REPORT.splitlines()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        paste(app, "\n".join(lines))
        await until(pilot, first_is(app, CASE))
        assert isinstance(app.focused, LogView)
        await until(pilot, lambda: "●4005 KeyError: 'qwen3'" in seen(app))
        await pilot.press("end", "n")
        await until(pilot, lambda: "KeyError: 'qwen3'" in seen(app))
        paste(app, REPORT)
        await until(pilot, lambda: isinstance(app.focused, Editor))
        assert app.screen.query_one(ReportInput).text == REPORT


@pytest.mark.parametrize("text", ["\x00\x01\x02" * 200, "   "])
async def test_what_cannot_be_answered_is_said(ask_app: Callable[..., FirstaidApp], seen: Seen, text: str) -> None:
    app = ask_app(text=text)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "not text" in seen(app) or "Nothing leaves this machine" in seen(app))
        assert not case_ids(app)


async def test_nothing_known(ask_app: Callable[..., FirstaidApp], seen: Seen) -> None:
    app = ask_app(text="Which train goes from Vienna to Graz on a Sunday morning?")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "Not known" in seen(app))
        assert "Nothing in the knowledge base fits this report." in seen(app)


async def test_keys_lead_through_the_answer_and_copy(ask_app: Callable[..., FirstaidApp], seen: Seen) -> None:
    app = ask_app(text=REPORT)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.screen.query(FixStep))
        await pilot.press("escape")
        assert isinstance(app.focused, CaseList)
        await pilot.press("tab", "c")
        await pilot.pause()
        assert app.clipboard == "python -m pip install -U 'transformers>=4.51'"
        await until(pilot, lambda: "copied: the command" in seen(app))
        await pilot.press("y")
        await pilot.pause()
        assert app.clipboard.startswith("This is a known failure: ")
        await pilot.press("m")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.clipboard.startswith("### System Info\n"), "as the tracker of transformers asks"
        assert "transformers 4.46.0" in app.clipboard
        assert "KeyError: 'qwen3'" in app.clipboard
        await pilot.press("escape")
        assert isinstance(app.focused, Editor)


async def test_the_model_speaks_beside_the_answer_and_its_citations_lead_to_cases(
    ask_app: Callable[..., FirstaidApp], seen: Seen
) -> None:
    app = ask_app(Says(), REPORT)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: app.screen.query("Terms Link"))
        assert "In this report, transformers 4.46.0 does not know qwen3." in app.screen.query_one(Terms).said
        app.screen.query_one("Terms Link").focus()
        await until(pilot, lambda: f"→ {CASE}" in seen(app))
        app.screen.query_one(CaseList).highlighted = None
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen.query_one(CaseList).highlighted == 0


async def test_the_model_is_stopped_by_a_key_and_what_it_said_stays(ask_app: Callable[..., FirstaidApp]) -> None:
    model = Says(threading.Event())
    app = ask_app(model, REPORT)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        terms = app.screen.query_one(Terms)
        await until(pilot, lambda: "does not know qwen3" in terms.said or model.asked)
        await pilot.press("escape", "s")
        await until(pilot, lambda: model.closed)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert terms.state == "stopped"
        assert "Upgrade" not in terms.said
        assert case_ids(app)[:1] == [CASE], "the answer stands"


async def test_another_report_stops_the_model(ask_app: Callable[..., FirstaidApp]) -> None:
    model = Says(threading.Event())
    app = ask_app(model, REPORT)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: model.asked)
        paste(app, f"a\nb\nc\n{OTHER}")
        await until(pilot, lambda: model.closed)
        await until(pilot, lambda: case_ids(app) and case_ids(app)[0] != CASE)


async def test_a_question_is_answered_from_the_same_cases(ask_app: Callable[..., FirstaidApp]) -> None:
    model = Says()
    app = ask_app(model, REPORT)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        terms = app.screen.query_one(Terms)
        await until(pilot, lambda: "Upgrade transformers." in terms.said)
        await pilot.press("escape", "slash")
        assert isinstance(app.focused, Input)
        await pilot.press(*"why?", "enter")
        await until(pilot, lambda: terms.said.count("Upgrade transformers.") == 2)
        assert "\n> why?\n" in terms.said
        assert "QUESTION of the user, to be answered in `cause`: why?" in model.asked[-1].data


async def test_a_model_that_fails_takes_no_answer_away(ask_app: Callable[..., FirstaidApp], kit: FirstAid) -> None:
    def broken() -> Opened:
        raise ModelError("there is no model", hint="firstaid model pull")

    del ask_app
    app = FirstaidApp(core=lambda: kit, model=broken, text=REPORT)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "firstaid model pull" in app.screen.query_one(Terms).state)
        assert case_ids(app)[:1] == [CASE]
        assert app.problems == []


async def test_what_is_kept(ask_app: Callable[..., FirstaidApp]) -> None:
    app = ask_app(text=f"{REPORT}\nexport HF_TOKEN=hf_{'a' * 34}")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.screen.query(FixStep))
        await pilot.press("escape", "plus")
        await app.workers.wait_for_complete()
    entries = History(history_file()).entries()
    assert [entry.case for entry in entries] == [CASE]
    assert "hf_aaaa" not in entries[0].text + last_report().read_text("utf-8")
    kept = json.loads(feedback_file().read_text("utf-8"))
    assert (kept["case"], kept["helped"]) == (CASE, True)


async def test_nothing_is_kept_where_the_user_does_not_want_it(ask_app: Callable[..., FirstaidApp]) -> None:
    app = ask_app(text=REPORT)
    app.keeps_history = False
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.screen.query(FixStep))
        await app.workers.wait_for_complete()
    assert not history_file().exists()
    assert not last_report().exists()
    assert not FirstaidApp(core=FirstAid, model=None).keeps_history, "remembered"


async def test_a_file_is_opened_and_a_missing_one_is_said(ask_app: Callable[..., FirstaidApp], tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text(REPORT, encoding="utf-8")
    app = ask_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.focused, Input))
        app.focused.value = str(log)  # type: ignore[union-attr]
        await pilot.press("enter")
        await until(pilot, first_is(app, CASE))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: not case_ids(app))
        assert app.screen.query_one(ReportInput).text == ""


async def test_the_last_report_is_taken_again(ask_app: Callable[..., FirstaidApp]) -> None:
    last_report().parent.mkdir(parents=True, exist_ok=True)
    last_report().write_text(REPORT, encoding="utf-8")
    app = ask_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("ctrl+r")
        await until(pilot, first_is(app, CASE))


async def test_an_error_with_a_cure_is_told_and_ends_nothing(ask_app: Callable[..., FirstaidApp], seen: Seen) -> None:
    app = ask_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("ctrl+r")  # there is none yet
        await until(pilot, lambda: "there is no diagnosis to ask about" in seen(app))
        await pilot.press("x")
        assert app.screen.query_one(Editor).text == "x"


async def test_a_bug_is_shown_with_a_report_and_the_application_goes_on(
    kit: FirstAid, monkeypatch: pytest.MonkeyPatch, seen: Seen
) -> None:
    def bug(*_: object) -> None:
        raise RuntimeError("secret text of the report")

    monkeypatch.setattr("firstaid.assistant.tui.widgets.verdict_line.VerdictLine.show", bug)
    app = FirstaidApp(core=lambda: kit, model=None)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "a bug of firstaid, not of yours: RuntimeError" in seen(app))
        assert "secret" not in seen(app)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query(Editor))
        monkeypatch.undo()
        app.screen.query_one(Editor).focus()
        paste(app, REPORT)
        await until(pilot, first_is(app, CASE))


async def test_a_bug_in_a_worker_is_shown_too(kit: FirstAid, monkeypatch: pytest.MonkeyPatch, seen: Seen) -> None:
    def bug(*_: object) -> None:
        raise RuntimeError("here")

    monkeypatch.setattr("firstaid.assistant.diagnose.read", bug)
    app = FirstaidApp(core=lambda: kit, model=None, text=REPORT)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "a bug of firstaid" in seen(app))
        assert [str(error) for error in app.problems] == ["here"]


async def test_the_look_is_remembered(ask_app: Callable[..., FirstaidApp]) -> None:
    app = ask_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        assert app.current_theme.dark
        app.action_other_look()
        await pilot.pause()
    assert not ask_app().current_theme.dark


async def test_help_is_that_of_what_has_the_focus(ask_app: Callable[..., FirstaidApp], seen: Seen) -> None:
    app = ask_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.press("f1")
        await until(pilot, lambda: "A pasted report takes the place" in " ".join(seen(app).split()))
        await pilot.press("f1")
        await until(pilot, lambda: not app.screen.query("HelpPanel"))
