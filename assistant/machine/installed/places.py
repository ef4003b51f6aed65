"""Which environment a path belongs to."""

from __future__ import annotations

import os
import platform
import re
import sys
from pathlib import Path
from shutil import which

from .environment import Environment
from .files import is_folder, is_there, names_in, own_path, real, text_of
from .layouts import number, own_folders, user_folders, versions_in

PACKAGES = re.compile(
    r"^(?P<folder>(?P<prefix>.*?)[/\\](?:lib(?:64)?[/\\](?:python|pypy)(?P<version>3(?:\.\d+t?)?)?[/\\]|Lib[/\\])?"
    r"(?P<kind>site|dist)-packages)(?:[/\\](?P<below>.*))?$",
    re.IGNORECASE,
)
"""A folder of packages in the path of something in it."""
LIBRARY = re.compile(r"^(?P<prefix>.*)[/\\]lib(?:64)?[/\\](?:python|pypy)(?P<version>3\.\d+t?)(?:[/\\]|$)")
"""The library of a Python, up to its folder."""
_IN_NAME = re.compile(r"(?:^|-)(3\.\d+\.\d+)(?:[-+]|$)")
_EXECUTABLE = re.compile(r"(?:python|pypy)[\d.]*t?(?:\.exe)?")


def environment_at(path: Path) -> Environment | None:
    """The environment that a path names: its prefix, its Python or `activate`, or anything that lies in it.

    A folder that holds one as `.venv` counts too. None where no folder of packages belongs to it.
    """
    path = own_path(path).absolute()
    if match := PACKAGES.match(str(path)):
        return _with_packages(Path(match["folder"]), Path(match["prefix"] or "/"), match["version"], match["kind"])
    return _named(path) or _around(path)


def _named(path: Path) -> Environment | None:
    if is_folder(path):
        return environment_of(path) or (environment_of(path / ".venv") if is_there(path / ".venv") else None)
    return _of_executable(path) if _EXECUTABLE.fullmatch(path.name) and is_there(path) else None


def _of_executable(path: Path) -> Environment | None:
    """By its own place where that is marked, else by where its links lead, as Python itself does it."""
    marked = next((prefix for prefix in (path.parent.parent, path.parent) if is_marked(prefix)), None)
    shimmed = marked or _shimmed(path)
    if shimmed:
        return environment_of(shimmed)
    target = real(path)
    version = re.search(r"3\.\d+t?", target.name)
    places = (environment_of(prefix, version and version[0]) for prefix in (target.parent.parent, target.parent))
    return next(filter(None, places), None)


def _shimmed(shim: Path) -> Path | None:
    """The prefix of the Python that a shim of pyenv starts here."""
    root = shim.parent.parent
    if shim.parent.name != "shims" or not is_folder(root / "versions"):
        return None
    files = [folder / ".python-version" for folder in (Path.cwd(), *Path.cwd().parents)] + [root / "version"]
    told = os.environ.get("PYENV_VERSION") or next(filter(None, (text_of(file).strip() for file in files)), "")
    return root / "versions" / re.split(r"[:\s]", told)[0] if told else None


def _around(path: Path) -> Environment | None:
    """The environment that a file of it lies in; of an unmarked one only what lies in the library of its Python."""
    marked = next((parent for parent in (path, *path.parents) if is_marked(parent)), None)
    if marked:
        return environment_of(marked)
    match = LIBRARY.match(str(path))
    return environment_of(Path(match["prefix"]), match["version"]) if match and is_folder(Path(match[0])) else None


def is_marked(prefix: Path) -> bool:
    """Whether it says of itself that it is an environment."""
    return is_there(prefix / "pyvenv.cfg") or is_folder(prefix / "conda-meta")


def _with_packages(folder: Path, prefix: Path, version: str | None, kind: str) -> Environment | None:
    """Which Python imports what lies in a folder of packages."""
    if not is_folder(folder):
        return None
    version = version if version and "." in version else None
    if folder in user_folders(version):
        return _of_user(folder, prefix, version)
    if (
        prefix.name == "local"
        and (kind.lower() == "dist" or not _has_python(prefix))
        and is_folder(prefix.parent / "lib")
    ):
        prefix = prefix.parent
    found = environment_of(prefix, version)
    if found and any(real(folder) == real(own) for own in found.folders):
        return found
    return Environment(prefix, (folder,), version, "system")


def _has_python(prefix: Path) -> bool:
    return any(_EXECUTABLE.fullmatch(name) for name in names_in(prefix / "bin"))


def _of_user(folder: Path, prefix: Path, version: str | None) -> Environment:
    """What a user installed beside another Python: that one, where it is found."""
    python = which(f"python{version}")
    found = _of_executable(real(Path(python))) if python else None
    return found if found and folder in found.folders else Environment(prefix, (folder,), version, "system")


def environment_of(prefix: Path, version: str | None = None) -> Environment | None:
    """The environment with this prefix; of several Pythons that of this version, else the one called `python3`."""
    settings = _settings(prefix)
    if settings is not None:
        return _venv(prefix, settings)
    is_conda = is_folder(prefix / "conda-meta")
    full = _conda_python(prefix) if is_conda else None
    version = ".".join(full.split(".")[:2]) if full else version or _usual(prefix)
    own = own_folders(prefix, version)
    if not own:
        return None
    folders = (*user_folders(version), *own)
    return Environment(prefix, folders, full or _full(prefix, version), "conda" if is_conda else "system")


def _settings(prefix: Path) -> dict[str, str] | None:
    """Of pyvenv.cfg; None where there is none."""
    file = prefix / "pyvenv.cfg"
    if not is_there(file):
        return None
    lines = (line.partition("=") for line in text_of(file).splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _venv(prefix: Path, settings: dict[str, str]) -> Environment | None:
    told = settings.get("version_info") or settings.get("version") or ""
    full = re.match(r"3\.\d+(?:\.\d+)?", told)
    has = versions_in(prefix)
    version = next((one for one in has if full and number(one) == number(full[0])[:2]), has[0] if has else None)
    own = own_folders(prefix, version)
    if not own:
        return None
    base = _base(settings, version) if settings.get("include-system-site-packages", "").lower() == "true" else ()
    return Environment(prefix, (*own, *base), full[0] if full else version, "venv")


def _base(settings: dict[str, str], version: str | None) -> tuple[Path, ...]:
    """The folders of the Python that a virtual environment was made from."""
    home = Path(settings.get("home", ""))
    if not home.is_absolute():
        return ()
    for prefix in (home.parent, home):
        if not is_there(prefix / "pyvenv.cfg") and (found := environment_of(prefix, version)):
            return found.folders
    return ()


def _conda_python(prefix: Path) -> str | None:
    names = names_in(prefix / "conda-meta")
    return next(
        (found[1] for name in names if (found := re.match(r"python-(3\.\d+\.\d+)[\w.]*-.*\.json$", name))), None
    )


def _usual(prefix: Path) -> str | None:
    """The version that `python3` means there, else the newest."""
    has = versions_in(prefix)
    link = re.search(r"3\.\d+t?", real(prefix / "bin" / "python3").name)
    return link[0] if link and link[0] in has else has[0] if has else None


def _full(prefix: Path, version: str | None) -> str | None:
    """The full version, where the headers, the folder's name or our own interpreter tell it."""
    if version is None:
        return None
    header = text_of(prefix / "include" / f"python{version}" / "patchlevel.h")
    told = re.search(r"^#define\s+PY_VERSION\s+\"(3[\w.]+)", header, re.MULTILINE) or _IN_NAME.search(prefix.name)
    if told and told[1].startswith(f"{version.rstrip('t')}."):
        return told[1]
    ours = platform.python_version()
    is_ours = real(prefix) == real(Path(sys.base_prefix)) and ours.startswith(f"{version.rstrip('t')}.")
    return ours if is_ours else version
