"""Whether the packages of the stack find what they ask for, as `pip check` would tell, without running anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion

from ..machine.environments import Environment
from ..machine.packages import STACK, Package, requirements
from ..machine.variables import shown_path
from .finding import Finding


def unmet(environment: Environment) -> Iterator[Finding]:
    """A finding for each package of the stack that asks for what is not there, or not in that version."""
    markers = _markers(environment.python)
    for package in (found for name in STACK if (found := environment.package(name))):
        broken = [finding for line in requirements(package) if (finding := _unmet(package, line, environment, markers))]
        yield from broken


def _markers(python: str | None) -> dict[str, str]:
    if python is None:
        return {"extra": ""}
    major, minor = python.split(".")[:2]
    full = python if python.count(".") >= 2 else f"{python}.0"
    return {"extra": "", "python_version": f"{major}.{minor}", "python_full_version": full}


def _unmet(package: Package, line: str, environment: Environment, markers: Mapping[str, str]) -> Finding | None:
    try:
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate(dict(markers)):
            return None
    except (InvalidRequirement, UndefinedComparison, UndefinedEnvironmentName):
        return None
    name = re.sub(r"[-_.]+", "-", wanted.name).lower()
    found = environment.package(name)
    if found and _satisfies(wanted, found.version):
        return None
    return _finding(package, wanted, name, found)


def _satisfies(wanted: Requirement, version: str) -> bool:
    try:
        return wanted.specifier.contains(version, prereleases=True)
    except InvalidVersion:
        return True  # what cannot be compared is no conflict that is known


def _finding(package: Package, wanted: Requirement, name: str, found: Package | None) -> Finding:
    asked = f"{name}{wanted.specifier}"
    has = f"{name} {found.version} is installed" if found else f"{name} is not installed"
    return Finding(
        id=f"requirement-{package.name}-{name}",
        severity="broken" if found is None else "risky",
        title=f"{package.name} {package.version} asks for {asked}",
        evidence=[f"{package.name} {package.version} in {shown_path(package.folder)} asks for {asked}", has],
        consequence=f"What of {package.name} needs {name} may fail; its makers tested it with {asked}.",
        do=f"Install what {package.name} asks for, or a release of {package.name} that takes what you have.",
        packages=[package.name, name],
        run=f"pip install '{asked}'",
    )
