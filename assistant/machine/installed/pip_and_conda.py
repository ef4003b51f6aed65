"""Packages that both pip and conda claim."""

from __future__ import annotations

from collections.abc import Iterator

from .conda import CondaPackage
from .contents import Contents
from .cures import again, in_shell
from .package import Package, installer
from .problem import Problem

_BOTH = {
    "torch": ("pytorch", "libtorch"),
    "torchvision": ("torchvision",),
    "torchaudio": ("torchaudio",),
    "numpy": ("numpy", "numpy-base"),
    "transformers": ("transformers",),
    "tokenizers": ("tokenizers",),
}
_CUDA = ("cuda-cudart", "cudatoolkit", "cuda-runtime")


def pip_and_conda(environment: Contents) -> Iterator[Problem]:
    """What pip installed over conda's files, and CUDA libraries of another CUDA than those of pip."""
    for name, names in _BOTH.items():
        package = environment.package(name)
        record = next((environment.conda[one] for one in names if one in environment.conda), None)
        if package and record and installer(package) not in {None, "conda"}:
            yield _both(environment, package, record)
    yield from _two_cudas(environment)


def _both(environment: Contents, package: Package, record: CondaPackage) -> Problem:
    by = installer(package)
    sentence = (
        f"{by} installed {package.name} {package.version} over conda's "
        f"{record.name} {record.version} ({record.build}): "
        "the files of both are mixed, and each tool may undo the other's work"
    )
    forget = f"conda remove --force --prefix {in_shell(environment.prefix)} {record.name}"
    cure = f"{forget} && {again(environment, package)}"
    return Problem("pip-and-conda", sentence, (package.name,), record.record, cure)


def _two_cudas(environment: Contents) -> Iterator[Problem]:
    conda = next((environment.conda[name] for name in _CUDA if name in environment.conda), None)
    wheels = [name for name in environment.packages if name.startswith("nvidia-cuda-runtime-cu")]
    majors = {name.removeprefix("nvidia-cuda-runtime-cu") for name in wheels}
    if conda and majors and conda.version.split(".")[0] not in majors:
        sentence = (
            f"conda's {conda.name} is of CUDA {conda.version}, pip's libraries are of CUDA "
            f"{' and '.join(sorted(majors))}: which of them a program loads depends on its search path"
        )
        yield Problem("pip-and-conda", sentence, (*sorted(wheels),), conda.record)
