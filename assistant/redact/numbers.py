"""Addresses made of numbers."""

from __future__ import annotations

import re

from .rule import Rule

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_OF_A_VERSION = re.compile(
    r"(?:version|release|driver|firmware|[\w.-]{0,40}cu1\d|nvidia[\w-]{0,40}|lib[\w-]{0,40}|opencv[\w-]{0,40}|tensorrt[\w-]{0,40}|cuda"
    r"|cudnn|nccl|cublas|[\w-]{0,40}python|\bv|\br|[=<>~!]=|[<>])[\"']?[\s:=(]{0,40}[\"']?$",
    re.IGNORECASE,
)
_BEFORE = 90
"""Characters in which the name of a version is looked for."""


def _unless_a_version(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - _BEFORE) : match.start()].rpartition("\n")[2]
    return match[0] if _OF_A_VERSION.search(before) else "<ip>"


NUMBERS = (
    Rule(
        r"\d\.\d{1,3}\.\d{1,3}\.\d",
        rf"(?<![\w.-])(?!127\.|0\.0\.0\.0|255\.)(?:{_OCTET}\.){{3}}{_OCTET}(?!\w|\.\w|-\w)",
        _unless_a_version,
    ),
    Rule(
        r"\b(?:[23][0-9a-f]{3}|f[cdef][0-9a-f]{2}):[0-9a-f]{0,4}:",
        r"(?i)(?<![\w:.])(?=[0-9a-f:]{0,40}::|(?:[0-9a-f]{1,4}:){7})(?:[23][0-9a-f]{3}|f[cdef][0-9a-f]{2})"
        r"(?::[0-9a-f]{0,4}){2,7}(?![\w:])",
        "<ip>",
    ),
    Rule(
        r"\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b",
        r"(?i)(?<![\w:-])(?!00(?::00){5}|ff(?::ff){5})(?:(?:[0-9a-f]{2}:){5}[0-9a-f]{2}"
        r"|(?=[0-9-]{0,16}[a-f])(?:[0-9a-f]{2}-){5}[0-9a-f]{2})(?![\w:-])",
        "<mac>",
    ),
)
