"""The closed lists of labels: symptoms, root causes and stages, each with its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

_FILE = Path(__file__).with_name("taxonomy.toml")


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Label -> one line of meaning. Labels read "top - middle - leaf"."""

    symptom: Mapping[str, str]
    root_cause: Mapping[str, str]
    stage: Mapping[str, str]


@cache
def load_taxonomy() -> Taxonomy:
    """The taxonomy shipped with the package."""
    data = tomli.loads(_FILE.read_text(encoding="utf-8"))
    return Taxonomy(symptom=data["symptom"], root_cause=data["root_cause"], stage=data["stage"])


def top_level(label: str) -> str:
    """The most general part of a label: "Crash - CUDA Error - Out of Memory" -> "Crash"."""
    return label.split(" - ", 1)[0]


def within(label: str, branch: str) -> bool:
    """Whether a label is `branch` or beneath it; an empty branch is the whole tree."""
    return not branch or label == branch or label.startswith(f"{branch} - ")
