"""The answer as Markdown, for an issue, a chat or a job summary. Everything, in the order of the text form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..diagnosis import Diagnosis, FoundCase, Step
from ..safe import one_line, printable
from .words import OTHERS, arrows, condition, headline, looked_at, others, sureness

_FENCES = {"sh": "sh", "powershell": "powershell", "python": "python"}
_IN_STEP = "   "
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def to_markdown(diagnosis: Diagnosis) -> str:
    """The diagnosis as Markdown."""
    return _joined(_diagnosis(diagnosis))


def case_to_markdown(case: FoundCase) -> str:
    """One case as Markdown."""
    return _joined([f"## {plain(case.title)}", "", *_labels(case.symptom, case.root_cause), *_case(case)])


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _diagnosis(diagnosis: Diagnosis) -> Iterator[str]:
    if diagnosis.verdict == "none" or not diagnosis.cases:
        yield f"## {headline(diagnosis)}"
        yield from ("", "Nothing in the knowledge base fits this report.", "")
    else:
        case = diagnosis.cases[0]
        yield f"## {headline(diagnosis)}: {plain(case.title)}"
        yield ""
        yield from _labels(diagnosis.symptom.label, diagnosis.root_cause.label)
        yield f"- how sure: {case.score:.0%}"
        if where := looked_at(diagnosis):
            yield f"- looked at: {plain(where)}"
        yield from _case(case)
    yield from _list("To be surer", diagnosis.next)
    named = (f"{case.score:.0%} {case.id}: {case.title}" for case in others(diagnosis))
    yield from _list(OTHERS[diagnosis.verdict], named)


def _labels(symptom: str | None, cause: str | None) -> Iterator[str]:
    yield f"- symptom: {arrows(symptom)}"
    yield f"- root cause: {arrows(cause)}"


def _case(case: FoundCase) -> Iterator[str]:
    yield f"- case: `{case.id}`, {', '.join(case.stage)}; {sureness(case)}"
    yield from ("", plain(case.cause), "", "### Fix", "")
    for number, step in enumerate(case.fix, start=1):
        yield from _step(number, step)
    yield from _list("What does not help", case.do_not)
    yield from _list("Why", case.why)
    yield from _list("Evidence", (f"{found.status}: {found.check} ({found.detail})" for found in case.evidence))
    yield from _list("Looks alike", (f"{other['id']}: {other['tell']}" for other in case.see_also))
    yield from _list("Past failures", (f"<{one_line(source)}>" for source in case.sources), raw=True)


def _step(number: int, step: Step) -> Iterator[str]:
    yield f"{number}. {plain(step.do + condition(step))}"
    if step.run:
        yield from code(step.run, _FENCES[step.shell], _IN_STEP)
    if step.verify:
        yield "   Check:"
        yield from code(step.verify, "sh", _IN_STEP)
    if step.expect:
        yield f"   Expect: {plain(step.expect)}"
    yield ""


def code(command: str, language: str, indent: str = "") -> Iterator[str]:
    """A command in a fence that nothing in it ends."""
    text = printable(command).strip()
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    yield f"{indent}{fence}{language}"
    yield from (f"{indent}{line}" for line in text.splitlines())
    yield f"{indent}{fence}"


def _list(heading: str, items: Iterable[str], raw: bool = False) -> Iterator[str]:
    lines = [f"- {one_line(item) if raw else plain(item)}" for item in items]
    if lines:
        yield from (f"### {heading}", "", *lines, "")


def plain(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no HTML, no link comes out of a report or a case."""
    return _SPECIAL.sub(r"\\\1", one_line(text))
