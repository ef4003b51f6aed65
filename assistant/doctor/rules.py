"""Known conflicts between packages, GPU, driver, system and settings, as data (`rules/*.toml`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast, get_args

import tomli

from ...kb import Check, Problem
from ...kb.check_format import read_check
from ...kb.errors import CaseError
from ...kb.parse import ID
from ...kb.reader import Reader
from .finding import Severity

_FOLDER = Path(__file__).with_name("rules")
_LIMITS = {"title": 100, "consequence": 400, "do": 300, "run": 200}
"""The longest text of each key, in characters."""
_RELEASE = re.compile(r"\d+\.\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Rule:
    """A conflict that is there when all its checks are confirmed."""

    id: str
    title: str
    checks: tuple[Check, ...]
    consequence: str
    """What the user sees: the error, or the silent effect."""
    do: str
    sources: tuple[str, ...]
    severity: Severity
    run: str | None = None
    case: str | None = None
    """The case that explains it."""


@cache
def load_rules() -> tuple[Rule, ...]:
    """The rules shipped with the package, in the order of their files.

    Raises:
        CaseError: a file is faulty; `check_rules` tells all of its faults.
    """
    rules, problems = read_rules(_FOLDER)
    if problems:
        raise CaseError("the table of conflicts is faulty", context=str(problems[0]), hint="run: firstaid kb check")
    return rules


def check_rules() -> list[Problem]:
    """Every fault of the shipped rules, each with its file, its key and its cure."""
    return read_rules(_FOLDER)[1]


def read_rules(folder: Path) -> tuple[tuple[Rule, ...], list[Problem]]:
    """The rules of all files of a folder, and every fault found."""
    problems: list[Problem] = []
    rules = [rule for path in sorted(folder.glob("*.toml")) for rule in _file(path, problems)]
    for name, count in Counter(rule.id for rule in rules).items():
        if count > 1:
            problems.append(Problem(folder.name, name, f"{count} rules have this id", "give each its own"))
    return tuple(rules), sorted(set(problems))


def _file(path: Path, problems: list[Problem]) -> Iterator[Rule]:
    name = f"{path.parent.name}/{path.name}"
    try:
        table = tomli.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        problems.append(Problem(name, "file", f"is not TOML: {error}", "mend the syntax at that place"))
        return
    read = Reader(table, name, "", problems)
    for rule in read.tables("rule"):
        yield _rule(rule)
    for pair in read.tables("pair"):
        yield from _pair(pair)
    read.done()


def _rule(read: Reader) -> Rule:
    checks = tuple(read_check(check) for check in read.tables("checks"))
    if not checks:
        read.problem("checks", "missing or empty", "name what the machine must show")
    rule_id = read.need("id")
    if rule_id and not ID.fullmatch(rule_id):
        read.problem("id", f'"{rule_id}" is no id', "write it in kebab-case: lower-case-words")
    rule = Rule(
        id=rule_id,
        title=read.need("title", _LIMITS["title"]),
        checks=checks,
        consequence=read.need("consequence", _LIMITS["consequence"]),
        do=read.need("do", _LIMITS["do"]),
        run=read.text("run", _LIMITS["run"]),
        case=read.text("case"),
        sources=_sources(read),
        severity=_severity(read),
    )
    read.done()
    return rule


def _sources(read: Reader) -> tuple[str, ...]:
    sources = read.texts("sources", least=1)
    for source in sources:
        if not re.match(r"https://[^\s/]+/\S+$", source):
            read.problem("sources", f'"{source}" is no address', "give the full https:// address")
    return sources


def _severity(read: Reader) -> Severity:
    return cast("Severity", read.need("severity", choices=get_args(Severity)))


def _pair(read: Reader) -> Iterator[Rule]:
    """A rule for each release of `with` that has its own releases of `package`: { "2.9" = "0.8|0.9" }.

    `only` leaves out releases of the package of which it is not known.
    """
    package, other = read.need("package"), read.need("with")
    releases, only = read.strings("releases"), read.text("only")
    consequence, do = read.need("consequence", _LIMITS["consequence"]), read.need("do", _LIMITS["do"])
    case, sources, severity = read.text("case"), _sources(read), _severity(read)
    read.done()
    for release, fitting in releases.items():
        versions = [version.strip() for version in fitting.split("|")]
        if not all(_RELEASE.fullmatch(version) for version in (release, *versions)):
            read.problem(f"releases.{release}", f'"{fitting}" is no release', 'write "2.9" = "0.8|0.9"')
            continue
        yield Rule(
            id=f"{package}-for-{other}-{release}".replace(".", "-"),
            title=f"{package} does not fit {other} {release}, which needs {package} {' or '.join(versions)}",
            checks=(
                Check("package", other, broken=f"=={release}.*"),
                Check("package", package, broken=_none_of(versions, only)),
            ),
            consequence=consequence,
            do=do,
            run=f"pip install --no-deps '{package}=={versions[-1]}.*'",
            case=case,
            sources=sources,
            severity=severity,
        )


def _none_of(versions: Sequence[str], only: str | None) -> str:
    return ",".join([*(f"!={version}.*" for version in versions), *([only] if only else [])])
