"""What is asked of shipped cases only: two languages, a source for each claim. One's own may be a quick note."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..case import Case
from ..load import KnowledgeBase, shown
from ..reader import Problem

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def check_shipped(base: KnowledgeBase) -> Iterator[Problem]:
    """Faults that count in the shipped cases only."""
    for case in base.cases.values():
        file = base.files[case.id]
        if file.shipped:
            yield from (Problem(shown(file.path), *fault) for fault in (*_asks(case), *_incidents(case)))


def _asks(case: Case) -> Iterator[tuple[str, str, str]]:
    chinese = sum(bool(_CHINESE.search(ask)) for ask in case.asks)
    english = len(case.asks) - chinese
    if english < 3 or chinese < 2:
        yield "asks", f"{english} English and {chinese} Chinese", "give at least 3 English and 2 Chinese"


def _incidents(case: Case) -> Iterator[tuple[str, str, str]]:
    if not case.incidents:
        yield "incident", "no source", "add the thread or page that establishes the case"
    urls = [incident.url for incident in case.incidents]
    for url in sorted({url for url in urls if urls.count(url) > 1}):
        yield "incident", f"{url} stands twice", "keep one of them"
