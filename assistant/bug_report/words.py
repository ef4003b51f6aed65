"""Our own words in a bug report (`words.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import tomli

from .template import Template

_FILE = Path(__file__).with_name("words.toml")


@cache
def words_in(language: str) -> Mapping[str, str]:
    """The words of a language, by what they stand for."""
    return tomli.loads(_FILE.read_text(encoding="utf-8"))[language]


def language_of(template: Template, language: str) -> str:
    """The language to write in: that of the report where the tracker speaks it, else the tracker's."""
    return language if language in template.languages else template.languages[0]
