"""What lies in an environment: its packages, in the order in which they are imported."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from .conda import CondaPackage, conda_packages
from .files import is_there, text_of
from .package import Package, normalised
from .site_packages import SitePackages, read_site_packages

Kind = Literal["venv", "conda", "system"]

_CODE_VERSION = re.compile(r"^__version__\s*(?::[^=\n]+)?=\s*['\"]([^'\"]+)['\"]", re.MULTILINE)


@dataclass(frozen=True)
class Contents:
    """An environment's folders, each read once, when it is first asked for."""

    prefix: Path
    folders: tuple[Path, ...]
    """Those of packages, in the order of import."""
    python: str | None
    """Its full version where a file tells it, else "3.10"; None where nothing does."""
    kind: Kind

    def package(self, name: str) -> Package | None:
        """The one that would be imported, however its name is written."""
        return self.packages.get(normalised(name))

    @cached_property
    def packages(self) -> Mapping[str, Package]:
        """By name; the first on the path counts, as when importing."""
        return {name: same[0] for name, same in self.copies.items()}

    @cached_property
    def copies(self) -> Mapping[str, Sequence[Package]]:
        """Every package with all that claims to be it, what is imported first."""
        found: dict[str, list[Package]] = {}
        for listing in self.listings:
            for name, same in _by_name(listing).items():
                found.setdefault(name, []).extend(same if len(same) == 1 else sorted(same, key=_stale))
        return found

    @cached_property
    def listings(self) -> tuple[SitePackages, ...]:
        """What lies in each folder."""
        return tuple(read_site_packages(folder) for folder in self.folders)

    @cached_property
    def conda(self) -> Mapping[str, CondaPackage]:
        """What conda installed, by conda's names; empty outside an environment of conda."""
        return conda_packages(self.prefix) if self.kind == "conda" else {}

    @property
    def executable(self) -> Path:
        """Its Python; a system has several, of which it is the one of this version."""
        if sys.platform == "win32":
            return next(filter(is_there, (self.prefix / "Scripts" / "python.exe",)), self.prefix / "python.exe")
        named = self.prefix / "bin" / f"python{'.'.join((self.python or '3').split('.')[:2])}"
        return named if self.kind == "system" and is_there(named) else self.prefix / "bin" / "python"


def code_version(package: Package) -> str | None:
    """The version that the code itself tells, with its build tag."""
    code = package.folder / package.module
    texts = (text_of(code / name, 64_000) for name in ("version.py", "_version.py", "__init__.py"))
    return next((found[1] for text in texts if (found := _CODE_VERSION.search(text))), None)


def _by_name(listing: SitePackages) -> dict[str, list[Package]]:
    found: dict[str, list[Package]] = {}
    for package in listing.packages:
        found.setdefault(package.name, []).append(package)
    return found


def _stale(package: Package) -> tuple[bool, float]:
    """Of two that claim one folder of code: the less, the likelier it is the one whose code lies there."""
    code = code_version(package)
    return not code or code.partition("+")[0] != package.public, -_installed(package)


def _installed(package: Package) -> float:
    try:
        return (package.folder / package.info).stat().st_mtime
    except (OSError, ValueError):
        return 0.0
