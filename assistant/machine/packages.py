"""The packages of an environment, read from the small files beside their code; those of the LLM stack as facts."""

from __future__ import annotations

from .fact import Fact
from .installed.active import active_environment
from .installed.environment import Environment
from .installed.package import Package, editable, installer, normalised, requirements, source_url, wheel_tags
from .installed.stack import STACK
from .installed.torch_build import TorchBuild, torch_build

__all__ = [
    "STACK",
    "Package",
    "TorchBuild",
    "editable",
    "installer",
    "normalised",
    "packages",
    "requirements",
    "source_url",
    "torch_build",
    "wheel_tags",
]


def packages(environment: Environment | None = None) -> list[Fact]:
    """The packages of the LLM stack in an environment, by default the active one, which need not be firstaid's own."""
    environment = environment or active_environment()
    found = environment.packages
    names = [*STACK, *sorted(name for name in found if name.startswith("nvidia-"))]
    here = [Fact(name, found[name].version) for name in names if name in found]
    missing = [name for name in STACK if name not in found]
    about = [Fact("environment", environment.shown, environment.kind), Fact("Python", environment.python)]
    return [*about, *_built(environment), *here, Fact("not installed", ", ".join(missing) or "none of them")]


def _built(environment: Environment) -> list[Fact]:
    build = torch_build(environment)
    if build is None:
        return []
    target = f"CUDA {build.cuda}" if build.cuda else f"ROCm {build.rocm}" if build.rocm else None
    return [Fact("torch is built for", target or ("the CPU alone" if build.cpu else None))]
