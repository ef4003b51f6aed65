"""The answer as HTML for a notebook: no colours of its own, so that it reads in light and dark, and no script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from ..diagnosis import Diagnosis, FoundCase, Step
from ..safe import one_line, printable
from .words import OTHERS, arrows, condition, headline, looked_at, others, sureness

_FRAME = (
    # Notebooks read $ as mathematics, but not where these classes stand.
    '<div class="firstaid tex2jax_ignore mathjax_ignore" style="border-left: 4px solid; padding-left: 1em">'
)


def to_html(diagnosis: Diagnosis) -> str:
    """The diagnosis as a piece of HTML. All of a report, a case or a model in it is text, but links to web pages."""
    return "\n".join((_FRAME, *_diagnosis(diagnosis), "</div>")) + "\n"


def _diagnosis(diagnosis: Diagnosis) -> Iterator[str]:
    if diagnosis.verdict == "none" or not diagnosis.cases:
        yield f"<p><strong>{headline(diagnosis)}</strong>: nothing in the knowledge base fits this report.</p>"
    else:
        case = diagnosis.cases[0]
        yield f"<p><strong>{headline(diagnosis)}: {_text(case.title)}</strong></p>"
        yield from _labels(diagnosis, case)
        yield from _case(case)
    yield from _list("To be surer", map(_text, diagnosis.next))
    named = (f"{case.score:.0%} <code>{_text(case.id)}</code>: {_text(case.title)}" for case in others(diagnosis))
    yield from _list(OTHERS[diagnosis.verdict], named, folded=True)
    if diagnosis.answer:
        yield f"<p><strong>In your terms</strong></p><p>{_lines(diagnosis.answer.text)}</p>"


def _labels(diagnosis: Diagnosis, case: FoundCase) -> Iterator[str]:
    yield "<ul>"
    yield f"<li>symptom: {_text(arrows(diagnosis.symptom.label))}</li>"
    yield f"<li>root cause: {_text(arrows(diagnosis.root_cause.label))}</li>"
    yield f"<li>how sure: {case.score:.0%}, {sureness(case)} (case <code>{_text(case.id)}</code>)</li>"
    if where := looked_at(diagnosis):
        yield f"<li>looked at: {_text(where)}</li>"
    yield "</ul>"


def _case(case: FoundCase) -> Iterator[str]:
    yield f"<p>{_text(case.cause)}</p>"
    yield "<p><strong>Fix</strong></p>"
    yield "<ol>"
    for step in case.fix:
        yield f"<li>{''.join(_step(step))}</li>"
    yield "</ol>"
    yield from _list("What does not help", map(_text, case.do_not), folded=True)
    yield from _list("Why", map(_text, case.why))
    evidence = (_text(f"{found.status}: {found.check} ({found.detail})") for found in case.evidence)
    yield from _list("Evidence", evidence, folded=True)
    alike = (f"<code>{_text(other['id'])}</code>: {_text(other['tell'])}" for other in case.see_also)
    yield from _list("Looks alike", alike, folded=True)
    yield from _list("Past failures", map(_link, case.sources), folded=True)


def _step(step: Step) -> Iterator[str]:
    yield _text(step.do + condition(step))
    if step.run:
        yield _command(step.run)
    if step.verify:
        yield f"Check:{_command(step.verify)}"
    if step.expect:
        yield f"<div>Expect: {_text(step.expect)}</div>"


def _command(command: str) -> str:
    return f"<pre><code>{escape(printable(command).strip())}</code></pre>"


def _list(heading: str, items: Iterable[str], *, folded: bool = False) -> Iterator[str]:
    """A list of HTML items; a folded one shows its heading alone until it is opened."""
    if rows := "".join(f"<li>{item}</li>" for item in items):
        listed = f"<ul>{rows}</ul>"
        yield (
            f"<details><summary>{heading}</summary>{listed}</details>"
            if folded
            else f"<p><strong>{heading}</strong></p>{listed}"
        )


def _link(address: str) -> str:
    shown = _text(address)
    if not address.startswith(("https://", "http://")):
        return shown
    return f'<a href="{shown}" rel="noopener noreferrer" target="_blank">{shown}</a>'


def _lines(text: str) -> str:
    return escape(printable(text).strip()).replace("\n", "<br>")


def _text(text: str) -> str:
    return escape(one_line(text))
