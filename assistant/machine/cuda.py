"""The CUDA toolkit that extensions are compiled with, which torch's own CUDA need not be."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from .installed.conda import conda_packages
from .installed.files import is_folder, own_path, real, text_of

_USUAL = Path("/usr/local/cuda")


@dataclass(frozen=True, slots=True)
class Toolkit:
    """A toolkit on this machine."""

    version: str | None
    """As its files tell it, "12.1.1", or its folder's name, "12.1"; None where nothing does."""
    path: Path


def cuda_toolkit() -> Toolkit | None:
    """The one that a build would take: by CUDA_HOME, CUDA_PATH, the nvcc on PATH, or in /usr/local/cuda."""
    found = next(filter(is_folder, _places()), None)
    return Toolkit(_version(found), found) if found else None


def _places() -> Iterator[Path]:
    yield from (own_path(Path(place)) for name in ("CUDA_HOME", "CUDA_PATH") if (place := os.environ.get(name)))
    nvcc = which("nvcc")
    compilers = [Path(nvcc).parent.parent, real(Path(nvcc)).parent.parent] if nvcc else []
    yield from filter(_version, compilers)  # others hold a script that calls it
    yield _USUAL
    yield from compilers


def _version(folder: Path) -> str | None:
    in_name = re.search(r"(?:^|cuda-|v)(\d{1,2}\.\d+)$", real(folder).name)
    return _of_json(folder / "version.json") or _of_text(folder) or (in_name[1] if in_name else _of_conda(folder))


def _of_json(file: Path) -> str | None:
    try:
        told = json.loads(text_of(file) or "{}")
        return next((str(told[part]["version"]) for part in ("cuda", "cuda_nvcc") if part in told), None)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _of_text(folder: Path) -> str | None:
    """Of old toolkits; Debian's lies apart from its nvcc."""
    texts = (text_of(place / "version.txt") for place in (folder, folder / "lib" / "cuda"))
    return next((found[1] for text in texts if (found := re.search(r"CUDA Version (\d+[\d.]*)", text))), None)


def _of_conda(prefix: Path) -> str | None:
    found = conda_packages(prefix)
    compiler = found.get("cuda-nvcc") or found.get("cuda-compiler") or found.get("cudatoolkit-dev")
    return compiler.version if compiler else None
