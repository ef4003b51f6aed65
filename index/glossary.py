"""Chinese in the English words of this field, so that an encoder of English reads both."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import tomli

_FILE = Path(__file__).with_name("glossary.toml")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")


def in_english(text: str) -> str:
    """A text with its Chinese replaced by the English words of the glossary; what is not in it is left out."""
    return _CHINESE.sub(lambda run: f" {_gloss(run[0])} ", text) if _CHINESE.search(text) else text


def english_of(text: str) -> str:
    """The English words of the Chinese in a text alone."""
    return " ".join(_gloss(run) for run in _CHINESE.findall(text))


@lru_cache(maxsize=4096)
def _gloss(run: str) -> str:
    words, pattern = _glossary()
    return " ".join(words[found] for found in pattern.findall(run))


@cache
def _glossary() -> tuple[dict[str, str], re.Pattern[str]]:
    tables = tomli.loads(_FILE.read_text(encoding="utf-8"))
    words = {chinese: english for table in tables.values() for chinese, english in table.items()}
    # An alternation takes its first fitting branch: the longest entry has to stand first.
    return words, re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
