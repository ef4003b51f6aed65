"""The facts of a report and of a machine, as far as a tracker asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from ..machine.fact import Fact, FactGroup
from ..safe import one_line
from .log import fitted
from .markdown import fenced, folded, plain
from .material import Material
from .template import Template

ENVIRONMENT = ("version", "versions", "os", "python", "gpu", "cpu", "memory", "models")
"""The kinds of facts, in the order of a report that asks for all."""
ON_MACHINE: Mapping[str, Mapping[str, str]] = {
    "versions": {"Packages/environment": ""},
    "os": {"System/operating system": "", "System/kernel": "", "System/runs in": ""},
    "python": {"Packages/Python": ""},
    "gpu": {"GPUs/*": ""},
    "cpu": {"Processor/name": "processor", "Processor/cores for us": "cores"},
    "memory": {"Memory/total": "memory", "Memory//dev/shm": ""},
}
"""The facts of a machine that stand for a kind, by group and name, and what they are called where they stand alone."""
_ALL = 20_000
"""Characters of the list of all facts."""


def facts_of(kinds: Iterable[str], material: Material, template: Template, words: Mapping[str, str]) -> list[str]:
    """Lists of what the report and what the machine tells of these kinds; neither where nothing is known."""
    kinds = list(kinds)
    of_report = (line for kind in kinds for line in _of_report(kind, material, template, words))
    of_machine = (line for kind in kinds for line in _of_machine(kind, material, template))
    told = {"report": _list(of_report), material.machine: _list(of_machine)}
    return [line for who, lines in told.items() if lines for line in (words[who], "", *lines, "")][:-1]


def all_facts(groups: Iterable[FactGroup], words: Mapping[str, str]) -> list[str]:
    """Every fact of the machine, folded away."""
    lines = [line for group in groups for line in (group.title, *map(_line, group.facts))]
    return folded(words["details"], fenced(fitted(lines, _ALL, words))) if lines else []


def _list(lines: Iterable[str]) -> list[str]:
    return [f"- {plain(line)}" for line in lines]


def _line(fact: Fact) -> str:
    return f"  {fact.name}: {one_line(fact.shown)}"


def _of_report(kind: str, material: Material, template: Template, words: Mapping[str, str]) -> Iterator[str]:
    report = material.report
    own = template.package or ""
    if kind == "version" and own in report.versions:
        yield f"{own} {report.versions[own]}"
    elif kind == "versions":
        yield from (f"{name} {version}" for name, version in report.versions.items() if name not in (own, "python"))
    elif kind == "python" and "python" in report.versions:
        yield f"Python {report.versions['python']}"
    elif kind == "gpu":
        yield from report.gpus
    elif kind == "models":
        yield from (f"{words['model']}: {model}" for model in report.models)


def _of_machine(kind: str, material: Material, template: Template) -> Iterator[str]:
    packages = {"version": (template.package,), "versions": template.versions}.get(kind, ())
    known = {} if kind == "versions" and not packages else ON_MACHINE.get(kind, {})  # no package, no environment
    wanted = {**{f"Packages/{name}": "" for name in packages if name}, **known}
    named = {f"{group.title}/{fact.name}": fact for group in material.facts for fact in group.facts}
    for pattern, called in wanted.items():
        found = (fact for name, fact in named.items() if fact.value is not None and fnmatchcase(name, pattern))
        yield from (f"{called or fact.name}: {fact.shown}" for fact in found)
