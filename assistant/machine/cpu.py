"""The processor, its cores, and the instructions that inference asks for."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from pathlib import Path

from .fact import Fact
from .memory import cores

_X86 = ("avx", "avx2", "fma", "f16c", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_int8", "amx_bf16")
_ARM = {"asimd": "neon", "asimddp": "dotprod", "asimdhp": "fp16", "bf16": "bf16", "i8mm": "i8mm", "sve": "sve"}
"""What the kernel calls them, and what people do."""


def cpu() -> list[Fact]:
    """The processor, its cores, and the instructions that inference asks for."""
    import psutil

    logical = psutil.cpu_count()
    return [
        Fact("name", _name()),
        Fact("cores for us", str(cores()), f"{logical} threads in the machine" if logical else ""),
        *_instructions(_info()),
    ]


def _name() -> str | None:
    if sys.platform == "darwin":
        return _told_by("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string")
    return _info().get("model name") or (platform.processor() if sys.platform == "win32" else None) or None


def _told_by(*command: str) -> str | None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=5)
    return done.stdout.strip() or None


def _info() -> dict[str, str]:
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
