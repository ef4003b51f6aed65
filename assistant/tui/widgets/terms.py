"""What the local model says, as it comes, and questions to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static

from ...safe import one_line, printable
from ..guarded import Guarded
from ..messages import OpenCase
from .link import Link


class Terms(Guarded, Vertical):
    """Everything said about one diagnosis: the first answer, then questions and theirs."""

    DEFAULT_CSS = """
    Terms {
        height: auto; padding: 0 1; border: round $secondary; border-title-color: $text-muted;
        &:focus-within { border: round $primary; border-title-color: $primary; }
        & VerticalScroll { height: 1fr; }
        & #said { height: auto; }
        & #state { color: $text-muted; height: auto; }
        & #cites { height: auto; }
        & Input { border: none; height: 1; padding: 0; background: $boost; }
    }
    """
    HELP = """
## In your terms

A local model puts the answer in your terms, from the cases found and nothing else; what it says is checked against
them. Questions are answered from the same report and the same cases.

- **s** stops it, **Enter** in the line below asks
- the cases it names stand under its answer; **Enter** on one shows it
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "stop", "Stop the model", show=False)]

    state: reactive[str] = reactive("")
    """What the model is doing, in words."""

    @dataclass
    class Asked(Message):
        """A question about the diagnosis."""

        question: str

    @dataclass
    class StopWanted(Message):
        """The model should stop."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.border_title = "In your terms"
        self.said = ""
        """All that was said."""
        self._cites: list[str] = []
        self._asked = False

    def compose(self) -> ComposeResult:
        """Text, state, the cases cited, and the question."""
        with VerticalScroll():
            yield Static(id="said")
            yield Static(id="state")
            yield Vertical(id="cites")
        yield Input(placeholder="Ask about it: can I keep my torch version?", id="question")

    def clear(self, state: str) -> None:
        """Forgets what was said about another report."""
        self.said, self._cites, self._asked = "", [], False
        self.query_one("#said", Static).update("")
        self.query_one("#cites").remove_children()
        self.state = state

    def add(self, piece: str) -> None:
        """Shows the next piece."""
        self.said += piece
        self.query_one("#said", Static).update(Text(printable(self.said).strip()))
        if self._asked:  # the first answer is read from its start, and what follows from its end
            self.query_one(VerticalScroll).scroll_end(animate=False)

    def ask(self, question: str) -> None:
        """Shows a question, under which its answer will come."""
        self._asked = True
        self.add(f"\n\n> {one_line(question)}\n")

    def cite(self, cases: Sequence[str]) -> None:
        """Offers the cases that the answer names."""
        new = [case for case in cases if case not in self._cites]
        self._cites += new
        self.query_one("#cites").mount_all([Link(f"→ {case}", lambda case=case: OpenCase(case)) for case in new])

    def focus_question(self) -> None:
        """Puts the cursor into the question."""
        self.query_one(Input).focus()

    def watch_state(self, state: str) -> None:
        """Shows it."""
        line = self.query_one("#state", Static)
        line.update(Text(state))
        line.display = bool(state)

    def action_stop(self) -> None:
        """Stops the model."""
        self.post_message(self.StopWanted())

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if question := event.value.strip():
            event.input.clear()
            self.post_message(self.Asked(question))
