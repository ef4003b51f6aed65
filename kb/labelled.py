"""Labelled failures: the incidents of the knowledge base, and rows of a label file that somebody else published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from .load import KnowledgeBase
from .rows import Fault, read_rows
from .taxonomy import load_taxonomy
from .vocabulary import load_vocabulary

_RENAMED = Path(__file__).with_name("repositories.toml")
_ISSUE = re.compile(r"https?://github\.com/([\w.-]+/[\w.-]+)/(?:issues|pull|discussions)/(\d+)", re.I)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One reported failure with its labels."""

    url: str
    symptom: str
    root_cause: str
    stage: str | None
    series: str | None = None
    """The model family, where known."""
    case: str | None = None
    """The case that the failure stands in, where it is an incident of ours."""

    @property
    def key(self) -> str:
        """What makes two addresses the same thread, whatever the repository is called today."""
        return thread_key(self.url)


@cache
def _renamed() -> dict[str, str]:
    names = tomli.loads(_RENAMED.read_text(encoding="utf-8"))["renamed"]
    return {old.lower(): new.lower() for old, new in names.items()}


def thread_key(url: str) -> str:
    """An address with the present name of its repository: a renamed repository keeps its issue numbers."""
    issue = _ISSUE.match(url)
    if not issue:
        return url.rstrip("/").lower()
    repository = issue[1].lower()
    return f"{_renamed().get(repository, repository)}#{issue[2]}"


def incidents(base: KnowledgeBase) -> list[Labelled]:
    """Every incident of every case, with its own labels where they differ from the case's."""
    return [
        Labelled(
            url=incident.url,
            symptom=incident.symptom or case.symptom,
            root_cause=incident.root_cause or case.root_cause,
            stage=incident.stage or (case.stage[0] if len(case.stage) == 1 else None),
            series=series_of(incident.model),
            case=case.id,
        )
        for case in base.cases.values()
        for incident in case.incidents
    ]


def series_of(model: str | None) -> str | None:
    """The family of a model's name: "Qwen2.5-7B-Instruct" -> "qwen"."""
    found = [
        (place, -len(spelling), family)
        for family, spellings in load_vocabulary().model.items()
        for spelling in spellings
        if (place := (model or "").lower().find(spelling)) >= 0
    ]
    return min(found)[2] if found else None


def read_labels(path: Path) -> list[Labelled]:
    """The rows of a label file: JSON lines with url, symptom, root_cause, stage and, if they like, series.

    Raises:
        InputError: the file cannot be read, or a line is no such row; every faulty line is named.
    """
    return read_rows(
        path,
        _row,
        wanted="name a JSON-lines file of labels",
        not_one="is no label file",
        each='each line is {"url", "symptom", "root_cause", "stage"}, with labels as `firstaid kb labels` lists them',
    )


def _row(data: Any, fault: Fault) -> Labelled | None:
    series = re.sub(r"[^\w.-]+", " ", str(data["series"])).strip().lower() if data.get("series") else None
    row = Labelled(data["url"], data["symptom"], _spelled(data["root_cause"]), data["stage"], series)
    taxonomy = load_taxonomy()
    unknown = [
        label
        for label, known in ((row.symptom, taxonomy.symptom), (row.root_cause, taxonomy.root_cause))
        if label not in known
    ]
    for label in unknown:
        fault(f'"{label}" is no label')
    return None if unknown else row


def _spelled(cause: str) -> str:
    """One published row spells a label in another way."""
    return cause.replace("- Architecture Compatibility", "- System Architecture Compatibility")


def by_thread(rows: Iterable[Labelled]) -> dict[str, list[Labelled]]:
    """The rows of each thread: a thread may stand in several cases, or twice in a label file."""
    found: dict[str, list[Labelled]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return found
