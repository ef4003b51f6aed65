"""One package that is installed twice."""

from __future__ import annotations

from collections.abc import Iterator

from ..variables import shown_path
from .contents import Contents, code_version
from .cures import again, aside
from .layouts import user_folders
from .package import Package
from .problem import Problem
from .stack import matters


def duplicates(environment: Contents) -> Iterator[Problem]:
    """Two dist-infos of one package in one folder: its code is that of one of them, or a mixture."""
    for copies in environment.copies.values():
        same = [package for package in copies if package.folder == copies[0].folder]
        if len(same) > 1:
            yield _duplicate(environment, same)


def _duplicate(environment: Contents, same: list[Package]) -> Problem:
    first, *others = same
    versions = " and ".join(package.version for package in same)
    code = code_version(first)
    wins = f"its code says {code}" if code else f"{first.version} was installed last"
    cure = f"{aside(*(other.folder / other.info for other in others))} && {again(environment, first)}"
    sentence = f"{first.name} is installed as {versions} in one folder, {shown_path(first.folder)}; {wins}"
    return Problem("duplicate", sentence, (first.name,), others[0].folder / others[0].info, cure)


def shadowed(environment: Contents) -> Iterator[Problem]:
    """Another version in a folder that is searched later; only of the packages that matter."""
    for name, copies in environment.copies.items():
        first = copies[0]
        hidden = next((other for other in copies if other.folder != first.folder), None)
        if hidden and matters(name) and hidden.version != first.version:
            yield _shadowed(environment, first, hidden)


def _shadowed(environment: Contents, first: Package, hidden: Package) -> Problem:
    of_user = first.folder in user_folders(".".join((environment.python or "").split(".")[:2]))
    sentence = (
        f"{first.name} {first.version} in {shown_path(first.folder)} is imported, "
        f"not {hidden.version} in {shown_path(hidden.folder)}"
    )
    if not of_user:
        return Problem("shadowed", sentence, (first.name,), first.folder / first.info)
    return Problem(
        "user-site",
        f"{sentence}: what `pip install --user` installed comes first",
        (first.name,),
        first.folder / first.info,
        "export PYTHONNOUSERSITE=1",
    )
