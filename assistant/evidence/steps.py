"""What is known of a fix step: whether it is so already, and whether its condition holds here."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from packaging.requirements import InvalidRequirement, Requirement

from ...kb import Fix
from ..diagnosis import Evidence
from .conditions import condition_of
from .facts import Facts, Source

_INSTALLS = (("pip", "install"), ("pip3", "install"), ("uv", "pip", "install"), ("uv", "add"))
_WITH_VALUE = frozenset(
    {"-c", "--constraint", "--progress-bar", "--timeout", "--retries", "--trusted-host", "--python"}
)
_HARMLESS = frozenset({"-q", "--quiet", "--no-cache-dir", "--no-build-isolation", "--no-deps", "--user", "-y"})
"""Other options may ask for another build of the same version, or for another place."""
_UPGRADES = frozenset({"-U", "--upgrade"})
_SETTING = re.compile(r"(?:export\s+)?([A-Z][A-Z0-9_]*)=(['\"]?)([^\s'\"$`]+)\2")


def already(fix: Fix, machine: Source | None) -> str | None:
    """Why there is nothing left to do, as a sentence; None where there is, or where that is not known."""
    lines = [line.strip() for line in (fix.run or "").splitlines() if line.strip() and not line.startswith("#")]
    if machine is None or fix.shell != "sh" or not lines:
        return None
    found = [_already(line, machine) for line in lines]
    return "; ".join(dict.fromkeys(sentence for sentence in found if sentence)) if all(found) else None


def _already(line: str, machine: Source) -> str | None:
    if setting := _SETTING.fullmatch(line):
        told = machine.variable(setting[1])
        return told.about if told and told.value == setting[3] else None
    return _installed(line, machine)


def _installed(line: str, machine: Source) -> str | None:
    requirements = list(_requirements(line))
    if not requirements or None in requirements:
        return None
    found = [_met(requirement, machine) for requirement in requirements if requirement]
    return ", ".join(sentence for sentence in found if sentence) if all(found) else None


def _requirements(line: str) -> Iterator[Requirement | None]:
    """What a line installs; None for whatever cannot be compared with what is installed."""
    try:
        words = shlex.split(line)
    except ValueError:
        return
    arguments = _arguments(words)
    upgrades = bool(_UPGRADES & set(arguments))
    values = iter(arguments)
    for word in values:
        if word in _WITH_VALUE:
            next(values, None)
        elif word.startswith("-"):
            if word not in _UPGRADES | _HARMLESS:
                yield None
        else:
            yield _requirement(word, upgrades)


def _arguments(words: Sequence[str]) -> list[str]:
    """Those of an installing command alone in its line."""
    if any(word in ("&&", "||", ";", "|") for word in words):
        return []
    if words[:2] == ["python", "-m"]:
        words = words[2:]
    for command in _INSTALLS:
        if tuple(words[: len(command)]) == command:
            return list(words[len(command) :])
    return []


def _requirement(word: str, upgrades: bool) -> Requirement | None:
    try:
        found = Requirement(word)
    except InvalidRequirement:
        return None
    unnamed = upgrades and not found.specifier  # the newest, whichever that is
    return None if unnamed or found.url else found


def _met(requirement: Requirement, machine: Source) -> str | None:
    told = machine.version("package", re.sub(r"[-_.]+", "-", requirement.name).lower())
    if told is None:
        return None
    version = told.value.partition("+")[0] if "+" not in str(requirement.specifier) else told.value
    try:
        return told.about if requirement.specifier.contains(version, prereleases=True) else None
    except ValueError:
        return None


def condition(fix: Fix, facts: Facts) -> Evidence | None:
    """What is known of the condition that a fix is tied to; None where it is nothing that can be looked up."""
    return condition_of(fix.when, facts) if fix.when else None
