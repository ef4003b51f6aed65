"""What lies in one folder of packages, told by the names in it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .files import names_in, text_of
from .package import Package, normalised

_NAMED = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[\w.]*[A-Za-z0-9])?)-(?P<version>\d[\w.+!]*)"
    r"(?P<python>-py\d[\d.]*(?:-[\w.-]+)?)?\.(?P<kind>dist-info|egg-info|egg)"
)
_INFO = (".dist-info", ".egg-info", ".egg", ".egg-link")
_SETTLED = 2_000_000_000
"""Nanoseconds: file systems tell two changes in a shorter time not apart."""
_HALF_REMOVED = re.compile(r"~|-[A-Za-z0-9]")
"""pip puts `~` for the first letter, and more odd characters where that name is taken; `-` when it was older."""


@dataclass(frozen=True, slots=True)
class SitePackages:
    """A folder of packages, as it was when it was read."""

    folder: Path
    names: frozenset[str]
    """Of all that lies in it."""
    packages: tuple[Package, ...]
    """In the order of their names; one may stand there twice."""
    broken: tuple[str, ...]
    """The dist-infos that tell no name and version."""
    half_removed: tuple[str, ...]
    """What pip renamed to take it away, and left: `~ransformers`."""


def read_site_packages(folder: Path) -> SitePackages:
    """What lies in a folder, by a look into it and one at each dist-info; a process reads it again when it changes."""
    changed = _changed(folder)
    settled = changed is not None and time.time_ns() - changed > _SETTLED
    return _remembered(folder, changed) if settled else _read(folder)


def _changed(folder: Path) -> int | None:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return None


@lru_cache(maxsize=64)
def _remembered(folder: Path, _changed: int | None) -> SitePackages:
    return _read(folder)


def _read(folder: Path) -> SitePackages:
    names = names_in(folder)
    packages, broken = [], []
    for name in names:
        if name.endswith(_INFO) and not name.startswith(("~", "-")):
            found = _package(folder, name)
            (packages if found else broken).append(found or name)
    half = tuple(name for name in names if _HALF_REMOVED.match(name))
    return SitePackages(folder, frozenset(names), tuple(packages), tuple(broken), half)


def _package(folder: Path, info: str) -> Package | None:
    if info.endswith(".egg-link"):
        return _linked(folder, info)
    match = _NAMED.fullmatch(info)
    if match and "_" not in match["version"] and (match["kind"] != "dist-info" or _has_metadata(folder, info)):
        where = f"{info}/EGG-INFO" if match["kind"] == "egg" else info
        return Package(normalised(match["name"]), match["version"], folder, where)
    return None if info.endswith(".egg") else _told(folder, info)


def _has_metadata(folder: Path, info: str) -> bool:
    try:
        return os.stat(f"{folder}/{info}/METADATA").st_size > 0  # noqa: PTH116 - thrice as fast, 500 times
    except (OSError, ValueError):
        return False


def _told(folder: Path, info: str) -> Package | None:
    """By its metadata, where the name does not tell."""
    text = text_of(folder / info / "METADATA") or text_of(folder / info / "PKG-INFO") or text_of(folder / info)
    fields = dict(re.findall(r"^(Name|Version):[ \t]*(\S+)", text.partition("\n\n")[0], re.MULTILINE))
    if len(fields) < 2:
        return None
    return Package(normalised(fields["Name"]), fields["Version"], folder, info)


def _linked(folder: Path, link: str) -> Package | None:
    """An editable install of old: the link names the folder that holds the egg-info."""
    source = text_of(folder / link).partition("\n")[0].strip()
    found = next(_egg_infos(Path(source), link.removesuffix(".egg-link")), None) if source else None
    return Package(found.name, found.version, folder, link) if found else None


def _egg_infos(source: Path, name: str) -> Iterator[Package]:
    for info in names_in(source):
        found = _told(source, info) if info.endswith(".egg-info") else None
        if found and found.name == normalised(name):
            yield found
