"""Wheels that were built for different CUDAs, or for none."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from .contents import Contents, code_version
from .cures import again, index_of, pip, remove
from .package import Package
from .problem import Problem
from .torch_build import TorchBuild, torch_build

_WANT_CUDA = (
    "flash-attn",
    "bitsandbytes",
    "vllm",
    "sglang",
    "xformers",
    "deepspeed",
    "auto-gptq",
    "autoawq",
    "exllamav2",
)
_FAMILY = ("torchvision", "torchaudio")


def cpu_only_torch(environment: Contents) -> Iterator[Problem]:
    """A torch without CUDA beside packages that want one."""
    torch, build = environment.package("torch"), torch_build(environment)
    found = [environment.package(name) for name in _WANT_CUDA]
    wanting = [package for package in found if package and not package.tag.startswith("cpu")]
    if torch and build and build.cpu and wanting and sys.platform != "darwin":
        names = ", ".join(f"{package.name} {package.version}" for package in wanting)
        sentence = f"torch {build.version} is built without CUDA, which {names} want{'s' * (len(wanting) == 1)}"
        cure = (
            pip(environment, "install", "--force-reinstall", f"torch=={torch.public}")
            if sys.platform == "linux"
            else None
        )
        about = ("torch", *(package.name for package in wanting))
        yield Problem("cpu-only-torch", sentence, about, build.told_by or torch.folder / torch.info, cure)


def torch_family(environment: Contents) -> Iterator[Problem]:
    """torchvision or torchaudio of another build than torch: their operators do not load."""
    build = torch_build(environment)
    wanted = _tag_of(build)
    for name in _FAMILY:
        package = environment.package(name)
        tag = package and (package.tag or (code_version(package) or "").partition("+")[2])
        if package and build and wanted and tag and _comparable(tag) and tag != wanted:
            asked = f"{name}=={package.public}"
            cure = pip(environment, "install", "--force-reinstall", "--no-deps", asked, *index_of(wanted))
            sentence = f"{name} {package.public}+{tag} is built for another torch than {build.version} ({wanted})"
            yield Problem("torch-family", sentence, (name, "torch"), package.folder / package.info, cure)


def _tag_of(build: TorchBuild | None) -> str | None:
    """A build as torch writes it at the end of a version."""
    if build is None:
        return None
    if build.cuda:
        return f"cu{build.cuda.replace('.', '')}"
    tag = build.version.partition("+")[2]
    return "cpu" if build.cpu else tag if tag.startswith("rocm") else None


def _comparable(tag: str) -> bool:
    return re.fullmatch(r"cu\d{3,4}|cpu|rocm[\d.]+", tag) is not None


def mixed_cuda(environment: Contents) -> Iterator[Problem]:
    """CUDA libraries of two CUDAs, which partly lie in the same folders; or of another than torch."""
    wheels = _wheels(environment)
    build = torch_build(environment)
    own = build.cuda.split(".")[0] if build and build.cuda else None
    if len(wheels) > 1:
        yield _mixed(environment, wheels, own)
    elif build and own and wheels and own not in wheels:
        (major, others), torch = next(iter(wheels.items())), environment.package("torch")
        sentence = (
            f"torch {build.version} is built for CUDA {build.cuda}, the libraries beside it are of CUDA {major}: "
            + (_names(others))
        )
        cure = (
            pip(environment, "install", "--force-reinstall", f"torch=={torch.public}", *index_of(torch.tag))
            if torch
            else None
        )
        yield Problem("mixed-cuda", sentence, ("torch", *_sorted(others)), others[0].folder / others[0].info, cure)


def _mixed(environment: Contents, wheels: dict[str, list[Package]], own: str | None) -> Problem:
    kept = own if own in wheels else max(wheels, key=int)
    others = [package for major, same in wheels.items() if major != kept for package in same]
    overwritten = [package for package in wheels[kept] if _library(package) in {_library(other) for other in others}]
    cure = remove(environment, _sorted(others))
    if overwritten:
        cure += f" && {again(environment, *overwritten)}"
    told = "; ".join(f"CUDA {major}: {_names(same)}" for major, same in sorted(wheels.items()))
    sentence = f"libraries of several CUDAs are installed, some in the same folders ({told})"
    return Problem("mixed-cuda", sentence, _sorted(others), others[0].folder / others[0].info, cure)


def _wheels(environment: Contents) -> dict[str, list[Package]]:
    """NVIDIA's libraries by the major version of their CUDA."""
    found: dict[str, list[Package]] = {}
    for name, package in environment.packages.items():
        match = re.fullmatch(r"nvidia-[a-z0-9-]+-cu(\d{2})", name)
        major = match[1] if match else "13" if _is_13(package) else None
        if major:
            found.setdefault(major, []).append(package)
    return found


def _is_13(package: Package) -> bool:
    """From CUDA 13 on the names of some tell no CUDA."""
    return package.name in {"nvidia-cuda-runtime", "nvidia-cublas"} and package.version.startswith("13.")


def _library(package: Package) -> str:
    return re.sub(r"-cu\d{2}$", "", package.name)


def _sorted(packages: list[Package]) -> tuple[str, ...]:
    return tuple(sorted(package.name for package in packages))


def _names(packages: list[Package]) -> str:
    """At most three, and how many more."""
    shown = [f"{package.name} {package.version}" for package in packages[:3]]
    more = len(packages) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
