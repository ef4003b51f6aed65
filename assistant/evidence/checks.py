"""Evaluates the checks of a case: each is confirmed, contradicted or unknown, with a sentence that says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...kb import Check
from ...kb.case import captured
from ..diagnosis import Evidence, Origin, Status
from .facts import Facts, Told
from .files import judge_file
from .patterns import holds
from .ranges import judged

_SUBJECTS = {
    "python": "Python",
    "cuda": "CUDA",
    "driver": "the NVIDIA driver",
    "glibc": "glibc",
    "gpu_capability": "the compute capability of the GPU",
    "gpu_memory_gb": "the memory of the GPU",
    "ram_gb": "the memory of the machine",
}
_UNSET = "unset"


def evaluate(checks: Sequence[Check], facts: Facts) -> list[Evidence]:
    """What is known of each check; those that do not concern this report are left out."""
    return [evaluated(check, facts) for check in concerning(checks, facts)]


def concerning(checks: Sequence[Check], facts: Facts) -> list[Check]:
    """The checks that concern a report in which the signatures captured this."""
    return [check for check in checks if captured(check.given, facts.captured)]


def evaluated(check: Check, facts: Facts) -> Evidence:
    """What is known of one check."""
    return _KINDS[check.kind](check, facts)


def _all(check: Check, facts: Facts) -> Evidence:
    parts = [evaluated(part, facts) for part in check.all]
    return Evidence(
        describe(check), _joined([part.status for part in parts]), "; ".join(part.detail for part in parts),
        next((part.source for part in parts if part.source), None),
    )  # fmt: skip


def _joined(statuses: Sequence[Status]) -> Status:
    if "contradicted" in statuses:
        return "contradicted"
    return "confirmed" if statuses and all(status == "confirmed" for status in statuses) else "unknown"


def _version(check: Check, facts: Facts) -> Evidence:
    name = check.name or check.kind
    if check.detail.get("missing") == "true":
        return _missing(check, name, facts)
    found: list[tuple[Origin, Told]] = [
        (source.origin, told) for source in facts.sources if (told := source.version(check.kind, name))
    ]
    if not found:
        return _unknown(check, _absence(name, facts) or f"no version of {_SUBJECTS.get(name, name)} is known")
    (origin, told), *later = found
    judgement = _compared(check, told, origin)
    by_now = f"; by now {later[0][1].about}" if later and later[0][1].value != told.value else ""
    return Evidence(judgement.check, judgement.status, judgement.detail + by_now, judgement.source)


def _missing(check: Check, name: str, facts: Facts) -> Evidence:
    for source in facts.sources:
        if told := source.version("package", name):
            return Evidence(describe(check), "contradicted", f"{told.about} is there", source.origin)
        if absent := source.absence(name):
            return Evidence(describe(check), "confirmed", absent, source.origin)
    return _unknown(check, f"whether {name} is installed is not known")


def _absence(name: str, facts: Facts) -> str | None:
    return next((absent for source in facts.sources if (absent := source.absence(name))), None)


def _compared(check: Check, told: Told, origin: Origin) -> Evidence:
    status = judged(told.value, check.broken, check.fixed, whole=told.whole)
    if status is None:
        return Evidence(describe(check), "unknown", f"{told.about} is no version that can be compared", origin)
    ending = {"confirmed": f"is {check.broken}", "contradicted": f"is {check.fixed}"}
    detail = f"{told.about} {ending.get(status, 'is neither known to fail nor known to work')}"
    return Evidence(describe(check), status, detail, origin)


def _amount(check: Check, facts: Facts) -> Evidence:
    for source in facts.sources:
        if amounts := source.amounts(check.kind):
            found = [_compared(check, told, source.origin) for told in amounts]
            # Which of several unequal GPUs was in use is not known.
            agreed = found[0].status if len({one.status for one in found}) == 1 else "unknown"
            details = "; ".join(dict.fromkeys(one.detail for one in found))
            return Evidence(describe(check), agreed, details, source.origin)
    return _unknown(check, f"{_SUBJECTS[check.kind]} is not known")


def _platform(check: Check, facts: Facts) -> Evidence:
    for source in facts.sources:
        if sentence := source.platforms().get(check.name or ""):
            return Evidence(describe(check), "confirmed", sentence, source.origin)
    return _unknown(check, f"nothing tells of {check.name}")


def _variable(check: Check, facts: Facts) -> Evidence:
    for source in facts.sources:
        if told := source.variable(check.name or ""):
            met = not told.value if check.broken == _UNSET else bool(told.value) and holds(check.broken, told.value)
            return Evidence(describe(check), "confirmed" if met else "unknown", told.about, source.origin)
    return _unknown(check, f"whether {check.name} is set is not known")


def _file(check: Check, facts: Facts) -> Evidence:
    for source in facts.sources:
        paths = source.files(check.name or "")
        if paths:
            status, detail = judge_file(check, paths)
            return Evidence(describe(check), status, detail, source.origin)
    return _unknown(check, f"where {check.name} lies is not known")


def _unknown(check: Check, why: str) -> Evidence:
    return Evidence(describe(check), "unknown", why)


_KINDS: Mapping[str, Callable[[Check, Facts], Evidence]] = {
    **dict.fromkeys(("package", "program", "python", "cuda", "driver", "glibc"), _version),
    **dict.fromkeys(("gpu_capability", "gpu_memory_gb", "ram_gb"), _amount),
    "platform": _platform,
    "env": _variable,
    "file": _file,
    "all": _all,
}
"""How each kind of the case format is looked at."""


def describe(check: Check) -> str:
    """A check in words: "package transformers <4.37"."""
    if check.kind == "all":
        return " and ".join(describe(part) for part in check.all)
    words = [check.kind, check.name, *(f"{key}={value}" for key, value in check.detail.items()), check.broken]
    return " ".join(word for word in words if word)
