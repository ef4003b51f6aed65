"""The operating system, what it runs in, and what it lets a process have."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from .fact import Fact, size
from .surroundings import containers, file_text, notebooks, surroundings, wsl
from .variables import shown_path

_ROOT = Path("/")
_ULIMITS = {
    "memlock": "locked memory",
    "nofile": "open files",
    "nproc": "processes",
    "stack": "stack",
    "as": "address space",
    "core": "core files",
}
"""Name in the resource module to what people call it."""
_COUNTED = frozenset(("nofile", "nproc"))
_NO_LIMIT = 1 << 60
"""Version 1 of control groups writes a number near 2^63 where there is no limit."""


def glibc() -> str | None:
    """The version of the system's glibc; None where there is none: musl, macOS, Windows."""
    try:
        name, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
    except (AttributeError, ValueError, OSError):
        return None
    return version if name == "glibc" else None


def platforms() -> frozenset[str]:
    """What this machine is, in the words of the vocabulary; those that GPUs decide are told with the GPUs."""
    signs = {
        "linux": sys.platform == "linux" and not wsl(),
        "macos": sys.platform == "darwin",
        "windows": sys.platform == "win32",
        "wsl": bool(wsl()),
        "arm64": _machine() in ("arm64", "aarch64"),
        "x86_64": _machine() in ("x86_64", "amd64"),
        "container": any(containers()),
        "colab": any(notebooks()),
        "mps": sys.platform == "darwin" and _machine() == "arm64",
    }
    return frozenset(name for name, there in signs.items() if there)


def system() -> list[Fact]:
    """The operating system, what it runs in, and this Python."""
    about = f"{platform.python_implementation()}, {shown_path(sys.prefix)}"
    return [
        Fact("operating system", _os_name()),
        Fact("kernel", platform.release() or None, platform.machine()),
        Fact("runs in", ", ".join(surroundings()) or "no container that shows itself"),
        *_libc(),
        Fact("Python of firstaid", platform.python_version(), about),
    ]


def _os_name() -> str:
    if sys.platform == "linux":
        try:
            return platform.freedesktop_os_release()["PRETTY_NAME"]
        except (OSError, KeyError):
            return "Linux"
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]}"
    return f"{platform.system()} {platform.version()}"


def _machine() -> str:
    return platform.machine().lower()


def _libc() -> list[Fact]:
    if sys.platform != "linux":
        return []
    if version := glibc():
        return [Fact("C library", f"glibc {version}")]
    if loader := next(_ROOT.glob("lib/ld-musl-*.so.1"), None):
        return [Fact("C library", f"musl {_musl(loader) or ''}".strip(), "wheels for manylinux are not for it")]
    return [Fact("C library", None)]


def _musl(loader: Path) -> str | None:
    """Its version, which it tells only when it is run."""
    import subprocess

    told = subprocess.run([loader], capture_output=True, text=True, check=False, timeout=5).stderr
    found = re.search(r"^Version (\S+)", told, re.MULTILINE)
    return found[1] if found else None


def limits() -> list[Fact]:
    """What the shell and the control group let a process have, where that matters to models."""
    return [*_ulimits(), *_group_limits()]


def _ulimits() -> Iterator[Fact]:
    try:
        import resource
    except ImportError:  # Windows has none
        return
    for name, words in _ULIMITS.items():
        number = getattr(resource, f"RLIMIT_{name.upper()}", None)
        if number is not None:
            soft, hard = resource.getrlimit(number)
            may = "" if soft == hard else f"may be raised to {_bound(name, hard)}"
            yield Fact(f"{words} (ulimit)", _bound(name, soft), may)


def _bound(name: str, value: int) -> str:
    import resource

    if value == resource.RLIM_INFINITY:
        return "unlimited"
    return f"{value:,}" if name in _COUNTED else size(value)


def _group_limits() -> Iterator[Fact]:
    """Of the control group this process is in, and of those around it: the narrowest counts."""
    if sys.platform != "linux":
        return
    if (memory := _narrowest("memory", "memory.max", "memory.limit_in_bytes")) is not None:
        yield Fact("memory (control group)", size(memory))
    if (processes := _narrowest("pids", "pids.max")) is not None:
        yield Fact("processes and threads (control group)", f"{processes:,}")


def _narrowest(controller: str, *names: str) -> int | None:
    found = (_number(folder / name) for folder in _groups(controller) for name in names)
    return min((limit for limit in found if limit is not None and limit < _NO_LIMIT), default=None)


def _groups(controller: str) -> Iterator[Path]:
    """The folders of our control group and of all around it, in both versions of control groups."""
    mounted = _ROOT / "sys/fs/cgroup"
    for line in file_text(_ROOT / "proc/self/cgroup").splitlines():
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        if controllers and controller not in controllers.split(","):
            continue
        top = mounted / controller if controllers else mounted
        own = top / path.strip("/")
        yield from (folder for folder in (own, *own.parents) if folder.is_relative_to(top))


def _number(file: Path) -> int | None:
    text = file_text(file).strip()
    return int(text) if text.isdigit() else None
