"""What narrows the list of cases: words, and four labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.widgets import Input, Select

from ..catalogue import Catalogue, Filters
from ..guarded import Guarded
from .choice_select import ChoiceSelect


class CaseFilters(Guarded, Vertical):
    """A search and four lists to choose from."""

    DEFAULT_CSS = """
    CaseFilters {
        height: auto;
        & > Input {
            border: round $secondary; border-title-color: $text-muted;
            background: transparent; padding: 0 1;
        }
        & > Input:focus { border: round $primary; border-title-color: $primary; }
        & > .labels {
            height: auto; padding: 0 1; layout: grid; grid-size: 2; grid-rows: 1; grid-gutter: 0 1;
        }
    }
    """
    HELP = """
## Search

Every word must occur in a case's title, id, labels, stack or questions; Chinese works too.

- **Enter** or **Down** goes to the list
- **Tab** goes to the filters: symptom, root cause, stack, stage
- **Escape** takes words and filters away
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "leave", "To the list", show=False)]

    @dataclass
    class Changed(Message):
        """Something else is looked for."""

        filters: Filters

    class Left(Message):
        """The user is done with the search."""

    def compose(self) -> ComposeResult:
        """The search above the filters."""
        search = Input(placeholder="an error, a program, words of the problem", id="words")
        search.border_title = "Search"
        yield search
        with Container(classes="labels"):
            yield ChoiceSelect("symptom", "symptom")
            yield ChoiceSelect("root cause", "root-cause")
            yield ChoiceSelect("stack", "stack")
            yield ChoiceSelect("stage", "stage")

    def offer(self, catalogue: Catalogue) -> None:
        """Lets the user choose among the labels that occur."""
        with self.prevent(Select.Changed):
            self._select("symptom").offer(catalogue.symptoms)
            self._select("root-cause").offer(catalogue.root_causes)
            self._select("stack").offer(catalogue.stacks)
            self._select("stage").offer(catalogue.stages)

    @property
    def filters(self) -> Filters:
        """What is looked for."""
        return Filters(
            words=self.query_one("#words", Input).value,
            symptom=self._select("symptom").picked,
            root_cause=self._select("root-cause").picked,
            stack=self._select("stack").picked,
            stage=self._select("stage").picked,
        )

    @filters.setter
    def filters(self, wanted: Filters) -> None:
        with self.prevent(Input.Changed, Select.Changed):
            self.query_one("#words", Input).value = wanted.words
            self._select("symptom").picked = wanted.symptom
            self._select("root-cause").picked = wanted.root_cause
            self._select("stack").picked = wanted.stack
            self._select("stage").picked = wanted.stage

    def focus_search(self) -> None:
        """Lets the user type."""
        self.query_one("#words", Input).focus()

    def action_leave(self) -> None:
        """On to the list."""
        self.post_message(self.Left())

    @on(Input.Changed)
    @on(Select.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Changed(self.filters))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Left())

    def _select(self, name: str) -> ChoiceSelect:
        return self.query_one(f"#{name}", ChoiceSelect)
