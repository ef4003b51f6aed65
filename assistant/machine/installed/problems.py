"""What is wrong with the packages of an environment, and how it is seen."""

from __future__ import annotations

from collections.abc import Iterator

from .contents import Contents
from .copies import duplicates, shadowed
from .cuda_wheels import cpu_only_torch, mixed_cuda, torch_family
from .leftovers import broken_metadata, code_missing, half_removed, metadata_missing
from .pip_and_conda import pip_and_conda
from .problem import Problem

_FINDERS = (
    duplicates,
    half_removed,
    code_missing,
    metadata_missing,
    broken_metadata,
    shadowed,
    pip_and_conda,
    cpu_only_torch,
    torch_family,
    mixed_cuda,
)


def find_problems(environment: Contents) -> tuple[Problem, ...]:
    """All of them."""
    return tuple(_found(environment))


def _found(environment: Contents) -> Iterator[Problem]:
    for find in _FINDERS:
        yield from find(environment)
