"""Models in the hub's cache that are not whole, and room for the next one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..machine.disks import free_space
from ..machine.fact import size
from ..machine.hub import CachedModel, cached_models, hub_cache
from ..machine.variables import shown_path
from .finding import Finding

_LITTLE = 10 * 2**30
"""Bytes: a model of 7 billion parameters in 16 bits needs 15 GB."""
_SHOWN = 3
_INCOMPLETE = "https://huggingface.co/docs/huggingface_hub/guides/manage-cache"


def broken_downloads() -> Iterator[Finding]:
    """A finding for each model of the cache that is not whole, and one where the disk is nearly full."""
    cache = hub_cache()
    yield from (_finding(model) for model in cached_models(cache) if model.kind == "model" and not model.whole)
    free = free_space(cache)
    if free is not None and free < _LITTLE:
        yield _full(cache, free)


def _finding(model: CachedModel) -> Finding:
    return Finding(
        id=f"not-whole-{model.repo.replace('/', '-').lower()}",
        severity="broken" if model.pointers or model.missing or model.dangling else "risky",
        title=f"The cached copy of {model.repo} is not whole",
        evidence=list(_evidence(model)),
        consequence="Loading it fails, or with the network off stops at the first file that is not there.",
        do="Fetch it again: what is whole stays, the rest comes anew. One that still loads needs nothing.",
        run=f"hf download {model.repo}",
        sources=[_INCOMPLETE],
    )


def _evidence(model: CachedModel) -> Iterator[str]:
    told = {
        "not finished": model.incomplete,
        "links to nothing": model.dangling,
        "git-lfs pointers, not the files": model.pointers,
    }
    for what, paths in told.items():
        if paths:
            yield f"{what}: {_listed([shown_path(path) for path in paths])}"
    if model.missing:
        yield f"missing: {_listed(model.missing)}"


def _listed(names: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _full(cache: Path, free: int) -> Finding:
    return Finding(
        id="little-room-for-models",
        severity="risky",
        title="Little room is left where models are kept",
        evidence=[f"{size(free)} free at {shown_path(cache)}"],
        consequence="A download stops with 'No space left on device' and leaves an unfinished file behind.",
        do="Remove models you do not use, or move the cache to a larger disk with HF_HOME.",
        run="hf cache scan 2>/dev/null || hf cache ls",
    )
