"""Python environments on disk, as pip, conda and the system lay them out; nothing in them can be run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fake:
    """An environment, into which packages can be put."""

    prefix: Path
    folder: Path
    """Its folder of packages."""

    def install(
        self,
        name: str,
        version: str,
        *,
        installer: str = "pip",
        code: Mapping[str, str] | None = None,
        requires: tuple[str, ...] = (),
        **files: str,
    ) -> Path:
        """A package with its code, as pip leaves it; `files` are more of its dist-info, by their stems."""
        module = name.replace("-", "_")
        for file, text in (code if code is not None else {f"{module}/__init__.py": ""}).items():
            write(self.folder / file, text)
        info = self.folder / f"{module}-{version}.dist-info"
        fields = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in requires)]
        write(info / "METADATA", "\n".join(["Metadata-Version: 2.1", *fields, "", "A description.", ""]))
        write(info / "INSTALLER", f"{installer}\n")
        write(info / "WHEEL", files.pop("wheel", "Wheel-Version: 1.0\nTag: py3-none-any\n"))
        write(info / "RECORD", f"{module}/__init__.py,sha256=x,0\n{info.name}/METADATA,,\n")
        for file, text in files.items():
            write(info / {"direct_url": "direct_url.json", "top_level": "top_level.txt"}[file], text)
        return info

    def record(self, name: str, version: str, build: str) -> Path:
        """What conda notes of a package."""
        return write(self.prefix / "conda-meta" / f"{name}-{version}-{build}.json", json.dumps({"name": name}))


def venv(prefix: Path, python: str = "3.10.12", *, system: Path | None = None, uv: bool = False) -> Fake:
    """A virtual environment; with `system` the packages of that one count too."""
    home = (system or Path("/nowhere")) / "bin"
    version = f"uv = 0.5.1\nversion_info = {python}" if uv else f"version = {python}"
    shared = str(system is not None).lower()
    write(prefix / "pyvenv.cfg", f"home = {home}\ninclude-system-site-packages = {shared}\n{version}\n")
    write(prefix / "bin" / "activate", "")
    return _with_python(prefix, python)


def conda(prefix: Path, python: str = "3.10.12") -> Fake:
    """An environment of conda."""
    fake = _with_python(prefix, python)
    fake.record("python", python, "h955ad1f_0_cpython")
    return fake


def system(prefix: Path, python: str = "3.10.12", *, header: bool = True) -> Fake:
    """A Python as it is built from source, or brought by pyenv and uv."""
    if header:
        header_file = prefix / "include" / f"python{_short(python)}" / "patchlevel.h"
        write(header_file, f'#define PY_MAJOR_VERSION 3\n#define PY_VERSION      "{python}"\n')
    return _with_python(prefix, python)


def debian(root: Path, python: str = "3.10.12") -> Fake:
    """The Python of Debian, with what pip put beneath /usr/local."""
    (root / "usr" / "lib" / "python3" / "dist-packages").mkdir(parents=True)
    _with_python(root / "usr", python, "local/lib/python{}/dist-packages")
    return Fake(root / "usr", root / "usr" / "local" / "lib" / f"python{_short(python)}" / "dist-packages")


def write(file: Path, text: str) -> Path:
    """A file, with the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _with_python(prefix: Path, python: str, packages: str = "lib/python{}/site-packages") -> Fake:
    folder = prefix / packages.format(_short(python))
    folder.mkdir(parents=True, exist_ok=True)
    (prefix / "lib" / f"python{_short(python)}").mkdir(parents=True, exist_ok=True)
    executable = write(prefix / "bin" / f"python{_short(python)}", "")
    executable.chmod(0o755)
    for name in ("python", "python3"):
        (prefix / "bin" / name).symlink_to(executable.name)
    return Fake(prefix, folder)


def _short(python: str) -> str:
    return ".".join(python.split(".")[:2])
