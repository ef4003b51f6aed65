"""All cases, and those of them that words and labels fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ...kb import Case, KnowledgeBase, load_taxonomy
from ...kb.taxonomy import within
from .labels import branches, in_order


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; what is empty is any."""

    words: str = ""
    """All of them must occur, in any case and order."""
    symptom: str = ""
    """Or a label above it, which fits everything beneath; so for the root cause."""
    root_cause: str = ""
    stack: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to filter by, and how many cases that leaves."""

    label: str
    cases: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """A case with what is looked at to filter it."""

    case: Case
    name: str
    text: str
    labels: frozenset[tuple[str, str]]
    """Symptom and root cause of the case and of each of its incidents."""

    def holds(self, words: list[str]) -> bool:
        return all(word in self.text for word in words)

    def labelled(self, wanted: Filters) -> bool:
        return any(within(symptom, wanted.symptom) and within(cause, wanted.root_cause)
                   for symptom, cause in self.labels)  # fmt: skip

    def used_in(self, wanted: Filters) -> bool:
        case = self.case
        return (not wanted.stack or wanted.stack in case.stack) and (not wanted.stage or wanted.stage in case.stage)


class Catalogue:
    """The cases of a knowledge base as one leafs through them."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._entries = [_entry(case) for case in base.cases.values()]

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def left_out(self) -> int:
        """How many case files are faulty and therefore not in here."""
        return len({problem.file for problem in self._base.problems})

    def get(self, case_id: str) -> Case | None:
        """The case of this id, also when the id was given up for another one."""
        return self._base.get(case_id)

    def fitting(self, wanted: Filters) -> list[Case]:
        """The cases that fit everything wanted; those with all words in title or id stand first."""
        words = wanted.words.casefold().split()
        found = [e for e in self._entries if e.used_in(wanted) and e.holds(words) and e.labelled(wanted)]
        if words:
            found.sort(key=lambda entry: not all(word in entry.name for word in words))
        return [entry.case for entry in found]

    @property
    def symptoms(self) -> list[Choice]:
        """Those that occur and the labels above them, as a tree."""
        return self._tree(lambda entry: (symptom for symptom, _ in entry.labels))

    @property
    def root_causes(self) -> list[Choice]:
        """Those that occur and the labels above them, as a tree."""
        return self._tree(lambda entry: (cause for _, cause in entry.labels))

    @property
    def stacks(self) -> list[Choice]:
        """Programs and libraries, the most frequent first."""
        return [Choice(*found) for found in Counter(name for e in self._entries for name in e.case.stack).most_common()]

    @property
    def stages(self) -> list[Choice]:
        """Those that occur, in the order of the taxonomy."""
        found = Counter(stage for entry in self._entries for stage in entry.case.stage)
        return [Choice(stage, found[stage]) for stage in load_taxonomy().stage if found[stage]]

    def _tree(self, labels: Callable[[_Entry], Iterable[str]]) -> list[Choice]:
        found = Counter(branch for entry in self._entries for branch in set(_all_branches(labels(entry))))
        return [Choice(label, found[label]) for label in sorted(found, key=in_order)]


def _all_branches(labels: Iterable[str]) -> Iterator[str]:
    for label in labels:
        yield from branches(label)


def _entry(case: Case) -> _Entry:
    labels = {(case.symptom, case.root_cause)}
    labels |= {(one.symptom or case.symptom, one.root_cause or case.root_cause) for one in case.incidents}
    name = f"{case.id}\n{case.title}".casefold()
    rest = "\n".join((*(part for pair in labels for part in pair), *case.stage, *case.stack, *case.asks))
    return _Entry(case, name, f"{name}\n{rest.casefold()}", frozenset(labels))
