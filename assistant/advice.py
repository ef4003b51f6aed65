"""What to collect next, where the answer is not certain."""

from __future__ import annotations

from collections.abc import Iterator

from ..index import Verdict
from .report import Report

_VERSIONS = (
    "python -m pip list | grep -iE 'torch|transformers|vllm|sglang|peft|trl|accelerate|deepspeed|bitsandbytes|flash'"
)


def next_steps(report: Report, verdict: Verdict) -> list[str]:
    """What would make the answer surer, most useful first; nothing where it is sure."""
    return [] if verdict == "match" else list(_steps(report))


def _steps(report: Report) -> Iterator[str]:
    if report.initiating is None:
        yield "Pipe in the whole output with the error stream: COMMAND 2>&1 | firstaid"
    elif report.initiating.kind == "exception" and not report.initiating.frames:
        yield "Include the traceback from its first line: the frames above the error tell which library failed."
    if report.initiating and report.initiating.role == "cascade":
        yield "This is the last of a chain of errors: look further up, or in the worker's own log, for the first one."
    if not report.versions:
        yield f"Add the versions: {_VERSIONS}"
    if not report.gpus:
        yield "Add the GPU and driver: nvidia-smi (AMD: rocm-smi; Apple: the chip's name)"
    if not report.models:
        yield "Say which model it is, and where its files came from."
    if report.initiating and "CUDA error" in report.initiating.message:
        yield "Run again with CUDA_LAUNCH_BLOCKING=1, so that the traceback points at the call that failed."
