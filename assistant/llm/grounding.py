"""Whether what the model says stands in what it was given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

# ASCII: a Chinese letter beside a name is not part of it.
_ADDRESS = re.compile(
    r"(?:https?://(?!localhost|127\.|0\.0\.0\.0)|www\.)[!-~]+|\b[\w.-]+@[\w-]+\.[\w.]+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|ai|dev|sh|ru|cn)\b",
    re.ASCII,
)
_QUOTED = re.compile(r"`([^`]+)`")
_COMMAND = re.compile(
    r"\b(?:sudo|curl|wget|bash|sh|rm|chmod|chown|dd|mkfs|eval|exec|nc|ssh|scp|powershell|iex|docker|podman|apt|apt-get|yum"
    r"|dnf|brew|conda|mamba|npm|git|kill|pkill|export)\s+[-\w./]+"
    r"|\b(?:pip3?|uv pip|conda|apt|apt-get|brew|npm) (?:install|uninstall|remove)(?:\s+-\S+)*\s+\S+",
    re.ASCII,
)
_FLAG = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]+", re.ASCII)
_NAME = re.compile(
    r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|\b\w+(?:[_]\w+)+\b|\b[a-zA-Z]\w*(?:\.[a-zA-Z_]\w*)+\b|\b[a-z]+[A-Z]\w+\b"
    r"|\b[A-Z][a-z]+[A-Z]\w*\b|[\w.-]+[=<>~!]=[\w.]+",
    re.ASCII,
)
_VERSION = re.compile(r"(?<![\w.])v?\d+(?:\.\d+)+(?:[-.+]?\w+)*", re.ASCII)
_NUMBER = re.compile(r"(?<![\w.])\d{2,}(?![\w.]*\d)", re.ASCII)
_WORD = re.compile(r"[A-Za-z]{4,}|[\u4e00-\u9fff]{2}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_TRIM = ".,;:!?\"'()[]。，；：！？、`"


@dataclass(frozen=True, slots=True)
class Sources:
    """What may be said: texts of the cases, and of the report."""

    cases: str
    report: str
    tainted: frozenset[str] = frozenset()
    """Words that the report has only where it gives orders."""

    @classmethod
    def of(cls, cases: str, report: str, orders: Sequence[str] = ()) -> Sources:
        """As texts that are easily compared."""
        plain = cls(_plain(cases), _plain(report))
        tainted = {word for order in orders for word in _words(order)} - _words(plain.cases) - _words(plain.report)
        return replace(plain, tainted=frozenset(tainted))


def unsupported(text: str, sources: Sources) -> list[str]:
    """What of a text neither the cases nor the report hold; commands to run and addresses must stand in a case.

    A report may hold anything, and an order in it is no advice.
    """
    both = f"{sources.cases}\n{sources.report}"
    ordered = [claim for claim in _orders(text) if _plain(claim) not in sources.cases]
    named = [claim for claim in (*_quoted(text), *_names(text)) if _plain(claim) not in both]
    return list(dict.fromkeys([*ordered, *named, *(_words(text) & sources.tainted)]))


def echoes(text: str, source: str) -> bool:
    """Whether a text says what its source says: it names something that the source names, or shares half its words."""
    named = {_plain(name) for pattern in (_FLAG, _NAME, _VERSION) for name in _found(pattern, source)}
    if any(name in _plain(text) for name in named):
        return True
    words = _words(text)
    return 2 * len(words & _words(source)) >= max(len(words), 1)


def is_chinese(text: str) -> bool:
    """Whether there is any Chinese in a text."""
    return bool(_HAN.search(text))


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def _orders(text: str) -> Iterator[str]:
    yield from (found[0].rstrip(_TRIM) for pattern in (_ADDRESS, _COMMAND) for found in pattern.finditer(text))


def _quoted(text: str) -> Iterator[str]:
    yield from (found[1].strip() for found in _QUOTED.finditer(text) if " " in found[1].strip())


def _names(text: str) -> Iterator[str]:
    patterns = (_FLAG, _NAME, _VERSION, _NUMBER)
    yield from (name for pattern in patterns for name in _found(pattern, text))


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    yield from (found[0].strip(_TRIM) for found in pattern.finditer(text))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("`", "").lower()).strip()
