"""Commands that mend an environment. None deletes anything without asking: what is in the way is moved aside."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from .contents import Contents
from .package import Package


def in_shell(path: Path) -> str:
    """A path as a shell takes it, without the user's name."""
    try:
        return f"~/{shlex.quote(str(path.relative_to(Path.home())))}"
    except ValueError:
        return shlex.quote(str(path))


def aside(*paths: Path) -> str:
    """Moves what lies in the way into a new folder."""
    return f'mv -- {" ".join(map(in_shell, paths))} "$(mktemp -d)"'


def pip(environment: Contents, *arguments: str) -> str:
    """pip of that environment, whatever is active."""
    return " ".join([in_shell(environment.executable), "-m", "pip", *map(shlex.quote, arguments)])


def again(environment: Contents, *packages: Package) -> str:
    """Installs the same version anew, from where its build came."""
    wanted = [f"{package.name}=={package.public}" for package in packages]
    return pip(environment, "install", "--force-reinstall", "--no-deps", *wanted, *index_of(packages[0].tag))


def remove(environment: Contents, names: Iterable[str]) -> str:
    """Asks before it takes them away."""
    return pip(environment, "uninstall", *names)


def index_of(tag: str) -> tuple[str, ...]:
    """Where torch, torchvision and torchaudio of that build are."""
    known = tag.startswith(("cu", "rocm", "cpu", "xpu"))
    return ("--index-url", f"https://download.pytorch.org/whl/{tag}") if known else ()
