"""What this machine has that decides which model fits."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .fact import Fact, size


@dataclass(frozen=True, slots=True)
class Memory:
    """Main memory, in bytes."""

    total: int
    free: int
    """What a new process can have without anything being swapped out."""


def memory() -> Memory:
    """The main memory of this machine; of a container with a limit, what that leaves."""
    import psutil

    found = psutil.virtual_memory()
    limit = _container_limit()
    if limit is None or limit >= found.total:
        return Memory(found.total, found.available)
    return Memory(limit, min(found.available, limit - psutil.Process().memory_info().rss))


def main_memory() -> list[Fact]:
    """The main memory, for people."""
    import psutil

    has, swap = memory(), psutil.swap_memory()
    return [
        Fact("total", size(has.total)),
        Fact("free", size(has.free)),
        Fact("swap", size(swap.total) if swap.total else "none"),
    ]


def _container_limit() -> int | None:
    """The limit of the control group, in bytes, where there is one."""
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            with open(path, encoding="ascii") as file:  # noqa: PTH123 - a file of the kernel
                return int(file.read())
        except (OSError, ValueError):
            continue
    return None


def cores() -> int:
    """Physical cores this process may use: a second thread on a core slows matrix products down."""
    import psutil

    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    physical, logical = psutil.cpu_count(logical=False) or allowed, psutil.cpu_count() or allowed
    return max(1, min(allowed, allowed * physical // logical))
