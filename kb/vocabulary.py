"""The closed lists of names a case may use: programs and libraries, model families, platforms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

_FILE = Path(__file__).with_name("vocabulary.toml")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names with all their spellings, lower-case, the name itself first."""

    stack: Mapping[str, tuple[str, ...]]
    model: Mapping[str, tuple[str, ...]]
    platform: frozenset[str]
    general: frozenset[str]
    """Names of `stack` that say nothing of LLMs: Python, Docker and the like."""
    elsewhere: frozenset[str]
    """Programs of other fields, lower-case: what a report for somebody else names."""
    titles: Mapping[str, str]
    """How a name of `stack` or `model` is written for people."""


@cache
def load_vocabulary() -> Vocabulary:
    """The vocabulary shipped with the package."""
    data = tomli.loads(_FILE.read_text(encoding="utf-8"))
    return Vocabulary(
        stack=_spellings(data["stack"]),
        model=_spellings(data["model"]),
        platform=frozenset(data["platform"]),
        general=frozenset(key for key, entry in data["stack"].items() if entry.get("general")),
        elsewhere=frozenset(name for names in data["elsewhere"].values() for name in names),
        titles={key: entry["name"] for part in ("stack", "model") for key, entry in data[part].items()},
    )


def _spellings(entries: Mapping[str, Mapping[str, list[str]]]) -> dict[str, tuple[str, ...]]:
    return {key: (key, *(other.lower() for other in entry.get("also", []))) for key, entry in entries.items()}
