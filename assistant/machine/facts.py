"""What this machine has, for people and for bug reports: each group is read by one function, and none needs another."""

from __future__ import annotations

from collections.abc import Callable

from .cpu import cpu
from .disks import disks
from .environments import Environment
from .fact import Fact, FactGroup
from .gpus import gpus
from .hub import hub
from .limits import CutError, Probe
from .memory import main_memory
from .packages import packages
from .programs import programs
from .system import limits, system
from .variables import variables

__all__ = ["Fact", "FactGroup", "read_facts"]

_SECONDS = 5.0
"""What a group may take."""


def read_facts(environment: Environment | None = None) -> list[FactGroup]:
    """All of it, read side by side. What cannot be read says so, and takes nothing else away.

    Args:
        environment: whose packages are told; by default those of the active one.
    """
    groups: tuple[tuple[str, Callable[[], list[Fact]]], ...] = (
        ("System", system),
        ("Processor", cpu),
        ("Memory", main_memory),
        ("Limits", limits),
        ("GPUs", gpus),
        ("Disks", disks),
        ("Hub cache", hub),
        ("Programs", programs),
        ("Packages", lambda: packages(environment)),
        ("Variables", variables),
    )
    probes = [(title, Probe(function)) for title, function in groups]
    return [FactGroup(title, _read(probe)) for title, probe in probes]


def _read(probe: Probe[list[Fact]]) -> list[Fact]:
    try:
        return probe.within(_SECONDS)
    except CutError as error:
        return [Fact("not read", None, str(error))]
    except Exception as error:  # noqa: BLE001 - a broken package or kernel file is what people come here for
        return [Fact("not read", None, f"{type(error).__name__}: {error}")]
