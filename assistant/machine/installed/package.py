"""One installed package, and what the small files beside its code tell."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .files import text_of


@dataclass(frozen=True, slots=True)
class Package:
    """A package as its dist-info, egg-info or egg-link tells of it."""

    name: str
    """As package indexes write it: "flash-attn"."""
    version: str
    folder: Path
    """The site-packages it lies in."""
    info: str = field(default="", compare=False)
    """The name of its dist-info, egg-info or egg-link in that folder."""

    @property
    def module(self) -> str:
        """What it is imported by, for those whose name tells: "flash_attn"."""
        return self.name.replace("-", "_")

    @property
    def public(self) -> str:
        """The version without its build tag: "2.1.2"."""
        return self.version.partition("+")[0]

    @property
    def tag(self) -> str:
        """The build tag: "cu118"; empty without one."""
        return self.version.partition("+")[2]

    def told(self, *names: str) -> str:
        """The text of the first of these files beside the code that holds anything."""
        texts = (text_of(self.folder / self.info / name) for name in names)
        return next((text for text in texts if text), "") if self.info else ""


def normalised(name: str) -> str:
    """A name as package indexes write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installer(package: Package) -> str | None:
    """What installed it: "pip", "uv", "conda"."""
    return package.told("INSTALLER").strip() or None


def requirements(package: Package) -> tuple[str, ...]:
    """What it asks for, as PEP 508 writes it: `tokenizers<0.19,>=0.14`."""
    if text := package.told("METADATA", "PKG-INFO"):
        found = re.findall(r"^Requires-Dist:[ \t]*(.+?)[ \t]*$", text.partition("\n\n")[0], re.MULTILINE)
        if found:
            return tuple(found)
    lines = package.told("requires.txt").partition("[")[0].splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def wheel_tags(package: Package) -> tuple[str, ...]:
    """Which Python and platform its wheel was built for: "cp310-cp310-manylinux_2_17_x86_64"."""
    return tuple(re.findall(r"^Tag:[ \t]*(\S+)", package.told("WHEEL"), re.MULTILINE))


def source_url(package: Package) -> str | None:
    """Where it was installed from, if not from an index; it may hold a password."""
    return _direct_url(package).get("url") or None


def editable(package: Package) -> Path | None:
    """The folder that its code is imported from, where it was installed with `pip install -e`."""
    if package.info.endswith(".egg-link"):
        return _path(text_of(package.folder / package.info))
    source = _direct_url(package)
    if source.get("dir_info", {}).get("editable") is True:
        return _of_url(source["url"])
    return _path(text_of(package.folder / f"__editable__.{package.info.removesuffix('.dist-info')}.pth"))


def _direct_url(package: Package) -> dict[str, Any]:
    try:
        found = json.loads(package.told("direct_url.json") or "{}")
    except (ValueError, RecursionError):
        return {}
    sound = (
        isinstance(found, dict) and isinstance(found.get("url"), str) and isinstance(found.get("dir_info", {}), dict)
    )
    return found if sound else {}


def _of_url(url: str) -> Path | None:
    from urllib.request import url2pathname  # it brings http and ssl, 30 ms, and few packages are editable

    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return Path(url2pathname(parts.path)) if parts.scheme == "file" and parts.path else None


def _path(text: str) -> Path | None:
    """The path that a .pth or .egg-link file begins with; other lines of a .pth are code."""
    line = text.partition("\n")[0].strip()
    return Path(line) if line and not line.startswith(("import ", "import\t", "#")) else None
