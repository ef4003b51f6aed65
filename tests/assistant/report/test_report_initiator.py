"""Which failure came first."""

from __future__ import annotations

import pytest

from firstaid.assistant.report.initiator import settle
from firstaid.assistant.report.types import Finding


def exception(name: str, message: str = "", first: int = 1, **more: object) -> Finding:
    return Finding("exception", name, message, first, first, weight=2, **more)  # type: ignore[arg-type]


def initiating(*findings: Finding) -> str | None:
    chosen = settle(findings)[1]
    return chosen and chosen.name


@pytest.mark.parametrize(
    "noise",
    [
        exception("KeyboardInterrupt"),
        exception("BrokenPipeError", "[Errno 32] Broken pipe"),
        exception("torch.multiprocessing.spawn.ProcessRaisedException"),
        exception("vllm.v1.engine.exceptions.EngineDeadError", "EngineCore encountered an issue."),
        exception("ray.exceptions.RayTaskError(ValueError)", "ray::f()"),
        exception("subprocess.CalledProcessError", "Command '['python']' returned non-zero exit status 1."),
        exception("torch.distributed.DistBackendError", "NCCL watchdog thread terminated: timeout"),
        Finding("native", "NCCL timeout", "Watchdog caught collective operation timeout", 1, 1, weight=2),
        Finding("engine", "error", "something went wrong", 1, 1),
        Finding("exception", "ValueError", "told in prose", 1, 1, weight=0),
    ],
    ids=lambda finding: finding.name,
)
def test_noise_never_initiates_when_something_else_is_there(noise: Finding) -> None:
    assert initiating(noise, exception("KeyError", "'x'", 9)) == "KeyError"
    assert initiating(noise) == noise.name


def test_the_first_of_equals() -> None:
    assert initiating(exception("B", "b", 5), exception("A", "a", 3)) == "A"


def test_a_direct_cause_is_the_origin() -> None:
    first, second = exception("OSError", "a", 1, chain=1), exception("RuntimeError", "b", 2, chain=1, link="cause")
    assert initiating(first, second) == "OSError"


def test_a_failed_lookup_gives_way_to_the_error_that_explains_it() -> None:
    first, second = exception("KeyError", "a", 1, chain=1), exception("ValueError", "b", 2, chain=1, link="context")
    assert initiating(first, second) == "ValueError"


def test_an_error_while_cleaning_up_does_not_hide_the_first() -> None:
    first, second = exception("OSError", "a", 1, chain=1), exception("TypeError", "b", 2, chain=1, link="context")
    assert initiating(first, second) == "OSError"


def test_a_chain_that_ends_in_a_cascade() -> None:
    first = exception("KeyError", "a", 1, chain=1)
    second = exception("RuntimeError", "Engine core initialization failed", 2, chain=1, link="context")
    assert initiating(first, second) == "KeyError"


def test_repeats_differ_only_in_numbers() -> None:
    found, _ = settle([exception("E", f"GPU {n} has 0x{n}f of {n}.5 GiB", n) for n in range(1, 9)])
    assert [(f.count, f.first) for f in found] == [(8, 1)]


def test_what_was_told_above_is_the_traceback_below() -> None:
    prose = Finding("exception", "KeyError", "'x'", 1, 1, weight=0)
    found, first = settle([prose, exception("KeyError", "'x'", 9)])
    assert [(f.first, f.count) for f in found] == [(9, 1)]
    assert first == found[0]


def test_nothing() -> None:
    assert settle([]) == ((), None)
