"""A bug report in Markdown for the tracker of whatever broke, from an answer."""

from __future__ import annotations

from collections.abc import Sequence

from ..bug_report import Material, bug_report, template_told
from ..diagnosis import Diagnosis
from ..machine.fact import FactGroup
from ..report import Report


def to_issue(report: Report, diagnosis: Diagnosis, facts: Sequence[FactGroup] = ()) -> str:
    """The error without secrets, versions, facts and the known failures like it, as its tracker asks."""
    return bug_report(Material(report, diagnosis, facts), template_told(report))
