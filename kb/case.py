"""A case: one distinct failure, why it happens, and what cures it.

Plain frozen values, the same for a shipped case and for a user's own. `parse.py` makes them from TOML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["root", "hint", "cascade", "advice"]
Confidence = Literal["confirmed", "reported", "derived"]
Link = Literal["resolved", "same", "mentioned"]
Shell = Literal["sh", "powershell", "python"]


@dataclass(frozen=True, slots=True)
class Signature:
    """A text pattern (RE2 syntax) and what its presence in a report means.

    root proves the case alone; hint narrows; cascade follows many causes; advice is a library's own advice text and
    never counts.
    """

    regex: str
    role: Role


@dataclass(frozen=True, slots=True)
class Fix:
    """One step a person can take. firstaid shows `run` and `verify`; it never runs them."""

    do: str
    run: str | None = None
    shell: Shell = "sh"
    verify: str | None = None
    expect: str | None = None
    when: str | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    """Only for reports in which a signature captured these groups with one of these values, split by |."""
    confidence: Confidence | None = None
    """Only where lower than the case's own."""


def captured(given: Mapping[str, str], groups: Mapping[str, str]) -> bool:
    """Whether the signatures' named groups hold what a fix or check asks for."""
    return all(groups.get(name, "").lower() in values.lower().split("|") for name, values in given.items())


@dataclass(frozen=True, slots=True)
class Check:
    """Evidence a machine or a report can confirm or contradict.

    `kind` says what is looked at and `name` which one of it (a package, a program, a variable, a file). `broken` is the
    range or pattern in which the failure occurs and `fixed` the range in which it is known not to; what lies between
    is unknown: only `fixed` ever contradicts a case. Ranges are PEP 440 specifiers.
    """

    kind: str
    name: str | None = None
    broken: str | None = None
    fixed: str | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    """As in Fix: counts only for reports in which a signature captured one of these values."""
    decides: bool = False
    """Confirmed or contradicted, it decides the case; otherwise it only supports."""
    detail: Mapping[str, str] = field(default_factory=dict)
    """Of kind file: key, size or missing."""
    all: tuple[Check, ...] = ()
    """Of kind all: the checks that must hold together."""


@dataclass(frozen=True, slots=True)
class Incident:
    """A failure that somebody reported in public, and what its thread established."""

    url: str
    says: str
    link: Link
    model: str | None = None
    stage: str | None = None
    symptom: str | None = None
    root_cause: str | None = None


@dataclass(frozen=True, slots=True)
class SeeAlso:
    """A case that looks alike, and how to tell it from this one."""

    id: str
    tell: str


@dataclass(frozen=True, slots=True)
class Case:
    """One known failure with one path to its fix."""

    id: str
    title: str
    symptom: str
    root_cause: str
    stage: tuple[str, ...]
    stack: tuple[str, ...]
    confidence: Confidence
    cause: str
    asks: tuple[str, ...]
    fixes: tuple[Fix, ...]
    models: tuple[str, ...] = ()
    do_not: tuple[str, ...] = ()
    see_also: tuple[SeeAlso, ...] = ()
    signatures: tuple[Signature, ...] = ()
    checks: tuple[Check, ...] = ()
    hits: tuple[str, ...] = ()
    """Texts as users paste them, of which each must find this case."""
    misses: tuple[str, ...] = ()
    """Texts that look alike and are another problem."""
    incidents: tuple[Incident, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The incidents' addresses, those that confirm the fix first."""
        order = {"resolved": 0, "same": 1, "mentioned": 2}
        ranked = sorted(self.incidents, key=lambda incident: order[incident.link])
        return tuple(dict.fromkeys(incident.url for incident in ranked))
