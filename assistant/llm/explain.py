"""A diagnosis in the user's terms: asked of the model, checked part by part, and shown while it comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import indent

from ..diagnosis import Answer, Diagnosis, FoundCase, Step
from ..render.words import condition
from ..report import Report
from ..safe import one_line, printable
from .grounding import Sources, echoes, is_chinese, unsupported
from .prompt import Told, grammar, tell
from .reply import Advice, Picked, Reply, Sentence
from .seam import LanguageModel

_LIMIT = 220
"""Tokens of an answer."""
_MOST = 6
"""Fixes in all; few cases have more, and those are shown beside."""
_OTHERWISE = {"en": "Otherwise:", "zh": "否则："}


@dataclass
class Explained:
    """What came of it so far: iterate over `explain` first."""

    parts: list[str] = field(default_factory=list)
    cites: list[str] = field(default_factory=list)
    dropped: int = 0
    none: bool = False
    """The model does not think that a case fits."""

    def answer(self, model: str) -> Answer | None:
        """The answer as the JSON has it; None where nothing was left."""
        text = "".join(self.parts).strip()
        return Answer(text, model, self.cites, grounded=not self.dropped) if text else None


def explain(
    report: Report, diagnosis: Diagnosis, model: LanguageModel, into: Explained, question: str = ""
) -> Iterator[str]:
    """The answer in pieces to show at once, gathered in `into`; nothing where no case was found.

    With a question it is that which is answered, from the same lines and cases.

    What the model says is held against the cases and the report: a sentence that names a command, package, version or
    setting that stands in neither is left out, and the answer says so.

    Raises:
        ModelError: the model cannot be loaded, or broke down.
    """
    if not diagnosis.cases:
        return
    told = tell(report, diagnosis, question)
    for piece in _checked(told, model, into):
        into.parts.append(piece)
        yield piece


def _checked(told: Told, model: LanguageModel, into: Explained) -> Iterator[str]:
    sources = Sources.of(_all_of(told), told.prompt.data, told.orders)
    reply, used, picked = Reply(), list[int](), ""
    for piece in model.generate(told.prompt, grammar(told), _LIMIT):
        for part in reply.feed(piece):
            match part:
                case Picked(letter):
                    picked = letter
                    into.none = letter == "none"
                case Sentence(text):
                    yield from _said(text, sources, into)
                case Advice() if part.fix in told.fixes and part.fix not in used:
                    used.append(part.fix)
                    yield _step(len(used), part, told, sources, into)
                case _:  # a fix that was not given or is shown already
                    pass
    yield from _otherwise(told, picked, used, into)
    if into.dropped:
        yield f"\n({into.dropped} of the model's sentences left out: neither a case nor the report bears them out.)\n"


def _said(text: str, sources: Sources, into: Explained) -> Iterator[str]:
    if unsupported(text, sources):
        into.dropped += 1
    else:
        yield f"{one_line(printable(text))} "


def _step(number: int, advice: Advice, told: Told, sources: Sources, into: Explained) -> str:
    """A step in the model's words if they are borne out and say what the step says, else in the case's own."""
    case, step = told.fixes[advice.fix]
    text = advice.text
    if unsupported(text, sources):
        into.dropped += 1
        text = step.do
    elif not _advises(text, step):
        text = step.do
    elif is_chinese(text) and not is_chinese(step.do):
        text = f"{text}（{step.do}）"  # a small model's translation stands beside what was reviewed
    line = f" (line {advice.line})" if advice.line in told.lines else ""
    return ("\n\n" if number == 1 else "") + _numbered(number, text + line, case, step, into)


def _advises(text: str, step: Step) -> bool:
    """Whether it is a whole sentence that says what the step says, not a torso or a line of the report."""
    whole = not (text[:1].islower() or text[:1].isdigit() or text.endswith("..."))
    return whole and echoes(text, f"{step.do} {step.run or ''}")


def _otherwise(told: Told, letter: str, used: Sequence[int], into: Explained) -> Iterator[str]:
    """The other fixes of the case, which the model did not choose, or was not told of: it may be wrong in that."""
    case = told.cases.get(letter)
    chosen = [told.fixes[number][1] for number in used if number in told.fixes]
    left = [fix for fix in case.fix if fix not in chosen][: _MOST - len(used)] if case else []
    if case and left:
        yield f"\n{_OTHERWISE[told.language]}\n" if used else "\n\n"
        for number, step in enumerate(left, start=len(used) + 1):
            yield _numbered(number, step.do + condition(step), case, step, into)


def _numbered(number: int, text: str, case: FoundCase, step: Step, into: Explained) -> str:
    if case.id not in into.cites:
        into.cites.append(case.id)
    command = f"{indent(step.run.strip(), '   ')}\n" if step.run else ""
    return f"{number}. {one_line(printable(text))} [{case.id}]\n{command}"


def _all_of(told: Told) -> str:
    return "\n".join(text for case in told.cases.values() for text in _texts(case))


def _texts(case: FoundCase) -> Iterator[str]:
    yield from (case.title, case.cause, *case.do_not, *case.why)
    yield from (text for step in case.fix for text in _step_texts(step))


def _step_texts(step: Step) -> Iterator[str]:
    yield from (text for text in (step.do, step.run, step.verify, step.expect, step.when) if text)
