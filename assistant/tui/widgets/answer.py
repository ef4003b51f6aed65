"""The answer: verdict, the cases found, and one of them in full."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from ...diagnosis import Diagnosis, FoundCase
from ...safe import one_line
from ..guarded import Guarded
from .case_list import CaseList
from .case_view import CaseView
from .verdict_line import VerdictLine

_WELCOME = """\
What firstaid does with it, offline and on this machine:

  1. finds the error that started it, its versions, GPU and stage
  2. looks it up among known failures with reviewed fixes
  3. says what is wrong, why, the fix, how sure it is,
     and who had it before

Nothing leaves this machine, and no command is ever run.
F2 to F7 lead to the other screens, F1 is help, Ctrl+P finds all."""


class Answer(Guarded, VerticalScroll):
    """Scrolls as one."""

    DEFAULT_CSS = """
    Answer {
        padding: 0 1; scrollbar-size-vertical: 1;
        & #welcome { color: $text-muted; padding: 0 1; }
        & #next { color: $text-muted; height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        """From the verdict down to what would make it surer."""
        yield Static(Text(_WELCOME), id="welcome")
        yield VerdictLine()
        yield CaseList()
        yield Static(id="next")
        yield CaseView(titled=False)

    def on_mount(self) -> None:
        """Begins with what firstaid does."""
        self.show(None)

    def show(self, diagnosis: Diagnosis | None, notice: str = "") -> None:
        """Shows a diagnosis; for None the notice, or what firstaid does."""
        welcome = self.query_one("#welcome", Static)
        welcome.update(Text(notice or _WELCOME))
        welcome.display = diagnosis is None
        for shown in (VerdictLine, CaseList, "#next", CaseView):
            self.query_one(shown).display = diagnosis is not None
        self.query_one(VerdictLine).show(diagnosis)
        self.query_one(CaseList).show(diagnosis)
        self.query_one(CaseView).case = diagnosis.cases[0] if diagnosis and diagnosis.cases else None
        self.query_one("#next", Static).update(_next(diagnosis))
        self.scroll_home(animate=False)

    def pick(self, case_id: str) -> bool:
        """Shows one of the cases found; tells whether it is among them."""
        return self.query_one(CaseList).pick(case_id)

    @property
    def picked(self) -> FoundCase | None:
        """The case that is shown."""
        return self.query_one(CaseList).picked

    def focus_cases(self) -> None:
        """Goes to the list of cases."""
        self.query_one(CaseList).focus()

    @on(CaseList.Picked)
    def _picked(self, event: CaseList.Picked) -> None:
        event.stop()
        self.query_one(CaseView).case = event.case


def _next(diagnosis: Diagnosis | None) -> Text:
    if diagnosis is None or not diagnosis.next:
        return Text("")
    return Text.assemble(("To be surer\n", "bold"), "\n".join(f"- {one_line(step)}" for step in diagnosis.next))
