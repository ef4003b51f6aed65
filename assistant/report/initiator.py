"""Which failure came first: repeats over ranks merged, followers marked, the initiating one chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from .types import Finding

_CASCADE_NAMES = re.compile(
    r"(?:.*\.)?(?:ChildFailedError|ProcessRaisedException|ProcessExitedException|RayTaskError.*|RayActorError|ActorDiedError"
    r"|_?RemoteTraceback|EngineDeadError|AsyncEngineDeadError|MQEngineDeadError|WorkerCrashedError|CancelledError"
    r"|SignalException|GeneratorExit|BrokenProcessPool|.*ExceptionGroup|ShardCannotStart|ResponseError)$"
)
_CASCADE_MESSAGES = re.compile(
    r"Engine core initialization failed|Engine process failed to start|EngineCore encountered"
    r"|Engine loop (?:has died|is not running)"
    r"|Background loop has errored|WorkerProc initialization failed|died with <Signals\.|returned non-zero exit status"
    r"|DataLoader worker \(pid|Executor failed|Rank \d+ scheduler|cancelled by cancel scope|Worker failed with error"
    r"|Broken pipe|Connection reset by peer|Connection closed by (?:peer|remote)|terminated with the following error"
)
_NOISE_NAMES = re.compile(
    r"(?:.*\.)?(?:KeyboardInterrupt|BrokenPipeError|SystemExit|EOFError|ConnectionResetError|\w*Warning)$"
)
_WAITED = re.compile(
    r"timeout|Timed out|Watchdog|remote process exited|Socket Timeout|wait timeout|store->get", re.IGNORECASE
)
_COLLECTIVE = re.compile(r"NCCL|DistBackendError|DistNetworkError|gloo|ProcessGroup|TCPStore", re.IGNORECASE)
_LOOKUPS = re.compile(
    r"(?:.*\.)?(?:KeyError|AttributeError|IndexError|StopIteration|ImportError|ModuleNotFoundError|Empty|HTTPError"
    r"|EntryNotFoundError|RemoteEntryNotFoundError|JSONDecodeError|UnicodeDecodeError|CancelledError)$"
)
_MASKED = re.compile(r"0x[0-9a-fA-F]+|\d+(?:\.\d+)*|\b[0-9a-f]{12,64}\b")


def settle(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], Finding | None]:
    """The findings in the order of the log, merged and with their roles, and the initiating one among them."""
    merged = _merged(_without_doubles(sorted(findings, key=lambda finding: (finding.first, -finding.weight))))
    marked = [_marked(finding) for finding in merged]
    chosen = _chosen(marked)
    if chosen is None:
        return tuple(marked), None
    initiating = marked[chosen]
    if initiating.role != "cascade":  # otherwise only followers are shown, and what they followed is not known
        initiating = replace(initiating, role="initiating")
    return tuple(initiating if index == chosen else finding for index, finding in enumerate(marked)), initiating


def _without_doubles(findings: Sequence[Finding]) -> list[Finding]:
    """An exception stands for the native and engine lines inside it; of a line found twice the better rule counts."""
    exceptions = [finding for finding in findings if finding.kind == "exception" and finding.weight]
    covered = {number for finding in exceptions for number in range(finding.first, finding.last + 1)}
    kept = list(exceptions)
    for number, same in groupby((f for f in findings if f.kind != "exception" or not f.weight), key=lambda f: f.first):
        if number not in covered:
            kept.append(max(same, key=lambda f: (f.weight > 0, f.name != "error", f.role == "cascade", f.weight)))
    return sorted(kept, key=lambda finding: finding.first)


def _merged(findings: Sequence[Finding]) -> list[Finding]:
    first: dict[tuple[str, str, str | None], int] = {}
    kept: list[Finding] = []
    for finding in findings:
        key = (finding.name, _MASKED.sub("#", finding.message[:2000].partition("\n")[0]), finding.link)
        if key not in first:
            first[key] = len(kept)
            kept.append(finding)
            continue
        before = kept[first[key]]
        # What was told in the prose above, or logged without frames, is the same failure as the traceback below.
        better = finding if (finding.weight, bool(finding.frames)) > (before.weight, bool(before.frames)) else before
        kept[first[key]] = replace(better, count=before.count + (finding.weight > 0 and before.weight > 0))
    return sorted(kept, key=lambda finding: finding.first)


def _marked(finding: Finding) -> Finding:
    if (
        finding.role == "cascade"
        or _CASCADE_NAMES.match(finding.name)
        or _CASCADE_MESSAGES.search(finding.message[:2000])
    ):
        return replace(finding, role="cascade")
    return finding


def _chosen(findings: Sequence[Finding]) -> int | None:
    """Index of the initiating failure: the least likely to be a follower, then the first in the log."""
    if not findings:
        return None
    best = min(range(len(findings)), key=lambda index: (_follows(findings[index]), findings[index].first))
    return _origin(findings, best)


def _follows(finding: Finding) -> int:
    """How readily a failure follows from another one: 0 not at all."""
    if finding.role == "cascade":
        return 5
    if _NOISE_NAMES.match(finding.name):
        return 4
    if _COLLECTIVE.search(finding.name + finding.message[:300]) and _WAITED.search(
        finding.name + finding.message[:2000]
    ):
        return 3
    if finding.name in {"Killed", "error"} or not finding.weight:
        return 2 if finding.weight else 3
    return 0 if finding.weight > 1 else 1


def _origin(findings: Sequence[Finding], index: int) -> int:
    """Along a chained traceback: the cause of `raise ... from`, but past a failed lookup the error that explains it."""
    chain = [at for at, finding in enumerate(findings) if finding.chain and finding.chain == findings[index].chain]
    chosen = chain[-1] if chain else index
    for earlier, later in zip(reversed(chain[:-1]), reversed(chain[1:]), strict=True):
        if (
            findings[later].link == "context"
            and _LOOKUPS.match(findings[earlier].name)
            and findings[later].role != "cascade"
        ):
            break
        chosen = earlier
    return chosen
