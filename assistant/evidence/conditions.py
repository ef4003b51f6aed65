"""Reads the conditions that fixes are tied to, as far as facts can tell whether they hold: "Ampere or newer"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from ...kb import Check
from ...kb.vocabulary import load_vocabulary
from ..diagnosis import Evidence, Status
from .checks import evaluated
from .facts import Facts

_SYSTEMS = {"windows": "windows", "linux": "linux", "macos": "macos", "mac": "macos", "wsl": "wsl", "wsl2": "wsl"}
_PLATFORMS = {
    **_SYSTEMS,
    "docker": "container", "a container": "container", "colab": "colab", "google colab": "colab",
    "amd gpu": "rocm", "an amd gpu": "rocm", "rocm": "rocm", "apple silicon": "mps", "no gpu": "cpu-only",
    "there is no gpu": "cpu-only", "a machine without gpu": "cpu-only",
}  # fmt: skip
_BEFORE = re.compile(r"(?:you (?:are|work|run) |it runs )?(?:on|in|under|with|inside) ", re.IGNORECASE)
_ARCHITECTURES = {
    "volta": ("7.0", "7.5"), "turing": ("7.5", "8.0"), "ampere": ("8.0", "8.9"), "ada": ("8.9", "9.0"),
    "hopper": ("9.0", "10.0"), "blackwell": ("10.0", "13.0"),
}  # fmt: skip
"""Compute capability from which, and up to which (exclusive), a GPU is of one; 11.0 and 12.x are Blackwell too."""
_NUMBER = r"v?(\d+(?:\.\d+)*)"
_DIRECTION = r"(?P<side>or newer|or later|or above|and newer|and later|\+|or older|or earlier|and older|and earlier)"
_OLDER = ("older", "earlier")
_BELOW = re.compile(rf"(?P<name>[A-Za-z][\w.+ -]*?) (?:below|before|older than) {_NUMBER}", re.IGNORECASE)


def condition_of(when: str, facts: Facts) -> Evidence | None:
    """Whether a condition holds, with the sentence; None where it is none that facts can tell of."""
    text = _BEFORE.sub("", when.strip().rstrip("."), count=1) if _BEFORE.match(when) else when.strip().rstrip(".")
    for read in (_platform, _architecture, _version):
        if judge := read(text):
            status, detail = judge(facts)
            return None if status == "unknown" else Evidence(when, status, detail)
    return None


Judge = Callable[[Facts], tuple[Status, str]]


def _platform(text: str) -> Judge | None:
    names = [_PLATFORMS.get(part.lower()) for part in re.split(r",? or |, ", text)]
    wanted = [name for name in names if name]
    if not wanted or len(wanted) < len(names):
        return None
    return lambda facts: _on_platform(frozenset(wanted), facts)


def _on_platform(wanted: frozenset[str], facts: Facts) -> tuple[Status, str]:
    for source in facts.sources:
        found = source.platforms()
        if met := sorted(wanted & found.keys()):
            return "confirmed", found[met[0]]
        others = sorted(found.keys() & set(_SYSTEMS.values()))
        # Of systems a machine has one; that a report shows no container does not say that there is none.
        if others and wanted <= set(_SYSTEMS.values()):
            return "contradicted", found[others[0]]
    return "unknown", ""


def _architecture(text: str) -> Judge | None:
    names = "|".join(_ARCHITECTURES)
    number = rf"(?:(?P<name>{names})|compute capability {_NUMBER})"
    found = re.fullmatch(rf"(?:(?:a |an |the )?(?:gpu|card)s?(?: is| of)? )?{number} {_DIRECTION}", text, re.IGNORECASE)
    if not found:
        return None
    if found["name"]:
        first, beyond = _ARCHITECTURES[found["name"].lower()]
        return (
            _below("gpu_capability", None, beyond) if _is_older(found["side"]) else _from("gpu_capability", None, first)
        )
    return _within("gpu_capability", None, found[2], found["side"])


def _version(text: str) -> Judge | None:
    below = _BELOW.fullmatch(text)
    found = below or re.fullmatch(rf"(?P<name>[A-Za-z][\w.+ -]*?) {_NUMBER}(?: {_DIRECTION})?", text)
    if not found:
        return None
    name = found["name"].lower()
    kind, known = ("python", None) if name == "python" else ("program", _spellings().get(name))
    if kind == "program" and known is None:
        return None
    return _below(kind, known, found[2]) if below else _within(kind, known, found[2], found["side"])


def _within(kind: str, name: str | None, number: str, side: str | None) -> Judge:
    if side is None:
        return _judge(Check(kind, name, broken=f"=={number}.*", fixed=f"!={number}.*"))
    if not _is_older(side):
        return _from(kind, name, number)
    *first, last = number.split(".")
    return _below(kind, name, ".".join([*first, str(int(last) + 1)]))  # 0.18.2 is "0.18 or older"


def _is_older(side: str) -> bool:
    return side.lower().endswith(_OLDER)


def _from(kind: str, name: str | None, number: str) -> Judge:
    return _judge(Check(kind, name, broken=f">={number}", fixed=f"<{number}"))


def _below(kind: str, name: str | None, number: str) -> Judge:
    return _judge(Check(kind, name, broken=f"<{number}", fixed=f">={number}"))


def _judge(check: Check) -> Judge:
    """A condition as a check: that it holds is confirmed, that it does not is contradicted."""
    return lambda facts: _judged(check, facts)


def _judged(check: Check, facts: Facts) -> tuple[Status, str]:
    found = evaluated(check, facts)
    return found.status, found.detail


@cache
def _spellings() -> dict[str, str]:
    return dict(_spelled())


def _spelled() -> Iterator[tuple[str, str]]:
    for name, spellings in load_vocabulary().stack.items():
        yield name.lower(), name
        yield from ((spelling.lower(), name) for spelling in spellings)
