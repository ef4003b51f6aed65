"""A bug report in Markdown for the tracker of whatever broke, from an answer alone."""

from __future__ import annotations

from ..bug_report import Material, bug_report, template_named
from ..bug_report.template import GENERAL
from ..diagnosis import Diagnosis
from ..report import Report


def to_issue(report: Report, diagnosis: Diagnosis) -> str:
    """The report's decisive lines without secrets, its versions, and the known failures like it, in a general order."""
    return bug_report(Material(report, diagnosis), template_named(GENERAL, report.language))
