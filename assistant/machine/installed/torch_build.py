"""What the installed torch was built for."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from .contents import Contents
from .files import text_of

_LINE = re.compile(r"^(__version__|cuda|hip)\s*(?::[^=\n]+)?=\s*(?:None|['\"]([^'\"]*)['\"])", re.MULTILINE)
_CONDA_CUDA = re.compile(r"cuda_?(\d+)\.(\d+)|cuda_?(\d{2})(\d)")


@dataclass(frozen=True, slots=True)
class TorchBuild:
    """A build of torch; what nothing tells is None, and `cpu` is False."""

    version: str
    """With its build tag where one is told: "2.1.2+cu118"."""
    cuda: str | None = None
    """The CUDA that it was built with: "11.8"."""
    rocm: str | None = None
    cpu: bool = False
    """Whether it is known to be built for neither."""
    told_by: Path | None = None
    """The file, or the folder whose name, tells it."""


def torch_build(environment: Contents) -> TorchBuild | None:
    """Of the torch that is imported: by its build tag, its own version.py, conda's record, or the CUDA beside it."""
    torch = environment.package("torch")
    if torch is None:
        return _of_conda(environment)
    info = torch.folder / torch.info
    code = torch.folder / "torch" / "version.py"
    return (
        of_tag(torch.version, info)
        or _of_code(torch.version, code)
        or _of_conda(environment)
        or _of_wheels(environment, torch.version)
        or TorchBuild(torch.version)
    )


def of_tag(version: str, told_by: Path) -> TorchBuild | None:
    """What a build tag tells: "2.1.2+cu118", "2.4.0+rocm6.1", "2.1.2+cpu"."""
    tag = version.partition("+")[2]
    if cuda := re.fullmatch(r"cu(\d{1,2})(\d)(?:[._]\S*)?", tag):
        return TorchBuild(version, cuda=f"{cuda[1]}.{cuda[2]}", told_by=told_by)
    if rocm := re.match(r"rocm(\d+(?:\.\d+)*)", tag):
        return TorchBuild(version, rocm=rocm[1], told_by=told_by)
    return TorchBuild(version, cpu=True, told_by=told_by) if re.match(r"cpu\b", tag) else None


def _of_code(version: str, file: Path) -> TorchBuild | None:
    lines = _LINE.findall(text_of(file, 64_000))
    told = dict(reversed(lines))
    if "cuda" not in told:
        return None
    own = told.get("__version__", "")
    version = own if own.partition("+")[0] == version.partition("+")[0] else version
    cuda, hip = told["cuda"] or None, told.get("hip") or None
    rocm = ".".join(hip.split(".")[:2]) if hip else None
    return TorchBuild(version, cuda, rocm, _is_cpu_only(version, cuda or hip), file)


def _is_cpu_only(version: str, built_for: str | None) -> bool:
    return not built_for and "+xpu" not in version and sys.platform != "darwin"  # which has Metal in every build


def _of_conda(environment: Contents) -> TorchBuild | None:
    found = environment.conda.get("pytorch") or environment.conda.get("libtorch")
    if found is None:
        return None
    cuda = _CONDA_CUDA.search(found.build)
    numbers = [number for number in cuda.groups() if number] if cuda else []
    return TorchBuild(
        found.version, ".".join(numbers) or None, cpu="cpu" in found.build and not cuda, told_by=found.record
    )


def _of_wheels(environment: Contents, version: str) -> TorchBuild | None:
    for suffix in ("", "-cu13", "-cu12", "-cu11"):
        runtime = environment.package(f"nvidia-cuda-runtime{suffix}")
        if runtime and runtime.version.startswith(("11.", "12.", "13.")):
            return TorchBuild(version, ".".join(runtime.version.split(".")[:2]), told_by=runtime.folder / runtime.info)
    return None
