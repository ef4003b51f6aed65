"""The [[check]] tables of cases, and of whatever else names evidence that a machine can confirm."""

from __future__ import annotations

import re

from .case import Check
from .reader import Reader, closest
from .vocabulary import load_vocabulary

NAMED_CHECKS = ("package", "program")
RANGE_CHECKS = ("python", "cuda", "driver", "glibc", "gpu_capability", "gpu_memory_gb", "ram_gb")
CHECK_KINDS = (*NAMED_CHECKS, *RANGE_CHECKS, "platform", "env", "file", "all")

_RANGE = re.compile(
    r"\s*(~=|==|!=|<=|>=|<|>)\s*v?(\d+!)?\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?(\.\*)?(\+[a-z0-9.]+)?\s*"
)

SIZE = re.compile(r"\s*(<=|>=|<|>|==)\s*(\d+(?:\.\d+)?)\s*([KMG]?B)?\s*", re.IGNORECASE)
"""The size of a file: how to compare, the number, its unit (decimal)."""


def read_check(read: Reader) -> Check:
    """The check written in one table; its faults are noted by the reader."""
    kinds = [kind for kind in CHECK_KINDS if read.has(kind)]
    if len(kinds) != 1:
        read.problem(
            "kind", f"names {', '.join(kinds) or 'nothing'} to look at", f"give one of {', '.join(CHECK_KINDS)}"
        )
        return Check(kind="none")
    kind = kinds[0]
    given, decides = read.strings("given"), read.flag("decides")
    if kind == "all":
        parts = tuple(read_check(part) for part in read.tables("all"))
        found = Check(kind=kind, given=given, decides=decides, all=parts)
    elif kind in NAMED_CHECKS:
        found = _named_check(read, kind, given, decides)
    elif kind in RANGE_CHECKS:
        found = Check(kind, None, _range(read, kind), _range(read, "fixed"), given, decides)
    elif kind == "platform":
        name = read.need("platform", choices=load_vocabulary().platform)
        found = Check(kind, name, given=given, decides=decides)
    else:
        found = _detailed_check(read, kind, given, decides)
    read.done(CHECK_KINDS)
    return found


def _named_check(read: Reader, kind: str, given: dict[str, str], decides: bool) -> Check:
    missing = kind == "package" and read.flag("missing")
    detail = {"missing": "true"} if missing else {}
    found = Check(kind, read.need(kind), _range(read, "broken"), _range(read, "fixed"), given, decides, detail)
    if missing and (found.broken or found.fixed):
        read.problem("missing", "a package that is missing has no version", "give either `missing` or a range")
    if not (missing or found.broken or found.fixed):
        read.problem("broken", "no version is named", 'give `broken = "<1.2"`, `fixed = ">=1.2"` or both')
    return found


def _detailed_check(read: Reader, kind: str, given: dict[str, str], decides: bool) -> Check:
    detail = read.strings(kind)
    known = {"env": {"name", "broken"}, "file": {"name", "broken", "key", "size", "missing"}}[kind]
    for key in detail.keys() - known:
        read.problem(f"{kind}.{key}", "unknown key", closest(key, known))
    if "name" not in detail:
        read.problem(f"{kind}.name", "missing", "say which one is looked at")
    name, broken = detail.pop("name", None), detail.pop("broken", None)
    if "size" in detail and not SIZE.fullmatch(detail["size"]):
        read.problem(f"{kind}.size", f'"{detail["size"]}" is no size', 'write it as "<1KB" or ">=2GB"')
    if broken is None and not ({"size", "missing"} & detail.keys()):
        read.problem(f"{kind}.broken", "nothing is looked for", "give a pattern in `broken`, or what else is wrong")
    return Check(kind, name, broken, given=given, decides=decides, detail=detail)


def _range(read: Reader, key: str) -> str | None:
    value = read.text(key)
    if value and not all(_RANGE.fullmatch(part) for part in value.split(",")):
        read.problem(key, f'"{value}" is no version range', 'write a PEP 440 range such as "<4.37" or ">=2.0,<2.3"')
    return value
