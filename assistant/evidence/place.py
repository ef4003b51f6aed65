"""Which environment failed: what the user or the run says, else what the report's paths tell, else the active one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ...kb.errors import UsageError
from ..diagnosis import Diagnosis, FoundBy, Whereabouts
from ..machine.limits import Probe
from ..report import Report

if TYPE_CHECKING:
    from ..machine.environments import Environment
    from ..machine.fact import FactGroup


@dataclass(frozen=True, slots=True)
class Choice:
    """Where evidence is to be read."""

    how: Literal["auto", "none", "option", "run"]
    path: Path | None = None
    """Of an environment, its Python or anything in it; only where one is chosen."""


AUTO, NONE = Choice("auto"), Choice("none")


@dataclass(frozen=True, slots=True)
class Place:
    """The environment that a report is of."""

    environment: Environment | None
    """None where it is not on this machine, or no package folder can be found."""
    where: Whereabouts


def choice_of(env: str | Path | Choice) -> Choice:
    """What "auto", "none" or a path asks for.

    Raises:
        UsageError: at the path is no environment.
    """
    if isinstance(env, Choice):
        return env
    simple = {"auto": AUTO, "none": NONE}.get(str(env))
    return simple or Choice("option", _checked(Path(env).expanduser()))


def _checked(path: Path) -> Path:
    from ..machine.environments import environment_at

    if not path.exists() or environment_at(path) is None:
        raise UsageError(
            f"{path} is no Python environment",
            hint="name its folder (with pyvenv.cfg or conda-meta), its python or its site-packages",
        )
    return path


def place_of(report: Report, choice: Choice) -> Place | None:
    """Where the report comes from; None where that cannot be told."""
    from ..machine.environments import active_environment, environment_at

    if choice.path is not None and (chosen := environment_at(choice.path)):
        return _here(chosen, "run" if choice.how == "run" else "option")
    found = _by_paths(report)
    if found is None and not _differs(report, active := active_environment()):
        found = _here(active, "active")
    return found


def _differs(report: Report, environment: Environment) -> bool:
    """Whether a report prints another version of a package than is installed, so that it is of another environment."""
    both = ((told, environment.package(name)) for name, told in report.versions.items())
    return any(not _same(told, found.public) for told, found in both if found)


def _same(told: str, installed: str) -> bool:
    """A report may leave out the end of a version, and its build tag."""
    told = told.partition("+")[0]
    return f"{installed}.".startswith(f"{told}.") or f"{told}.".startswith(f"{installed}.")


def chosen_place(choice: Choice) -> Place:
    """The environment to look at where there is no report: the chosen one, else the active one."""
    from ..machine.environments import active_environment, environment_at

    found = choice.path and environment_at(choice.path)
    return _here(found, "option") if found else _here(active_environment(), "active")


def facts_of(diagnosis: Diagnosis) -> list[FactGroup]:
    """The facts of the machine and the environment that evidence was read from; none where it was not looked at."""
    from ..machine.environments import environment_at
    from ..machine.facts import read_facts

    where = diagnosis.environment
    if where is None:
        return []
    return read_facts(environment_at(Path(where.path).expanduser()) if where.here else None)


def _by_paths(report: Report) -> Place | None:
    from ..machine.environments import located, paths_of
    from ..machine.variables import shown_path

    found = located(paths_of(report))
    if found is None:
        return None
    if found.environment:
        return _here(found.environment, "report")
    return Place(None, Whereabouts(path=shown_path(found.path), found_by="report", here=found.here))


def _here(environment: Environment, found_by: FoundBy) -> Place:
    return Place(environment, Whereabouts(path=environment.shown, found_by=found_by, here=True))


def placing(report: Report, choice: Choice) -> Probe[Place | None]:
    """The same, sought beside the search; what it needs is imported there too, which takes longer than seeking."""
    return Probe(place_of, report, choice)
