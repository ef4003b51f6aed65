"""TOML -> Case. Every fault that one file shows by itself is found here, all at once."""

from __future__ import annotations

import re
from typing import cast

import tomli

from .case import Case, Confidence, Fix, Incident, Link, Role, SeeAlso, Shell, Signature
from .check_format import read_check
from .reader import Problem, Reader
from .taxonomy import load_taxonomy
from .vocabulary import load_vocabulary

LIMITS = {
    "title": 90,
    "cause": 700,
    "asks": 140,
    "do_not": 200,
    "tell": 140,
    "regex": 600,
    "do": 300,
    "run": 400,
    "verify": 400,
    "expect": 200,
    "when": 200,
    "sample": 4000,
    "says": 140,
}
"""The longest text of each key, in characters."""

CONFIDENCES = ("confirmed", "reported", "derived")
ROLES = ("root", "hint", "cascade", "advice")
LINKS = ("resolved", "same", "mentioned")
SHELLS = ("sh", "powershell", "python")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def parse_case(case_id: str, source: bytes, file: str) -> tuple[Case | None, list[Problem]]:
    """The case written in `source`, or None where a fault makes it unusable, with every fault found."""
    problems: list[Problem] = []
    try:
        table = tomli.loads(source.decode("utf-8"))
    except UnicodeDecodeError as error:
        return None, [Problem(file, "file", f"is not UTF-8 at byte {error.start}", "save it as UTF-8")]
    except tomli.TOMLDecodeError as error:
        return None, [Problem(file, "file", f"is not TOML: {error}", "mend the syntax at that place")]
    if not ID.fullmatch(case_id):
        problems.append(
            Problem(file, "id", f'"{case_id}" is no id', "name the file in kebab-case: lower-case-words.toml")
        )
    case = _case(case_id, Reader(table, file, "", problems))
    return (None if problems else case), problems


def _case(case_id: str, read: Reader) -> Case:
    taxonomy, vocabulary = load_taxonomy(), load_vocabulary()
    hits, misses = _samples(read)
    case = Case(
        id=case_id,
        title=read.need("title", LIMITS["title"]),
        symptom=read.need("symptom", choices=taxonomy.symptom),
        root_cause=read.need("root_cause", choices=taxonomy.root_cause),
        stage=read.texts("stage", least=1, choices=taxonomy.stage),
        stack=read.texts("stack", least=1, choices=vocabulary.stack),
        models=read.texts("models", choices=vocabulary.model),
        confidence=cast("Confidence", read.need("confidence", choices=CONFIDENCES)),
        cause=read.need("cause", LIMITS["cause"]),
        asks=read.texts("asks", least=1, limit=LIMITS["asks"]),
        do_not=read.texts("do_not", limit=LIMITS["do_not"]),
        see_also=tuple(_see_also(table) for table in read.tables("see_also")),
        signatures=tuple(_signature(table) for table in read.tables("signature")),
        fixes=tuple(_fix(table) for table in read.tables("fix")),
        checks=tuple(read_check(table) for table in read.tables("check")),
        hits=hits,
        misses=misses,
        incidents=tuple(_incident(table) for table in read.tables("incident")),
    )
    if not case.fixes:
        read.problem("fix", "missing", "add at least one [[fix]] with a step in `do`")
    read.done()
    return case


def _see_also(read: Reader) -> SeeAlso:
    found = SeeAlso(id=read.need("id"), tell=read.need("tell", LIMITS["tell"]))
    read.done()
    return found


def _signature(read: Reader) -> Signature:
    found = Signature(regex=read.need("regex", LIMITS["regex"]), role=cast("Role", read.need("role", choices=ROLES)))
    read.done()
    return found


def _fix(read: Reader) -> Fix:
    found = Fix(
        do=read.need("do", LIMITS["do"]),
        run=read.text("run", LIMITS["run"]),
        shell=cast("Shell", read.text("shell", choices=SHELLS) or "sh"),
        verify=read.text("verify", LIMITS["verify"]),
        expect=read.text("expect", LIMITS["expect"]),
        when=read.text("when", LIMITS["when"]),
        given=read.strings("given"),
        confidence=cast("Confidence | None", read.text("confidence", choices=CONFIDENCES)),
    )
    read.done()
    return found


def _samples(read: Reader) -> tuple[tuple[str, ...], tuple[str, ...]]:
    texts: dict[str, list[str]] = {"hit": [], "miss": []}
    for table in read.tables("sample"):
        kinds = [kind for kind in texts if table.has(kind)]
        if len(kinds) != 1:
            table.problem("hit", "a sample is either a hit or a miss", "give exactly one of `hit` and `miss`")
        for kind in kinds:
            texts[kind].append(table.text(kind, LIMITS["sample"]) or "")
        table.done(texts)
    if not texts["hit"]:
        read.problem("sample", "no hit sample", "add a [[sample]] with `hit`: what a user with this problem pastes")
    return tuple(texts["hit"]), tuple(texts["miss"])


def _incident(read: Reader) -> Incident:
    taxonomy = load_taxonomy()
    url = read.need("url")
    if url and not re.match(r"https://[^\s/]+/\S+$", url):
        read.problem("url", f'"{url}" is no address', "give the thread's full https:// address")
    found = Incident(
        url=url,
        says=read.need("says", LIMITS["says"]),
        link=cast("Link", read.need("link", choices=LINKS)),
        model=read.text("model"),
        stage=read.text("stage", choices=taxonomy.stage),
        symptom=read.text("symptom", choices=taxonomy.symptom),
        root_cause=read.text("root_cause", choices=taxonomy.root_cause),
    )
    read.done()
    return found
