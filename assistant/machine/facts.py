"""What this machine has, for people and for bug reports: each group is read by one function, and none needs another."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ..paths import index_cache, models_folder
from .environment import packages, shown_path, variables
from .fact import Fact, FactGroup, size
from .gpus import gpus
from .memory import cores, memory

__all__ = ["Fact", "FactGroup", "cpu", "disks", "gpus", "main_memory", "packages", "read_facts", "system", "variables"]

_X86 = ("avx", "avx2", "fma", "f16c", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_int8", "amx_bf16")
_ARM = {"asimd": "neon", "asimddp": "dotprod", "asimdhp": "fp16", "bf16": "bf16", "i8mm": "i8mm", "sve": "sve"}
"""What the kernel calls them, and what people do."""


def read_facts() -> list[FactGroup]:
    """All of it. What cannot be read says so, and takes nothing else away."""
    groups: tuple[tuple[str, Callable[[], list[Fact]]], ...] = (
        ("System", system),
        ("Processor", cpu),
        ("Memory", main_memory),
        ("GPUs", gpus),
        ("Disks", disks),
        ("Packages", packages),
        ("Variables", variables),
    )
    return [FactGroup(title, _read(function)) for title, function in groups]


def _read(function: Callable[[], list[Fact]]) -> list[Fact]:
    try:
        return function()
    except Exception as error:  # noqa: BLE001 - a broken package or kernel file is what people come here for
        return [Fact("not read", None, f"{type(error).__name__}: {error}")]


def system() -> list[Fact]:
    """The operating system, what it runs in, and this Python."""
    return [
        Fact("operating system", _os_name()),
        Fact("kernel", platform.release() or None, platform.machine()),
        Fact("runs in", ", ".join(_surroundings()) or "no container that shows itself"),
        Fact("Python", platform.python_version(), f"{platform.python_implementation()}, {shown_path(sys.prefix)}"),
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


def _surroundings() -> list[str]:
    signs = {
        "WSL": "microsoft" in platform.release().lower(),
        "Docker": Path("/.dockerenv").exists(),
        "Podman": Path("/run/.containerenv").exists(),
        "Kubernetes": "KUBERNETES_SERVICE_HOST" in os.environ,
        "Slurm job": "SLURM_JOB_ID" in os.environ,
        "Colab": "COLAB_RELEASE_TAG" in os.environ,
        "Kaggle": "KAGGLE_KERNEL_RUN_TYPE" in os.environ,
    }
    return [name for name, there in signs.items() if there]


def cpu() -> list[Fact]:
    """The processor, its cores, and the instructions that inference asks for."""
    import psutil

    logical = psutil.cpu_count()
    return [
        Fact("name", _cpu_name()),
        Fact("cores for us", str(cores()), f"{logical} threads in the machine" if logical else ""),
        *_instructions(_cpu_info()),
    ]


def _cpu_name() -> str | None:
    if sys.platform == "darwin":
        return _told_by("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string")
    return _cpu_info().get("model name") or (platform.processor() if sys.platform == "win32" else None) or None


def _told_by(*command: str) -> str | None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=5)
    return done.stdout.strip() or None


def _cpu_info() -> dict[str, str]:
    """Of the first processor that the kernel lists."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    return dict(re.findall(r"^([\w ]+?)\s*:[ \t]*(.*)$", text.split("\n\n", 1)[0], re.MULTILINE))


def _instructions(info: dict[str, str]) -> list[Fact]:
    if flags := set(info.get("flags", "").split()):
        has = {flag: flag in flags for flag in _X86}
    elif features := set(info.get("Features", "").split()):
        has = {name: feature in features for feature, name in _ARM.items()}
    else:
        return [Fact("instructions", "neon" if (sys.platform, platform.machine()) == ("darwin", "arm64") else None)]
    return [
        Fact("instructions", ", ".join(name for name, there in has.items() if there) or "none of those that count"),
        Fact("not there", ", ".join(name for name, there in has.items() if not there) or "none of those that count"),
    ]


def main_memory() -> list[Fact]:
    """The main memory, and what processes can share of it."""
    import psutil

    has, swap = memory(), psutil.swap_memory()
    return [
        Fact("total", size(has.total)),
        Fact("free", size(has.free)),
        Fact("swap", size(swap.total) if swap.total else "none"),
        *_shared(Path("/dev/shm")),
    ]


def _shared(folder: Path) -> list[Fact]:
    if sys.platform != "linux":
        return []
    if not folder.is_dir():
        return [Fact(str(folder), "not there")]
    space = shutil.disk_usage(folder)
    return [Fact(str(folder), size(space.total), f"{size(space.free)} free; NCCL and data loaders need it")]


def disks() -> list[Fact]:
    """What is free where models and caches lie."""
    folders = {
        "models of firstaid": models_folder(),
        "cache of firstaid": index_cache(),
        "cache of Hugging Face": _hugging_face_cache(),
        "working folder": Path.cwd(),
    }
    return [_free(name, folder) for name, folder in folders.items()]


def _hugging_face_cache() -> Path:
    for variable, below in (("HF_HUB_CACHE", ""), ("HUGGINGFACE_HUB_CACHE", ""), ("HF_HOME", "hub")):
        if moved := os.environ.get(variable):
            return Path(moved).expanduser() / below
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "huggingface" / "hub"


def _free(name: str, folder: Path) -> Fact:
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    try:
        free = size(shutil.disk_usage(there).free)
    except OSError:
        return Fact(name, None, shown_path(folder))
    return Fact(name, f"{free} free", shown_path(folder) + ("" if folder.exists() else ", not there yet"))
