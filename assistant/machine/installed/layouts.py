"""Where the folders of packages lie: beneath a prefix, in the user's home, and in the order of import."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from .files import is_folder, is_there, names_in, own_path, real

_LIBRARY = re.compile(r"(?:python|pypy)(3(?:\.\d+t?)?)")


def versions_in(prefix: Path) -> list[str]:
    """The Pythons that have libraries there, the newest first: "3.12"."""
    places = [prefix / "lib", prefix / "lib64", prefix / "local" / "lib"]
    found = {match[1] for place in places for name in names_in(place) if (match := _LIBRARY.fullmatch(name))}
    return sorted((version for version in found if "." in version), key=number, reverse=True)


def number(version: str) -> tuple[int, ...]:
    """To put versions in order."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def own_folders(prefix: Path, version: str | None) -> list[Path]:
    """Those of packages beneath a prefix, for one version of Python; on Windows there is only one."""
    below = [*_debian(version), *_local(prefix, version), *_plain(version)] if version else []
    return _distinct([prefix / name for name in (*below, "Lib/site-packages")])


def _debian(version: str) -> list[str]:
    return [
        f"local/lib/python{version}/dist-packages",
        "lib/python3/dist-packages",
        f"lib/python{version}/dist-packages",
    ]


def _local(prefix: Path, version: str) -> list[str]:
    """Fedora's Python looks into /usr/local too; elsewhere another Python may live there."""
    if prefix.name != "usr" or is_there(prefix / "local" / "bin" / f"python{version}"):
        return []
    return [f"local/{name}" for name in _plain(version)]


def _plain(version: str) -> list[str]:
    return [f"{lib}/{python}{version}/site-packages" for lib in ("lib64", "lib") for python in ("python", "pypy")]


def user_folders(version: str | None) -> list[Path]:
    """Where `pip install --user` puts what one version of Python then imports, unless that is switched off."""
    if not version or os.environ.get("PYTHONNOUSERSITE"):
        return []
    return _distinct([base / below for base, below in _user_places(version)])


def _user_places(version: str) -> list[tuple[Path, str]]:
    if moved := os.environ.get("PYTHONUSERBASE"):
        return [(own_path(Path(moved)), f"lib/python{version}/site-packages")]
    if sys.platform == "win32":
        roaming = Path(os.environ.get("APPDATA") or Path.home())
        return [(roaming / "Python", f"Python{version.replace('.', '')}/site-packages")]
    framework = (Path.home() / "Library" / "Python" / version, "lib/python/site-packages")
    return [(Path.home() / ".local", f"lib/python{version}/site-packages"), framework]


def _distinct(folders: list[Path]) -> list[Path]:
    """Those that are there, each once: lib64 often is a link to lib, whose name then is kept."""
    found: dict[Path, Path] = {}
    for folder in filter(is_folder, folders):
        found[real(folder)] = folder
    return list(found.values())
