"""Labelled reports: what somebody pasted, and what a right answer says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...kb.case import Case
from ...kb.rows import Fault, read_rows

_KEYS = {"id", "report", "in_scope", "cases", "fix_any", "symptom", "root_cause", "root_cause_ok", "stage"}
_LONGEST_GROUP = 40
"""A text field that is longer is no name of a group."""


@dataclass(frozen=True, slots=True)
class LabelledReport:
    """One report and what is known of it; what is not known is not measured."""

    id: str
    report: str
    in_scope: bool = True
    """False: it is no failure of this field, and the right answer is that nothing is known."""
    cases: tuple[str, ...] = ()
    """Ids of the cases that answer it rightly."""
    fix_any: tuple[str, ...] = ()
    """Regular expressions; a case whose title or fix steps match one states the right fix."""
    symptom: str | None = None
    root_cause: str | None = None
    root_cause_ok: tuple[str, ...] = ()
    """Further root causes that count as right at the top level."""
    stage: str | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    """Whatever else the file says in a word: "lang", "kind", "slice"."""

    @property
    def has_fix(self) -> bool:
        """Whether it is known what a right case is."""
        return bool(self.cases or self.fix_any)


def states_fix(case: Case, report: LabelledReport) -> bool:
    """Whether a case answers a report rightly: it is named there, or its own words state the fix."""
    if case.id in report.cases:
        return True
    return fix_in("\n".join([case.title, *(f"{fix.do} {fix.run or ''}" for fix in case.fixes)]), report)


def fix_in(words: str, report: LabelledReport) -> bool:
    """Whether a text states a right fix."""
    return any(re.search(pattern, words, re.IGNORECASE | re.DOTALL) for pattern in report.fix_any)


def read_reports(path: Path) -> list[LabelledReport]:
    """The reports of a JSON-lines file.

    Raises:
        InputError: the file cannot be read, or a line is no labelled report; every faulty line is named.
    """
    return read_rows(
        path,
        _row,
        wanted="name a JSON-lines file of labelled reports",
        not_one="holds no labelled reports",
        each='each line is {"id", "report"} with what is known of: "cases" (ids) or "fix_any" (patterns), "symptom", '
        '"root_cause", "stage", "in_scope"',
    )


def _row(data: Mapping[str, Any], _fault: Fault) -> LabelledReport:
    fix_any = _texts(data, "fix_any")
    for pattern in fix_any:
        _compiled(pattern)
    return LabelledReport(
        id=str(data["id"]),
        report=_text(data["report"], "report"),
        in_scope=bool(data.get("in_scope", True)),
        cases=_texts(data, "cases"),
        fix_any=fix_any,
        symptom=_known(data, "symptom"),
        root_cause=_known(data, "root_cause"),
        root_cause_ok=_texts(data, "root_cause_ok"),
        stage=_known(data, "stage"),
        groups={name: value for name, value in data.items() if name not in _KEYS and _is_group(value)},
    )


def _compiled(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None


def _is_group(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_GROUP


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def _known(data: Mapping[str, Any], name: str) -> str | None:
    return _text(data[name], name) if data.get(name) else None


def _texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = data.get(name) or []
    if not isinstance(values, list):
        raise TypeError(f"{name} is no list")
    return tuple(_text(one, name) for one in values)
