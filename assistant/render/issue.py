"""A bug report in Markdown for the tracker of whatever broke: what was seen, with what, and what firstaid says."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnosis import Diagnosis
from ..redact import redacted
from ..report import Report
from ..safe import one_line, printable
from .markdown import to_markdown

_BEFORE, _AFTER, _MOST = 10, 5, 60
"""Lines shown before and after the error, and at most in all."""


def to_issue(report: Report, diagnosis: Diagnosis) -> str:
    """The report's decisive lines without secrets, its versions, and the diagnosis."""
    return redacted("\n".join(_lines(report, diagnosis))).rstrip() + "\n"


def _lines(report: Report, diagnosis: Diagnosis) -> Iterator[str]:
    facts = diagnosis.report
    yield "## What happens"
    yield ""
    if report.words.strip() and report.initiating:
        yield from (one_line(report.words), "")
    yield from ("```text", *_decisive(report), "```", "", "## Environment", "")
    versions = [f"{name} {version}" for name, version in facts.versions.items()]
    known = [f"- {one_line(text)}" for text in (*versions, *facts.gpus, *facts.models)]
    yield from known or ["- not told in the report"]
    yield ""
    yield to_markdown(diagnosis).replace("\n## ", "\n### ").replace("## ", "## What firstaid says: ", 1)


def _decisive(report: Report) -> list[str]:
    error = report.initiating
    lines = [line for line in report.lines if line.text.strip()]
    if error:
        lines = [line for line in lines if error.first - _BEFORE <= line.number <= error.last + _AFTER]
    # What stands last in an error says most.
    return [printable(line.text).replace("```", "'''") for line in lines[-_MOST:]]
