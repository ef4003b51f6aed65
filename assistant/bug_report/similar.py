"""The known failures that are nearest, so that a maintainer sees what this looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..diagnosis import Diagnosis, FoundCase
from ..render.words import others
from .markdown import code, plain
from .template import Template

_WHY, _SOURCES = 4, 3
"""Reasons and threads of a case that are told."""
_ALL = 10_000
"""Characters of all cases together."""
_THREAD = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)/(?:issues|pull|discussions)/\d+")


def similar(diagnosis: Diagnosis, template: Template, words: Mapping[str, str]) -> list[str]:
    """The cases found with what speaks for them and their threads; that nothing fits where nothing does."""
    if diagnosis.verdict == "none" or not diagnosis.cases:
        return [words["none"]]
    lines = [words[diagnosis.verdict], ""]
    cases = [diagnosis.cases[0], *others(diagnosis)]
    room = _ALL
    for number, case in enumerate(cases):
        told = list(_case(case, template, words))
        room -= sum(map(len, told))
        if room < 0:
            return [*lines, f"- {words['more'].format(count=len(cases) - number)}"]
        lines += told
    return lines


def _case(case: FoundCase, template: Template, words: Mapping[str, str]) -> Iterator[str]:
    yield f"- {plain(case.title)} ({case.score:.0%}, {code(case.id)})"
    yield from (f"  - {words['why']}: {code(reason)}" for reason in case.why[:_WHY])
    ours = {repo.lower() for repo in (template.repo, *template.formerly) if repo}
    threads = sorted(case.sources, key=lambda source: not _is_of(source, ours))[:_SOURCES]
    if threads:
        yield f"  - {words['see']}: " + ", ".join(_link(source, ours) for source in threads)


def _link(source: str, ours: set[str]) -> str:
    """A thread of this tracker as a link. Others would be told of a report that is not for them."""
    return source if _is_of(source, ours) else code(source)


def _is_of(source: str, repos: set[str]) -> bool:
    thread = _THREAD.fullmatch(source)
    return thread is not None and thread[1].lower() in repos
