"""Evaluates the checks of a case against what the report itself says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from ..kb import Check
from ..kb.case import captured
from .diagnosis import Evidence, Status

_VERSIONED = ("package", "program", "python", "cuda", "driver", "glibc")
_REPORTED_AS = {"driver": "nvidia-driver"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known: versions by name, and what the case's signatures captured."""

    versions: Mapping[str, str]
    captured: Mapping[str, str]


def evaluate(checks: Sequence[Check], facts: Facts) -> list[Evidence]:
    """What is known of each check; those that do not concern this report are left out."""
    return [_evaluate(check, facts) for check in checks if _concerns(check, facts)]


def decided(checks: Sequence[Check], facts: Facts) -> Status | None:
    """What the checks that decide their case say together; None where there is none, or none is known."""
    found = {_evaluate(check, facts).status for check in checks if check.decides and _concerns(check, facts)}
    if "contradicted" in found:
        return "contradicted" if "confirmed" not in found else None
    return "confirmed" if "confirmed" in found else None


def _concerns(check: Check, facts: Facts) -> bool:
    return captured(check.given, facts.captured)


def _evaluate(check: Check, facts: Facts) -> Evidence:
    if check.kind == "all":
        parts = [_evaluate(part, facts) for part in check.all]
        return Evidence(describe(check), _joined([part.status for part in parts]), "; ".join(p.detail for p in parts))
    if check.kind not in _VERSIONED:
        return Evidence(describe(check), "unknown", "the report does not say")
    name = check.name or _REPORTED_AS.get(check.kind, check.kind)
    version = facts.versions.get(name)
    if version is None:
        return Evidence(describe(check), "unknown", f"the report gives no version of {name}")
    return _by_version(check, name, version)


def _by_version(check: Check, name: str, version: str) -> Evidence:
    try:
        # A local label (2.1.2+cu118) would make "<=2.1.2" fail.
        public = Version(version).public
    except InvalidVersion:
        return Evidence(describe(check), "unknown", f"{name} {version} is no version that can be compared")
    if _within(public, check.broken):
        return Evidence(describe(check), "confirmed", f"{name} {version} is {check.broken}")
    if _within(public, check.fixed):
        return Evidence(describe(check), "contradicted", f"{name} {version} is {check.fixed}")
    return Evidence(describe(check), "unknown", f"{name} {version} is neither known to fail nor known to work")


def _within(version: str, specifier: str | None) -> bool:
    # Pre-releases count: people run them.
    return specifier is not None and SpecifierSet(specifier).contains(version, prereleases=True)


def _joined(statuses: Sequence[Status]) -> Status:
    if "contradicted" in statuses:
        return "contradicted"
    return "confirmed" if statuses and all(status == "confirmed" for status in statuses) else "unknown"


def describe(check: Check) -> str:
    """A check in words: "package transformers <4.37"."""
    if check.kind == "all":
        return " and ".join(describe(part) for part in check.all)
    words = [check.kind, check.name, *(f"{key}={value}" for key, value in check.detail.items()), check.broken]
    return " ".join(word for word in words if word)
