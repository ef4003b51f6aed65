"""Finds and reads the case files: those shipped with the package and the user's own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomli

from .case import Case
from .parse import parse_case
from .reader import Problem

SHIPPED = Path(__file__).with_name("cases")
_RETIRED = Path(__file__).with_name("retired.toml")


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file as it lies on disk, not parsed yet."""

    id: str
    path: Path
    source: bytes
    shipped: bool

    @property
    def area(self) -> str:
        """The folder the file stands in."""
        return self.path.parent.name


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """All usable cases by id, with the faults of the files that had to be left out."""

    cases: Mapping[str, Case]
    files: Mapping[str, CaseFile]
    problems: tuple[Problem, ...]
    retired: Mapping[str, str]
    """Old id -> the id that took its place."""

    def get(self, case_id: str) -> Case | None:
        """The case of this id, also when the id was given up for another one."""
        return self.cases.get(case_id) or self.cases.get(self.retired.get(case_id, case_id))


def scan(user_dir: Path | None = None, shipped_dir: Path = SHIPPED) -> tuple[list[CaseFile], list[Problem]]:
    """Every case file, by id: the user's own take the place of shipped ones of the same name.

    Two files of one id within the same root are a fault: the first by path is kept.
    """
    problems: list[Problem] = []
    found: dict[str, CaseFile] = {}
    for root, shipped in ((shipped_dir, True), (user_dir, False)):
        found.update(_scan_root(root, shipped, problems) if root else {})
    return [found[case_id] for case_id in sorted(found)], problems


def _scan_root(root: Path, shipped: bool, problems: list[Problem]) -> dict[str, CaseFile]:
    found: dict[str, CaseFile] = {}
    for path in sorted(root.rglob("*.toml")):
        first = found.get(path.stem)
        if first:
            fault = f'"{path.stem}" is also the id of {shown(first.path)}'
            problems.append(Problem(shown(path), "id", fault, "rename one file; ids are unique"))
            continue
        try:
            found[path.stem] = CaseFile(path.stem, path, path.read_bytes(), shipped)
        except OSError as error:
            problems.append(Problem(shown(path), "file", f"cannot be read: {error.strerror}", "mend its permissions"))
    return found


def content_key(files: Sequence[CaseFile]) -> str:
    """A hash that changes whenever a case is added, removed or edited (64 hex digits)."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.id.encode())
        total.update(hashlib.sha256(file.source).digest())
    return total.hexdigest()


def load(user_dir: Path | None = None, shipped_dir: Path = SHIPPED) -> KnowledgeBase:
    """Every usable case; a faulty file is named among the problems and left out."""
    files, problems = scan(user_dir, shipped_dir)
    return parse_files(files, problems)


def parse_files(
    files: Sequence[CaseFile], problems: Sequence[Problem] = (), retired: Mapping[str, str] | None = None
) -> KnowledgeBase:
    """The cases written in `files`, with `problems` that finding them met."""
    cases: dict[str, Case] = {}
    found = list(problems)
    for file in files:
        case, faults = parse_case(file.id, file.source, shown(file.path))
        found += faults
        if case:
            cases[file.id] = case
    by_id = {file.id: file for file in files}
    return KnowledgeBase(cases, by_id, tuple(found), load_retired() if retired is None else retired)


def load_retired(path: Path = _RETIRED) -> dict[str, str]:
    """The ids that were given up, each with the id that took its place."""
    return tomli.loads(path.read_text(encoding="utf-8"))["retired"]


def shown(path: Path) -> str:
    """A path as people read it: from the working directory where it lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
