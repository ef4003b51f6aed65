"""What programs write in front of a message: times, levels, ranks and processes.

Only what no message begins with is taken off. A prefix is removed with one space behind it, so the indentation that
tells a traceback's frames from its end survives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL)"
_DATE = r"(?:\d{4}[-/]\d\d[-/]\d\d|\d\d[-/]\d\d[-/]\d{4})"
_CLOCK = r"\d\d:\d\d:\d\d(?:[.,-]\d{1,9})?"
_NAME = r"[\w.<>:-]{1,80}"

_PREFIXES = (
    # processes and ranks: (EngineCore_0 pid=12), (RayWorkerWrapper pid=7, ip=10.0.0.2), [rank3]:, [1,3]<stderr>:
    r"\((?:[\w.:/ -]{1,60} )?pid=\d+(?:, [^()]{1,60})?\)(?: \[repeated[^\]]{1,80}\])?",
    r"\[(?:rank|default|trainer|Rank )\d{1,5}\]:",
    r"\[\d{1,4},\d{1,5}\]<std(?:err|out)>:",
    # srun -l and mpirun number their lines; only before what cannot be counted text
    rf"\d{{1,4}}:(?= Traceback|   File |     |\ [\w.]{{1,80}}(?:Error|Exception)\b|\ \[?{_DATE})",
    # docker compose, kubectl --prefix
    r"[A-Za-z][\w.-]{0,60}[-_]\d{1,3} {1,20}\|(?= |$)",
    r"\[pod/[\w./-]{1,120}\]",
    # vLLM: ERROR 08-22 06:48:14 [core.py:700], INFO 03-22 06:48:14 llm_engine.py:70]
    rf"{_LEVEL} \d\d-\d\d {_CLOCK}(?: \[?[\w/.]{{1,80}}:\d+\])?",
    # transformers and LLaMA-Factory: [INFO|trainer.py:123] 2024-05-01 12:00:00,123 >>
    rf"\[{_LEVEL}\|[^\]]{{1,80}}\](?: {_DATE} {_CLOCK})? >>",
    # SGLang: [2025-02-01 12:00:00 TP3]
    rf"\[{_DATE} {_CLOCK}(?: (?:TP|DP|PP|EP)\d+){{1,4}}\]",
    # deepspeed: [2024-05-01 12:00:00,123] [INFO] [launch.py:347:main]; a rank may follow: [Rank 0]
    rf"\[{_DATE}[ T]{_CLOCK}(?:Z"
    rf"|[+-]\d\d:?\d\d)?\](?: \[{_LEVEL}\])?(?: \[[\w.]{{1,60}}:\d+:[\w<>]{{1,60}}\])?(?: \[Rank -?\d+\])?",
    # loguru: 2024-05-01 12:00:00.123 | ERROR    | module:function:12 -
    rf"{_DATE} {_CLOCK} \| {_LEVEL} {{0,6}}\| {_NAME} -",
    # logging: 2024-05-01 12:00:00,123 - name - ERROR - ; 05/01/2024 12:00:00 - INFO - name -
    rf"{_DATE}[ T]{_CLOCK} - (?:{_NAME} - )?{_LEVEL} -(?: [\w.]{{1,80}} -)?",
    # containers and cloud logs: 2024-05-01T12:00:00.123Z  ERROR target:
    rf"{_DATE}[T ]{_CLOCK}(?:Z|[+-]\d\d:?\d\d| UTC)?(?: {{1,4}}(?:\[{_LEVEL}\]"
    rf"|{_LEVEL}\b))?:?(?: text_generation_\w{{1,40}}(?:::\w{{1,40}}){{0,4}}:)?",
    rf"time={_DATE}T{_CLOCK}(?:Z|[+-]\d\d:?\d\d)(?: level={_LEVEL})?(?: source=[\w./-]{{1,80}}:\d+)?",
    # the clock alone: [12:00:00], 12:00:01-123456 ERROR, llama.cpp's 0.00.123.456 E
    rf"\[{_CLOCK}\](?: {_LEVEL}\b)?",
    rf"{_CLOCK} {{1,4}}{_LEVEL}\b {{0,4}}",
    r"\d{1,3}\.\d\d\.\d{3}\.\d{3} [IWEDT](?= )",
    # syslog and journald, the kernel's ring buffer, glog
    r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,64} [\w./-]{1,64}(?:\[\d+\])?:",
    r"\[ {0,6}\d{1,9}\.\d{6}\]",
    r"[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ [\w./-]{1,80}:\d+\]",
    # logging without times: ERROR:root:message, and rich's padded levels
    rf"{_LEVEL}:[A-Za-z_][\w.-]{{1,80}}:(?! )",
    rf"{_LEVEL} {{2,6}}(?=\S)",
)
_STARTS = frozenset("([0123456789") | frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_RANK = (
    r"\((?P<process>[^()]{1,120})\)|\[(?:rank|default|trainer|Rank )(?P<rank>-?\d+)\]|\[\d+,(?P<mpi>\d+)\]<"
    r"|^(?P<srun>\d{1,4}):(?= )"
    r"|^(?P<box>[A-Za-z][\w.-]{0,60}[-_]\d{1,3}) {1,20}\||\[(?P<pod>pod/[^\]]+)\]| (?P<parallel>(?:TP|DP|PP"
    r"|EP)\d+(?: [A-Z]{2}\d+)*)\]"
)
_GLOG = {"I": "INFO", "W": "WARNING", "E": "ERROR", "F": "FATAL", "D": "DEBUG", "T": "TRACE"}
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Prefix:
    """What stood in front: the stream (rank or process) and level it named, and how many characters it took."""

    length: int
    rank: str | None
    level: str | None


_NONE = Prefix(0, None, None)


def find_prefix(text: str) -> Prefix:
    """All prefixes of a line, as programs that log through each other stack them."""
    if not text or text[0] not in _STARTS:
        return _NONE
    match, end = _prefix().match, 0
    for _ in range(_ROUNDS):
        found = match(text, end)
        if found is None:
            break
        end = found.end()
    if not end:
        return _NONE
    return Prefix(end, _rank(text[:end]), _level(text[:end]))


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(_PREFIXES) + ") ?")


def _rank(prefix: str) -> str | None:
    found = [match[match.lastgroup] for match in re.finditer(_RANK, prefix) if match.lastgroup]
    return "/".join(found) or None


def _level(prefix: str) -> str | None:
    words = re.findall(rf"\b{_LEVEL}\b", prefix)
    if words:
        return "WARNING" if words[-1] == "WARN" else words[-1]
    letter = re.search(r"(?:^|\s)([IWEFDT])(?:\d{4} |\s*$)", prefix)
    return _GLOG[letter[1]] if letter else None
