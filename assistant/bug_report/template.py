"""How each tracker wants a bug report (`templates.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tomli

GENERAL = "general"
"""The template of a report for no tracker in particular."""
_FILE = Path(__file__).with_name("templates.toml")


@dataclass(frozen=True, slots=True)
class Section:
    """One field of a form: its heading as upstream prints it, and what stands under it."""

    heading: str
    parts: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()
    ask: str = ""
    """What only the user can write."""
    otherwise: str = ""
    """What the user must write where nothing is known for the parts."""


@dataclass(frozen=True, slots=True)
class Template:
    """The form of a tracker; without a repository that of none."""

    name: str
    sections: tuple[Section, ...]
    repo: str | None = None
    page: str | None = None
    """Where a new issue is opened."""
    title: str = ""
    """What the titles there begin with."""
    package: str | None = None
    """The package or program whose version is asked for first."""
    versions: tuple[str, ...] = ()
    """The packages asked for beside it."""
    stack: tuple[str, ...] = ()
    """The programs and libraries whose errors belong here."""
    yields_to: tuple[str, ...] = ()
    """The templates to be taken instead where a report names them too."""
    formerly: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)


@cache
def load_templates() -> tuple[Template, ...]:
    """All that are shipped, the general one first."""
    tables = tomli.loads(_FILE.read_text(encoding="utf-8"))["template"]
    general = _sections(tables[0]["section"])
    return tuple(_template(table, general) for table in tables)


def _template(table: Mapping[str, Any], general: tuple[Section, ...]) -> Template:
    sections = _sections(table["section"]) if "section" in table else general
    return Template(**{**_frozen(table), "sections": sections})


def _sections(tables: list[Mapping[str, Any]]) -> tuple[Section, ...]:
    return tuple(Section(**_frozen(table)) for table in tables)


def _frozen(table: Mapping[str, Any]) -> dict[str, Any]:
    listed = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    return {key: value for key, value in listed.items() if key != "section"}
