"""The cache of the Hugging Face hub: what lies in it, and what of that is not whole."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Literal

from .caches import hub_cache, hub_home
from .disks import free_space
from .fact import Fact, size
from .limits import CutError, within
from .variables import shown_path
from .weights import ModelState, find_pointers, missing_shards, model_state, read_files

__all__ = ["CachedModel", "Kind", "ModelState", "cached_model", "cached_models", "hub", "hub_cache", "model_state"]

Kind = Literal["model", "dataset", "space"]
_KINDS: dict[str, Kind] = {"models": "model", "datasets": "dataset", "spaces": "space"}
"""How the folders' names begin, and what is in them."""
_ID = re.compile(r"[\w.-]+(?:/[\w.-]+)?")
_INCOMPLETE = ".incomplete"
_MOST_TOLD = 8
_SECONDS = 2.0
"""What counting its bytes may take."""


@dataclass(frozen=True, slots=True)
class CachedModel:
    """A repository in the cache, and what of it is not whole."""

    repo: str
    """As on the hub: "Qwen/Qwen3-8B"."""
    kind: Kind
    folder: Path
    snapshot: Path | None
    """The revision that `main` names, else the newest that is there; the faults are those of this one."""
    incomplete: tuple[Path, ...]
    """Downloads that did not end, or have not yet; not those that another one completed."""
    dangling: tuple[Path, ...]
    """Links whose blob is gone."""
    pointers: tuple[Path, ...]
    """git-lfs pointers in place of the files themselves."""
    missing: tuple[str, ...]
    """Shards of a model that an index, or the numbers of their neighbours, ask for."""

    @property
    def whole(self) -> bool:
        """Whether nothing is known to be wrong with it."""
        return not (self.incomplete or self.dangling or self.pointers or self.missing)


def cached_models(cache: Path) -> list[CachedModel]:
    """All repositories in a cache, by name: models, datasets and spaces."""
    found = (_cached(folder) for folder in _folders(cache))
    return sorted((one for one in found if one is not None), key=lambda one: (one.kind, one.repo.lower()))


def cached_model(cache: Path, repo: str) -> CachedModel | None:
    """The model of this id; None where the cache has nothing of it."""
    if not _ID.fullmatch(repo):
        return None
    folder = cache / f"models--{repo.replace('/', '--')}"
    return _cached(folder) if folder.is_dir() else None


def _folders(cache: Path) -> list[Path]:
    try:
        return [folder for folder in cache.iterdir() if "--" in folder.name and folder.is_dir()]
    except OSError:
        return []


def _cached(folder: Path) -> CachedModel | None:
    kind = _KINDS.get(folder.name.partition("--")[0])
    if kind is None:
        return None
    repo = folder.name.partition("--")[2].replace("--", "/")
    snapshot, incomplete = _snapshot(folder), tuple(_incomplete(folder / "blobs"))
    if snapshot is None:
        return CachedModel(repo, kind, folder, None, incomplete, (), (), ())
    files = read_files(snapshot)
    return CachedModel(
        repo,
        kind,
        folder,
        snapshot,
        incomplete,
        tuple(snapshot / name for name in files.dangling),
        tuple(snapshot / name for name in find_pointers(files)),
        missing_shards(files) if kind == "model" else (),
    )


def _snapshot(folder: Path) -> Path | None:
    try:
        revision = (folder / "refs" / "main").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        revision = ""
    named = folder / "snapshots" / revision
    if re.fullmatch(r"\w+", revision) and named.is_dir():
        return named
    try:
        there = [one for one in (folder / "snapshots").iterdir() if one.is_dir()]
        return max(there, key=lambda one: one.stat().st_mtime, default=None)
    except OSError:
        return None


def _incomplete(blobs: Path) -> Iterator[Path]:
    """`ETAG.incomplete`, or `ETAG.RANDOM.incomplete` of newer clients."""
    try:
        names = set(os.listdir(blobs))  # noqa: PTH208 - names only, and thousands of them
    except OSError:
        return
    unfinished = (name for name in sorted(names) if name.endswith(_INCOMPLETE))
    yield from (blobs / name for name in unfinished if name.partition(".")[0] not in names)


def hub() -> list[Fact]:
    """Where the hub's cache lies, what it holds, and what of that is not whole."""
    cache = hub_cache()
    free = free_space(cache)
    return [
        Fact("folder", shown_path(cache), "" if cache.is_dir() else "not there yet"),
        *(_contents(cache) if cache.is_dir() else ()),
        Fact("free", None if free is None else size(free)),
        _token(),
    ]


def _contents(cache: Path) -> Iterator[Fact]:
    if not os.access(cache, os.R_OK | os.X_OK):
        yield Fact("holds", None, "may not be read")
        return
    models = cached_models(cache)
    counts = {kind: sum(model.kind == kind for model in models) for kind in _KINDS.values()}
    told = ", ".join(_many(count, kind) for kind, count in counts.items() if count)
    yield Fact("holds", told or "nothing", _on_disk(cache) if told else "")
    faulty = [model for model in models if not model.whole]
    yield from (Fact("not whole", f"{model.repo}: {_faults(model)}") for model in faulty[:_MOST_TOLD])
    if len(faulty) > _MOST_TOLD:
        yield Fact("not whole", f"{len(faulty) - _MOST_TOLD} more")
    yield from _locks(cache / ".locks")


def _faults(model: CachedModel) -> str:
    told = (
        _unfinished(model.incomplete),
        f"{_many(len(model.missing), 'shard')} not there, {model.missing[0]} the first" if model.missing else "",
        f"{_many(len(model.dangling), 'link')} to nothing" if model.dangling else "",
        f"{_many(len(model.pointers), 'git-lfs pointer')} in place of files" if model.pointers else "",
    )
    return "; ".join(filter(None, told))


def _unfinished(blobs: tuple[Path, ...]) -> str:
    found = [status for blob in blobs if (status := _status(blob)) is not None]
    if not found:
        return ""
    came = size(sum(status.st_size for status in found))
    last = max(status.st_mtime for status in found)
    return f"{_many(len(found), 'unfinished download')}, {came}, last written {_ago(last)}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _status(file: str | Path) -> os.stat_result | None:
    try:
        return os.stat(file)  # noqa: PTH116 - thousands of them
    except OSError:
        return None


def _ago(moment: float) -> str:
    """How long ago a moment in seconds since 1970 was."""
    seconds = time() - moment
    for count, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * count:
            return f"{seconds / count:.0f} {unit} ago"
    return "just now, perhaps still under way"


def _on_disk(cache: Path) -> str:
    """In words; of a cache that takes long to count, nothing else is to be lost."""
    try:
        return f"{size(within(_SECONDS, _taken, cache))} on the disk"
    except CutError:
        return f"not counted within {_SECONDS:g} s"


def _taken(cache: Path) -> int:
    """Bytes on the disk. A blob that links or repositories share is counted once."""
    found = (_status(file) for folder in _storage(cache) for file in _files(str(folder)))
    sizes = {(status.st_dev, status.st_ino): _allocated(status) for status in found if status is not None}
    return sum(sizes.values())


def _storage(cache: Path) -> Iterator[Path]:
    """Where bytes lie: blobs, those that repositories share, and the snapshots of systems without links."""
    yield cache / "blobs"
    for folder in _folders(cache):
        yield from (folder / "blobs", folder / "snapshots")


def _files(folder: str) -> Iterator[str]:
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)  # noqa: PTH118 - thousands of them
            if not os.path.islink(path):  # noqa: PTH114
                yield path


def _allocated(status: os.stat_result) -> int:
    blocks = getattr(status, "st_blocks", None)  # Windows tells none
    return status.st_size if blocks is None else blocks * 512


def _locks(folder: Path) -> Iterator[Fact]:
    """Locks stay when a download has ended, and do no harm; what counts is whether one is held."""
    held = _held()
    statuses = [_status(file) for file in _files(str(folder)) if file.endswith(".lock")]
    if not statuses:
        return
    owners = {held[_node(status)] for status in statuses if status is not None and _node(status) in held}
    told = ", ".join(f"process {owner}" for owner in sorted(owners))
    yield Fact("locks", _many(len(statuses), "file"), f"held by {told}" if told else "none is known to be held")


def _node(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _held() -> dict[tuple[int, int], int]:
    """What is locked, and the process that holds it, as Linux lists it; the locks are not touched."""
    try:
        text = Path("/proc/locks").read_text(encoding="ascii", errors="replace")
    except OSError:
        return {}
    lines = re.findall(r"^\d+: \w+ +\w+ +\w+ (\d+) ([0-9a-f]+):([0-9a-f]+):(\d+)", text, re.MULTILINE)
    return {(os.makedev(int(major, 16), int(minor, 16)), int(node)): int(pid) for pid, major, minor, node in lines}


def _token() -> Fact:
    """Whether there is one, and nothing more of it."""
    named = os.environ.get("HF_TOKEN_PATH")
    status = _status(os.path.expanduser(named) if named else hub_home() / "token")  # noqa: PTH111
    in_variable = any(os.environ.get(name) for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"))
    note = "a variable holds one, which goes before" if in_variable else ""
    return Fact("token", "stored" if status and status.st_size else "none is stored", note)
