"""What installing and removing left half done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ..variables import shown_path
from .contents import Contents
from .cures import again, aside, pip
from .files import is_there
from .package import Package, editable, normalised
from .problem import Problem
from .site_packages import SitePackages
from .stack import STACK

_CODE = (
    "torch", "torchvision", "torchaudio", "transformers", "tokenizers", "accelerate", "peft", "trl", "bitsandbytes",
    "datasets", "safetensors", "huggingface-hub", "vllm", "sglang", "flash-attn", "xformers", "deepspeed", "numpy",
)  # fmt: skip
"""The packages whose code is looked for; each is imported by its own name."""
_VARIANTS = ("-cpu", "-gpu", "-nightly", "-windows", "-base")
"""Names under which the same code is distributed too."""


def half_removed(environment: Contents) -> Iterator[Problem]:
    """What pip renamed before it removed it, and then could not remove."""
    for listing in environment.listings:
        for left in listing.half_removed:
            name = _original(left, listing)
            sentence = (
                f"pip left {left} in {shown_path(listing.folder)} when it replaced or removed "
                f"{name or 'a package'}, and warns of an invalid distribution"
            )
            path = listing.folder / left
            yield Problem("half-removed", sentence, (name,) if name else (), path, aside(path))


def _original(left: str, listing: SitePackages) -> str | None:
    """The package whose first letter pip replaced, where only one can be meant."""
    stem = re.sub(r"-\d.*|\.(?:dist|egg)-info$", "", left)
    rest = normalised(stem.lstrip("~-.=%"))
    known = {package.name for package in listing.packages} | set(STACK)
    meant = [name for name in known if name.endswith(rest)]
    same = [name for name in meant if len(name) == len(stem)] or meant
    return same[0] if len(same) == 1 else None


def broken_metadata(environment: Contents) -> Iterator[Problem]:
    """Dist-infos that tell no version: pip and importlib.metadata fail on them, or pass over the package."""
    for listing in environment.listings:
        for info in listing.broken:
            yield _broken(environment, listing.folder / info)


def _broken(environment: Contents, info: Path) -> Problem:
    name = normalised(re.sub(r"\.(?:dist-info|egg-info|egg|egg-link)$", "", info.name).partition("-")[0])
    other = environment.package(name)
    sentence = f"{info.name} in {shown_path(info.parent)} tells no version: " + (
        f"what counts is {name} {other.version}" if other else f"{name} counts as not installed"
    )
    mend = again(environment, other) if other else pip(environment, "install", "--force-reinstall", "--no-deps", name)
    return Problem("broken-metadata", sentence, (name,), info, f"{aside(info)} && {mend}")


def code_missing(environment: Contents) -> Iterator[Problem]:
    """Packages that count as installed, and cannot be imported."""
    names = {listing.folder: listing.names for listing in environment.listings}
    for name in _CODE:
        package = environment.package(name)
        if package and not _has_code(package, names[package.folder]):
            sentence = (
                f"{name} {package.version} counts as installed, but {shown_path(package.folder)} holds no code of it"
            )
            yield Problem("code-missing", sentence, (name,), package.folder / package.info, again(environment, package))


def _has_code(package: Package, names: frozenset[str]) -> bool:
    tops = _tops(package) or {package.module}
    return (
        bool(tops & names) or package.info.endswith("EGG-INFO") or editable(package) is not None or _is_linked(package)
    )


def _is_linked(package: Package) -> bool:
    """Whether a finder or a .pth leads to its code."""
    stem = package.info.removesuffix(".dist-info")
    return any(is_there(package.folder / name) for name in (f"__editable__.{stem}.pth", f"{package.module}.pth"))


def _tops(package: Package) -> set[str]:
    """What of its code lies in the folder, by its name where that is among them."""
    record = (line.split(",", 1)[0] for line in package.told("RECORD").splitlines())
    files = {file.split("/", 1)[0] for file in islice(record, 2000)} - {"..", "__pycache__", package.info}
    tops = set(package.told("top_level.txt").split()) or files
    return {package.module} if package.module in tops else tops


def metadata_missing(environment: Contents) -> Iterator[Problem]:
    """Code that was copied, or whose dist-info was deleted."""
    owned = {part.replace("pytorch", "torch") for part in environment.conda}
    for listing in environment.listings:
        present = {package.name for package in listing.packages} | owned
        for name in _CODE:
            module = name.replace("-", "_")
            if module not in listing.names or present & {name, *(f"{name}{variant}" for variant in _VARIANTS)}:
                continue
            code = listing.folder / module
            if is_there(code / "__init__.py"):
                sentence = f"{shown_path(code)} has no dist-info: {name} can be imported, but counts as not installed"
                yield Problem("metadata-missing", sentence, (name,), code, pip(environment, "install", name))
