"""Compute capability and memory that a report prints of its own GPU, never those that somebody demands or supports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from .facts import find_gpus

_CLAUSE = 160
"""Characters before a number in which its clause tells whose it is."""
_NEWEST = 13
_MOST = 100
"""Of each kind that are looked at: every rank of a large job may print its own."""
_NUMBER = (
    r"(?:sm_?(?P<chip>\d{2,3})[af]?\b"  # sm_120
    r"|\(\s?(?P<first>\d{1,2}),\s?(?P<second>\d)\s?\)"  # (8, 6)
    r"|(?P<major>\d{1,2})\.(?P<minor>\d)(?!\.?\d)"
    r"|(?P<apart>\d{1,2} \d)(?= is not )"  # "7 0" of text-generation-inference
    r"|(?<=: )(?P<joined>\d{2,3})(?!\.?\d))"  # "Current capability: 75" of vLLM
)
_CERTAIN = (
    rf"capability {_NUMBER}(?= is not (?:compatible|supported))",
    rf"device capability: {_NUMBER}",
    rf"capability [^\n]{{0,60}}\bactual ?[=:] ?[`'\"]?{_NUMBER}",
    rf"library=(?:cuda|CUDA)\b[^\n]{{0,120}}? compute={_NUMBER}",
    rf"get_device_capability\([^()\n]{{0,40}}\)[\s=:#>-]{{1,6}}{_NUMBER}",
)
"""Printed of the GPU at hand alone, whatever stands around it. Each pattern begins with a word, which is found fast."""
_PRINTED = (
    r"[Cc]apability(?: \(CC\))?(?: ?Major/Minor version number| among GPUs detected)?"
    rf"(?P<label> ?[:=])?(?: is| of)?\s{{0,6}}[`'\"]?{_NUMBER}",
    rf"(?P<label>arch)(?<![-\w=/]arch)(?:itecture)?:? {_NUMBER}",
)
_OWN = re.compile(
    r"\b(?:your|my|our|current|this|detected|found|has|have|device ?\d|gpu ?\d|name:)|你的|我的|当前|显卡",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"requir|support|compatible|at least|at most|minimum|maximum|\bm(?:in|ax)\b|need|only|must|should|want|e\.g|such as"
    r"|\blike\b|example|below|above|under\b|over\b|less|great|lower|older|newer|higher|built|compil|target|gencode|[<>≥≤]"
    r"|至少|需要|要求|支持|最低|低于|高于|以上|以下",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"[ ,]{0,3}(?:\+|(?:or|and|to|[,/~–、和或-])[ (]{0,2}(?:sm_?)?(?:\d|new|lat|high|above|up|bett|more|great|low)"
    r"|sm_|is (?:requ|need|supp)|requ|need|以上|及)",
    re.IGNORECASE,
)
"""What follows one of several, or a limit."""
_EDGE = re.compile(r"[\n;。，！？]|(?<!e\.g)(?<!i\.e)[.!?](?=\s)|\b(?:but|while|however|whereas)\b|但")
_FAILED = (
    r"GPU \d{1,3} has a total capaci?ty of (?P<size>\d{1,6}(?:\.\d{1,2})?) (?P<unit>[GM])iB",
    r"\(GPU \d{1,3}; (?P<size>\d{1,6}(?:\.\d{1,2})?) (?P<unit>[GM])iB total capacity",
    r"Free memory on device[^\n(]{0,20}\(\d{1,3}(?:\.\d{1,2})?/(?P<size>\d{1,3}(?:\.\d{1,2})?) (?P<unit>G)iB\)",
    r"total_gpu_memory \((?P<size>\d{1,3}(?:\.\d{1,2})?)(?P<unit>G)iB\)",
)
"""Of the GPU that failed."""
_LISTED = (
    r"MiB(?<=\dMiB)(?<!\.\dMiB)(?<!\.\d\dMiB) ?/ {1,3}(?P<size>\d{3,6})(?P<unit>M)iB\b",
    r"library=(?:cuda|CUDA|rocm|ROCm)\b[^\n]{0,300}? total=\"(?P<size>\d{1,3}\.\d) (?P<unit>G)iB\"",
    r"Device \d{1,2}: [^\n]{0,120}?, VRAM: (?P<size>\d{3,6}) (?P<unit>M)iB",
)
"""Of all that are there."""
_ALIKE = 1.08
"""The same GPU is 24 GiB for its driver and 23.5 for torch."""


def find_capability(text: str) -> tuple[int, int] | None:
    """The compute capability of the GPU that the report comes from; None where it names none, or several."""
    found = {*_certain(text), *_printed(text)}
    return found.pop() if len(found) == 1 else None


def find_gpu_memory(text: str) -> float | None:
    """Memory in all, in GiB, of the GPU that failed, else of those listed; None where none is told, or they differ."""
    for patterns in (_FAILED, _LISTED):
        sizes = [_gibibytes(match) for pattern in patterns for match in _matches(pattern, text)]
        if sizes:
            return max(sizes) if max(sizes) <= _ALIKE * min(sizes) else None
    return None


def _certain(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _CERTAIN:
        for match in _matches(pattern, text):
            yield from _capability(match)


def _printed(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _PRINTED:
        for match in _matches(pattern, text):
            clause = _EDGE.split(text[max(0, match.start() - _CLAUSE) : match.start()])[-1]
            if _OTHERS.search(clause) or _SEVERAL.match(text, match.end()):
                continue
            if match["label"] or _OWN.search(clause) or find_gpus(clause):
                yield from _capability(match)


def _matches(pattern: str, text: str) -> Iterator[re.Match[str]]:
    return islice(re.finditer(pattern, text), _MOST)


def _capability(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """One, or none where the number cannot be one."""
    told = match.groupdict()
    joined = told["chip"] or told["joined"] or (told["apart"] or "").replace(" ", "")
    major = int(joined[:-1] if joined else told["first"] or told["major"])
    if 2 < major <= _NEWEST:
        yield major, int(joined[-1] if joined else told["second"] or told["minor"])


def _gibibytes(match: re.Match[str]) -> float:
    return float(match["size"]) / (1024 if match["unit"] == "M" else 1)
