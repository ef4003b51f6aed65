"""The lines of a report that a maintainer needs, in as many characters as there is room for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from ..report import Line, Report

_BEFORE, _AFTER, _LAST = 10, 5, 60
"""Lines shown before and after the error, and of a report without any."""
_LONG, PROSE = 2_000, 4_000
"""Characters that are kept of a line, and of the user's words."""


def decisive(report: Report) -> list[str]:
    """The whole traceback of the initiating error, with those it is chained to, and the log around it.

    The user's own words are left out, which stand elsewhere.
    """
    lines = [line for line in report.lines if line.text.strip()]
    if report.initiating is None:
        return [line.text for line in lines[-_LAST:]]
    first, last = _traceback(lines, report)
    words = own_words(report)
    told = set(words) if sum(map(len, words)) <= PROSE else ()  # more of them may be log, and are cut
    near = [line for line in lines if first - _BEFORE <= line.number <= last + _AFTER]
    return [line.text for line in near if first <= line.number <= last or line.text.strip() not in told]


def own_words(report: Report) -> list[str]:
    """The lines that the user wrote."""
    words = report.words.strip().splitlines()
    if report.initiating:
        first, last = _traceback(report.lines, report)
        failed = {line.text.strip() for line in report.lines if first <= line.number <= last}
        words = [line for line in words if line.strip() not in failed]
    return [line.strip() for line in words]


def _traceback(lines: Sequence[Line], report: Report) -> tuple[int, int]:
    """The numbers of its first and last line. Of one with many lines only the end was read as such."""
    error = report.initiating
    assert error
    chain = [other for other in report.findings if other.chain and other.chain == error.chain] or [error]
    begins = min(one.first for one in chain)
    at = min(bisect_left(lines, begins, key=lambda line: line.number), len(lines) - 1)
    while at and lines[at].text.startswith(" "):
        at -= 1
    return lines[at].number, max(one.last for one in chain)


def fitted(lines: Iterable[str], room: int, words: Mapping[str, str]) -> list[str]:
    """The lines in `room` characters: what does not fit is left out of the middle, and said."""
    lines = [_shortened(line, words) for line in lines]
    if sum(len(line) + 1 for line in lines) <= room:
        return lines
    head = _prefix(lines, room // 3)
    tail = _prefix(lines[: len(head) - 1 : -1] if head else lines[::-1], room - room // 3)[::-1]
    count = len(lines) - len(head) - len(tail)
    return [*head, words["left_out"].format(count=count), *tail]


def _prefix(lines: list[str], room: int) -> list[str]:
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return kept


def _shortened(line: str, words: Mapping[str, str]) -> str:
    if len(line) <= _LONG:
        return line
    return line[: _LONG // 2] + words["shortened"].format(count=len(line) - _LONG) + line[-_LONG // 2 :]
