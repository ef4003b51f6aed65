"""Facts that the report itself prints: they are of the machine that failed, wherever that is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from ..diagnosis import Origin
from ..machine.gpu import Gpu
from ..report import Report
from .facts import Silent, Told, memory_told
from .words import subject

_NAMES = {"driver": "nvidia-driver"}
_PLATFORMS = {
    "windows": r'File "[A-Za-z]:\\|\b[A-Z]:\\(?:Users|Windows|Program)|\b(?:Platform|OS): (?:Microsoft )?Windows'
    r"|Windows-1[01]-10\.|\bWinError \d|\bwin_amd64\b",
    "wsl": r"microsoft-standard-WSL2|/mnt/[c-f]/|\bWSL ?2\b",
    "macos": r"(?<![\w.])/Users/[^/\s]+/|\bmacOS[- ]\d[\d.]*|\bDarwin Kernel|\bmacosx_\d",
    "linux": r"\bUbuntu \d\d\.\d\d|\b(?:Platform|OS): Linux|\bLinux-\d\.\d|\bmanylinux",
    "arm64": r"\baarch64\b|\barm64\b",
    "x86_64": r"\bx86_64\b|\bwin_amd64\b",
    "rocm": r"\bHIP error|\bhipError\w+|\brocm\d|\bROCm \d|\bgfx\d{3,4}[a-f]?\b",
    "mps": r"\bMPS backend\b|\bdevice ?[=:] ?['\"]?mps\b|\bmps:0\b|\bggml_metal\w*|\bMTLDevice\w*",
    "cpu-only": r"Found no NVIDIA driver|(?:Is CUDA available|CUDA available|cuda\.is_available\(\))\W{1,4}False"
    r"|\btorch\S{0,20}\+cpu\b",
    "container": r"\bdocker (?:run|compose|exec)\b|\bdocker-compose\b|\bkubectl \w|\bCrashLoopBackOff\b",
    "colab": r"(?<![\w.])/content/\w|\bgoogle\.colab\b|/kaggle/(?:working|input)/",
}
"""What only a report from such a machine prints."""
_ASSIGNED = r"""(?mx)
    (?: ^\s*(?:[$>%\#]\s+|\S{1,80}[$\#]\s+)?  (?:(?:export|set|env|ENV|!export|%env)\s+)?  (?:\w+=\S*\s+){0,8}
      | \s-e\s+ | \s--env[ =]
      | os\.environ\[["']  (?=NAME["']\]\s*=\s*["'])
    )
    NAME (?: ["']\]\s* )? =\s*["']? ([^\s"';&|]*)
"""


class ReportSource(Silent):
    """What a report tells of the machine that it comes from."""

    origin: Origin = "report"

    def __init__(self, report: Report) -> None:
        self._report = report

    def version(self, kind: str, name: str) -> Told | None:
        """As the report prints it; a version may be cut there."""
        found = self._report.versions.get(_NAMES.get(kind, name))
        return Told(found, f"{subject(kind, name)} {found}", whole=False) if found else None

    def amounts(self, kind: str) -> Sequence[Told]:
        """As printed, else as the names of the GPUs tell."""
        return {"gpu_capability": self._capabilities, "gpu_memory_gb": self._memories}.get(kind, ())

    @cached_property
    def _capabilities(self) -> Sequence[Told]:
        from ..report.capability import find_capability  # few checks ask

        if printed := find_capability(self._report.text):
            number = "{}.{}".format(*printed)
            return (Told(number, f"compute capability {number} in the report"),)
        numbers = [(gpu.name, "{}.{}".format(*gpu.capability)) for gpu in self._gpus if gpu.capability]
        return [Told(number, f"compute capability {number} of the {name} there") for name, number in numbers]

    @cached_property
    def _memories(self) -> Sequence[Told]:
        from ..report.capability import find_gpu_memory

        if printed := find_gpu_memory(self._report.text):
            return memory_told(printed * 2**30, "in the report", exactly=True)
        sizes = [(gpu.name, gpu.memory) for gpu in self._gpus if gpu.memory]
        return [told for name, memory in sizes for told in memory_told(memory, f"of the {name} there", exactly=False)]

    @cached_property
    def _gpus(self) -> Sequence[Gpu]:
        """Those that the report names; none where one of them is not known, which may be the one that failed."""
        from ..machine.known_gpus import known_gpu

        known = [known_gpu(name) for name in self._report.gpus]
        return (
            [replace(gpu, name=name) for name, gpu in zip(self._report.gpus, known, strict=True) if gpu]
            if all(known)
            else []
        )

    def platforms(self) -> Mapping[str, str]:
        """What the report shows of its platform, each with the words that tell."""
        return self._platforms

    @cached_property
    def _platforms(self) -> Mapping[str, str]:
        found = {name: re.search(pattern, self._report.text) for name, pattern in _PLATFORMS.items()}
        return {name: f'{name}, as "{match[0].strip()}" in the report tells' for name, match in found.items() if match}

    def variable(self, name: str) -> Told | None:
        """As a command or script in the report sets it."""
        match = re.search(_ASSIGNED.replace("NAME", re.escape(name)), self._report.text)
        return Told(match[1], f"{name}={match[1]} in the report") if match and match[1] else None
