"""Compares a version with the ranges of a check, also one of which only the beginning is known."""

from __future__ import annotations

from functools import cache

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from ..diagnosis import Status

_ANY = ("0", "99999")
"""What may follow where a version was told in part."""


def judged(version: str, broken: str | None, fixed: str | None, *, whole: bool) -> Status | None:
    """Whether a version is known to fail, known to work, or neither; None where it is no version.

    Args:
        version: as it was told, with or without a local label such as +cu118.
        broken: the PEP 440 range in which the failure occurs.
        fixed: the range in which it is known not to occur; only that contradicts.
        whole: nothing was left out: 3.12 is 3.12.0 then, and else any 3.12.
    """
    try:
        # A local label would make "<=2.1.2" fail for 2.1.2+cu118.
        told = Version(version).public
    except InvalidVersion:
        return None
    found: list[Status] = [_judged(one, broken, fixed) for one in ((told,) if whole else _spread(told, broken, fixed))]
    return found[0] if len(set(found)) == 1 else "unknown"


def _judged(version: str, broken: str | None, fixed: str | None) -> Status:
    if broken is not None and _holds(version, broken):
        return "confirmed"
    return "contradicted" if fixed is not None and _holds(version, fixed) else "unknown"


def _holds(version: str, specifier: str) -> bool:
    # Pre-releases count: people run them.
    return _specifiers(specifier).contains(version, prereleases=True)


@cache
def _specifiers(specifier: str) -> SpecifierSet:
    return SpecifierSet(specifier)


def _spread(version: str, *ranges: str | None) -> tuple[str, ...]:
    """The first and the last version that one told in part may stand for, where a range asks for more of it."""
    parsed = Version(version)
    asked = max((_parts(specifier) for specifier in ranges if specifier), default=0)
    if parsed.is_prerelease or parsed.is_postrelease or len(parsed.release) >= asked:
        return (version,)
    return tuple(f"{version}.{part}" for part in _ANY)


def _parts(specifier: str) -> int:
    return max(len(Version(one.version.removesuffix(".*")).release) for one in _specifiers(specifier))
