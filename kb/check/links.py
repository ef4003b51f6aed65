"""Ids that point to one another: look-alikes and retired ids."""

from __future__ import annotations

from collections.abc import Iterator

from ..load import KnowledgeBase, shown
from ..reader import Problem, closest

_RETIRED = "kb/retired.toml"


def check_links(base: KnowledgeBase) -> Iterator[Problem]:
    """Ids that lead nowhere, or that stand twice."""
    yield from _see_also(base)
    yield from _retired(base)


def _see_also(base: KnowledgeBase) -> Iterator[Problem]:
    for case in base.cases.values():
        for other in case.see_also:
            if other.id == case.id:
                yield Problem(_file(base, case.id), "see_also", "names the case itself", "name the look-alike")
            elif other.id not in base.files and other.id not in base.retired:
                yield Problem(_file(base, case.id), "see_also", f'no case "{other.id}"', closest(other.id, base.cases))


def _retired(base: KnowledgeBase) -> Iterator[Problem]:
    for old, new in base.retired.items():
        if new not in base.files:
            yield Problem(_RETIRED, old, f'leads to "{new}", which is no case', closest(new, base.cases))
        if old in base.files:
            yield Problem(_RETIRED, old, "is retired and yet a case", "give the new case another id; ids are for ever")


def _file(base: KnowledgeBase, case_id: str) -> str:
    return shown(base.files[case_id].path)
