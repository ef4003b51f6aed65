"""Everything that is wrong with a machine and one of its Python environments, before anything has failed."""

from __future__ import annotations

from collections.abc import Iterator

from ..evidence import Facts, evaluate
from ..evidence.machine_source import MachineSource
from ..machine.environments import Environment
from ..machine.variables import shown_path
from .downloads import broken_downloads
from .finding import Finding
from .requirements import unmet
from .rules import Rule, load_rules

_ORDER = {"broken": 0, "limited": 2, "risky": 1}
_SECONDS = 20.0
"""For all probes together: somebody who asks the doctor waits for an answer."""


def examine(environment: Environment | None) -> list[Finding]:
    """All known conflicts, the worst first."""
    found = [*by_rules(MachineSource(environment, seconds=_SECONDS)), *broken_downloads()]
    if environment:
        found += _problems(environment)
        # What a rule or a leftover explains needs not to be told once more as a requirement that is not met.
        explained = [set(one.packages) for one in found]
        found += [one for one in unmet(environment) if not any(set(one.packages) <= packages for packages in explained)]
    return sorted({one.id: one for one in found}.values(), key=lambda one: _ORDER[one.severity])


def by_rules(machine: MachineSource) -> Iterator[Finding]:
    """A finding for each rule of which every check is confirmed."""
    facts = Facts((machine,))
    for rule in load_rules():
        evidence = evaluate(rule.checks, facts)
        if all(one.status == "confirmed" for one in evidence):
            yield _finding(rule, [one.detail for one in evidence])


def _finding(rule: Rule, evidence: list[str]) -> Finding:
    return Finding(
        id=rule.id,
        severity=rule.severity,
        title=rule.title,
        evidence=evidence,
        consequence=rule.consequence,
        do=rule.do,
        packages=[name for check in rule.checks if check.kind == "package" and (name := check.name)],
        run=rule.run,
        case=rule.case,
        sources=list(rule.sources),
    )


def _problems(environment: Environment) -> Iterator[Finding]:
    for problem in environment.problems():
        yield Finding(
            id="-".join((problem.kind, *problem.packages)),
            severity="risky",
            title=problem.sentence,
            evidence=[shown_path(problem.evidence)],
            consequence="",
            do="",
            packages=list(problem.packages),
            run=problem.cure,
        )
