"""Signatures against samples: each pattern compiles, finds what it should, and proves no other case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..anchors import anchors
from ..case import Case, Check
from ..load import KnowledgeBase, shown
from ..patterns import AnchoredPatterns, PatternError, compile_pattern, matches
from ..reader import Problem


@dataclass(frozen=True, slots=True)
class _Entry:
    """One valid signature of one case."""

    case: str
    number: int
    regex: str
    role: str


def pattern_faults(base: KnowledgeBase) -> list[Problem]:
    """The signatures that cannot be used.

    Raises:
        ExtraMissing: google-re2 cannot be imported.
    """
    return _entries(base)[1]


def check_patterns(base: KnowledgeBase) -> Iterator[Problem]:
    """Faults of signatures, and of the samples and checks that lean on them."""
    entries, faults = _entries(base)
    yield from faults
    roots = [entry for entry in entries if entry.role == "root"]
    anchored = AnchoredPatterns([anchors(entry.regex) for entry in roots], many_texts=True)
    by_case: dict[str, list[_Entry]] = {}
    for entry in entries:
        by_case.setdefault(entry.case, []).append(entry)
    for case in base.cases.values():
        own = by_case.get(case.id, [])
        yield from _given(base, case, own)
        yield from _looked_for(base, case)
        yield from _hits(base, case, own)
        yield from _foreign_roots(base, case, roots, anchored)
        yield from _misses(base, case, own)


def _entries(base: KnowledgeBase) -> tuple[list[_Entry], list[Problem]]:
    entries: list[_Entry] = []
    faults: list[Problem] = []
    for case in base.cases.values():
        for number, signature in enumerate(case.signatures, start=1):
            key = f"signature[{number}].regex"
            try:
                empty = matches(signature.regex, "")
            except PatternError as error:
                cure = "write it in RE2 syntax: no lookaround, no backreferences, no repetition above 1000"
                faults.append(Problem(_file(base, case), key, f"does not compile: {error}", cure))
                continue
            if empty:
                faults.append(Problem(_file(base, case), key, "matches an empty text", "make it say something"))
            entries.append(_Entry(case.id, number, signature.regex, signature.role))
    return entries, faults


def _hits(base: KnowledgeBase, case: Case, own: list[_Entry]) -> Iterator[Problem]:
    telling = [entry for entry in own if entry.role in ("root", "hint")]
    for number, sample in enumerate(case.hits, start=1):
        if telling and not any(matches(entry.regex, sample) for entry in telling):
            fault = f"{_start(sample)} is matched by no root or hint signature of the case"
            yield Problem(_file(base, case), f"sample[{number}].hit", fault, "widen a signature, or mend the sample")


def _foreign_roots(
    base: KnowledgeBase, case: Case, roots: list[_Entry], anchored: AnchoredPatterns
) -> Iterator[Problem]:
    for sample in case.hits:
        foreign = (roots[place] for place in anchored.candidates(sample) if roots[place].case != case.id)
        for entry in foreign:
            if matches(entry.regex, sample):
                fault = f"a root signature that also fires on a sample of {case.id}: {_start(sample)}"
                cure = "narrow it, or make it a hint"
                yield Problem(shown(base.files[entry.case].path), f"signature[{entry.number}].regex", fault, cure)


def _misses(base: KnowledgeBase, case: Case, own: list[_Entry]) -> Iterator[Problem]:
    roots = [entry.regex for entry in own if entry.role == "root"]
    for number, sample in enumerate(case.misses, start=1):
        if any(matches(root, sample) for root in roots):
            fault = f"{_start(sample)} is matched by a root signature of the case"
            yield Problem(_file(base, case), f"sample[{number}].miss", fault, "narrow the signature, or make it a hint")


def _given(base: KnowledgeBase, case: Case, own: list[_Entry]) -> Iterator[Problem]:
    groups = {group for entry in own for group in _groups(entry.regex)}
    wanted = [(f"fix[{number}]", set(fix.given)) for number, fix in enumerate(case.fixes, start=1)]
    wanted += [(f"check[{number}]", _given_names(found)) for number, found in enumerate(case.checks, start=1)]
    for key, names in wanted:
        for name in sorted(names - groups):
            cure = f"name a group (?P<{name}>...) in a signature, or drop the condition"
            yield Problem(_file(base, case), f"{key}.given", f'no signature captures "{name}"', cure)


def _looked_for(base: KnowledgeBase, case: Case) -> Iterator[Problem]:
    """What checks of variables and files look for."""
    for number, found in enumerate(case.checks, start=1):
        for part in (found, *found.all):
            if part.kind not in ("env", "file") or part.broken is None:
                continue
            try:
                compile_pattern(f"(?:{part.broken})")
            except PatternError as error:
                fault, cure = f"does not compile: {error}", "write it in RE2 syntax"
                yield Problem(_file(base, case), f"check[{number}].{part.kind}.broken", fault, cure)


def _groups(regex: str) -> set[str]:
    # Compiling a pattern again is dear, and few name anything.
    return set(compile_pattern(regex).groupindex) if "(?P<" in regex else set()


def _given_names(found: Check) -> set[str]:
    return {*found.given, *(name for part in found.all for name in _given_names(part))}


def _start(sample: str) -> str:
    words = " ".join(sample.split())
    return repr(words[:60] + ("…" if len(words) > 60 else ""))


def _file(base: KnowledgeBase, case: Case) -> str:
    return shown(base.files[case.id].path)
