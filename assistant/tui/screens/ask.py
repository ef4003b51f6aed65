"""Ask: paste a report, read the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.timer import Timer
from textual.worker import get_current_worker

from ....kb.errors import FirstaidError
from ..marks import Marks, marks_of
from ..messages import CopyText, Diagnosed, OpenCase, OpenReport, SpeechEnded, Spoken, Understood, Unreadable
from ..widgets.answer import Answer
from ..widgets.given import Given
from ..widgets.report_input import ReportInput
from ..widgets.terms import Terms
from .section import SectionScreen

if TYPE_CHECKING:
    from ...diagnosis import Diagnosis
    from ...report import Report

_PAUSE = 0.3
"""Seconds without a key after which a text that is being typed is diagnosed."""
_CALM = 1.0
"""Seconds that an answer stands before the model is asked: it takes all cores."""
_STOPPED = "stopped"
_NO_MODEL = "A local model can put this in your terms: F7 shows which fit this machine."


class AskScreen(SectionScreen):
    """Report, answer and the model's words: one above the other, or side by side where there is room."""

    NAME = "ask"
    DEFAULT_CSS = """
    AskScreen {
        & Given { height: 6; }
        & Given:focus-within { height: 2fr; min-height: 6; }
        & Answer { height: 3fr; }
        & Terms { height: 6; }
        & Terms:focus-within { height: 2fr; }
        &.-fresh Given { height: 1fr; }
        &.-fresh Answer { height: 10; }
        &.-fresh Terms { display: none; }
        &.-silent Terms { height: 3; }
        &.-narrow Understood { max-height: 1; }
    }
    AskScreen.-wide #panes {
        layout: grid; grid-size: 2 2; grid-columns: 2fr 3fr; grid-rows: 3fr 2fr;
        & Given, & Answer, & Terms { height: 1fr; }
        & Answer { row-span: 2; }
    }
    AskScreen.-wide.-fresh #panes { grid-rows: 1fr 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy('text')", "Copy answer"),
        Binding("m", "copy('issue')", "Copy bug report"),
        Binding("plus", "judge(True)", "Helped", show=False),
        Binding("minus", "judge(False)", "Did not help", show=False),
        Binding("slash", "question", "Ask about it"),
        Binding("s", "stop", "Stop the model", show=False),
        Binding("escape", "across", "Report / answer", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(classes="-fresh -silent")
        self._ticket = 0
        """Of the text that stands in the input; what comes for an older one is dropped."""
        self._timer: Timer | None = None
        self._report: Report | None = None
        self._diagnosis: Diagnosis | None = None

    def body(self) -> ComposeResult:
        """The panes."""
        with Container(id="panes"):
            yield Given()
            yield Answer()
            yield Terms()

    def on_mount(self) -> None:
        """Opens the core beside the first paint, and takes the report to begin with."""
        self._given.input.focus_input()
        self.call_after_refresh(self._warm_up)  # its imports would hold up the first paint
        if self.firstaid.first_text:
            self._given.input.show(self.firstaid.first_text)

    @work(thread=True, group="warm-up")
    def _warm_up(self) -> None:
        _ = self.firstaid.desk.core

    @on(ReportInput.Changed)
    def _changed(self, event: ReportInput.Changed) -> None:
        event.stop()
        self._ticket += 1
        self._hush()
        if not event.text.strip():
            self._show(None)
        elif event.settled:
            self._diagnose(event.text, self._ticket)
        else:
            self._after(_PAUSE, lambda ticket: self._diagnose(event.text, ticket))

    def _after(self, seconds: float, do: Callable[[int], object]) -> None:
        """Does something for the text that stands now, unless another comes before."""
        ticket = self._ticket
        self._timer = self.set_timer(seconds, lambda: do(ticket) if ticket == self._ticket else None)

    @work(thread=True, exclusive=True, group="search")
    def _diagnose(self, text: str, ticket: int) -> None:
        """Reads and looks up; what a newer text has overtaken is given up between the two."""
        from ...diagnose import read

        worker = get_current_worker()
        try:
            report = read(text)
            if worker.is_cancelled:
                return
            self.post_message(Understood(report, ticket))
            diagnosis = self.firstaid.desk.core.diagnose(report)
        except FirstaidError as error:
            self.post_message(Unreadable(str(error), ticket))
            return
        self.post_message(Diagnosed(report, diagnosis, ticket))

    @on(Understood)
    def _understood(self, message: Understood) -> None:
        if message.ticket == self._ticket:
            self._given.understood.show(message.report)

    @on(Diagnosed)
    def _diagnosed(self, message: Diagnosed) -> None:
        if message.ticket == self._ticket:
            self._show(message.diagnosis, message.report)
            self._keep(message.report, message.diagnosis)
            if message.diagnosis.cases and self.firstaid.desk.has_model:
                self._after(_CALM, lambda _ticket: self._ask_model(""))

    @on(Unreadable)
    def _unreadable(self, message: Unreadable) -> None:
        if message.ticket == self._ticket:
            self._show(None, notice=message.why)

    def _show(self, diagnosis: Diagnosis | None, report: Report | None = None, notice: str = "") -> None:
        self._diagnosis, self._report = diagnosis, report
        self.set_class(diagnosis is None, "-fresh")
        self.add_class("-silent")
        self._answer.show(diagnosis, notice)
        self._terms.clear("" if self.firstaid.desk.has_model else _NO_MODEL)
        self._given.understood.show(report)
        self._given.input.mark(marks_of(diagnosis) if diagnosis else Marks())

    @work(thread=True, group="keep")
    def _keep(self, report: Report, diagnosis: Diagnosis) -> None:
        from ...history import History
        from ...last import keep
        from ...paths import history_file, last_report

        if self.firstaid.keeps_history:
            keep(report, last_report())
            History(history_file()).add(report, diagnosis)

    def _hush(self) -> None:
        if self._timer:
            self._timer.stop()
        self.firstaid.desk.hush()

    def _ask_model(self, question: str) -> None:
        if self._report and self._diagnosis:
            self.remove_class("-silent")
            self._terms.state = "the model is reading ..."
            self._speak(self._report, self._diagnosis, question, self._ticket)

    @work(thread=True, exclusive=True, group="speech")
    def _speak(self, report: Report, diagnosis: Diagnosis, question: str, ticket: int) -> None:
        from ...llm import Explained

        into, fault = Explained(), None
        try:
            for piece in self.firstaid.desk.speak(report, diagnosis, question, into):
                self.post_message(Spoken(piece, ticket))
        except FirstaidError as error:
            fault = str(error)
        self.post_message(SpeechEnded(ticket, tuple(into.cites), fault))

    @on(Spoken)
    def _spoken(self, message: Spoken) -> None:
        if message.ticket == self._ticket:
            self._terms.state = "(s stops the model)"
            self._terms.add(message.piece)

    @on(SpeechEnded)
    def _speech_ended(self, message: SpeechEnded) -> None:
        if message.ticket == self._ticket and self._terms.state != _STOPPED:
            self._terms.state = message.fault or ""
            self._terms.cite(message.cites)

    @on(Terms.Asked)
    def _asked(self, event: Terms.Asked) -> None:
        if self.firstaid.desk.has_model:
            self._hush()
            self._terms.ask(event.question)
            self._ask_model(event.question)
        else:
            self._terms.state = _NO_MODEL

    @on(Terms.StopWanted)
    def action_stop(self) -> None:
        """Stops the model, and keeps what it said."""
        self._hush()
        self._terms.state = _STOPPED

    @on(OpenCase)
    def _open_case(self, message: OpenCase) -> None:
        """A case that was found is shown here; any other by Browse."""
        if self._answer.pick(message.case_id):
            message.stop()

    @on(OpenReport)
    def _open_report(self, message: OpenReport) -> None:
        message.stop()
        self._given.input.show(message.text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What needs an answer is offered when there is one."""
        del parameters
        return self._diagnosis is not None or action not in {"copy", "judge", "question", "stop", "across"}

    def action_copy(self, form: str) -> None:
        """Copies the answer as "text" with what the model said, or an "issue" in Markdown."""
        from ...render import Screen, render

        assert self._diagnosis
        assert self._report
        if form == "issue":
            self._copy_issue(self._report, self._diagnosis)
        else:
            text = render(self._diagnosis, "text", Screen(verbose=True))
            self.post_message(CopyText(f"{text}\n{self._terms.said}".strip() + "\n", "the answer"))

    @work(thread=True, exclusive=True, group="issue")
    def _copy_issue(self, report: Report, diagnosis: Diagnosis) -> None:
        """Beside the screen: the facts of a machine take a moment to read."""
        from ...evidence.place import facts_of
        from ...render.issue import to_issue

        text = to_issue(report, diagnosis, facts_of(diagnosis))
        self.post_message(CopyText(text, "a bug report in Markdown"))

    def action_judge(self, helped: bool) -> None:
        """Keeps whether the case that is shown helped."""
        from ...feedback import Feedback
        from ...paths import feedback_file

        if (case := self._answer.picked) and self._diagnosis and self._report:
            Feedback(feedback_file()).add(self._report, self._diagnosis, case.id, helped)
            self.notify(case.id, title=f"kept on this machine: {'helped' if helped else 'did not help'}", markup=False)

    def action_question(self) -> None:
        """Goes to the question."""
        self.remove_class("-silent")
        self._terms.focus_question()

    def action_across(self) -> None:
        """From the report to the answer, and back."""
        if self._given.has_focus_within:
            self._answer.focus_cases()
        else:
            self._given.input.focus_input()

    @property
    def _given(self) -> Given:
        return self.query_one(Given)

    @property
    def _answer(self) -> Answer:
        return self.query_one(Answer)

    @property
    def _terms(self) -> Terms:
        return self.query_one(Terms)
