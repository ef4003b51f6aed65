"""What a model's folder lacks: files that never came, came in part, or are something else than their name says."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .fact import size

_MOST_FILES = 20_000
_DEPTH = 3
_LARGEST_INDEX = 50 << 20
"""Bytes; that of the largest models is near 10 MB."""
_LARGEST_HEADER = 100_000_000
"""Bytes; the safetensors library refuses a longer one."""
_POINTER = b"version https://git-lfs.github.com/spec/"
_LONGEST_POINTER = 1024
_SHARD = re.compile(r"(.+)-\d{5}-of-(\d{5})\.(safetensors|bin|gguf)")
_UNSHARDED = frozenset(("model.safetensors", "pytorch_model.bin", "consolidated.safetensors", "consolidated.00.pth"))
_LEFT_BY_DOWNLOADS = (".incomplete", ".aria2", ".part", ".partial", ".crdownload")
_MODELSCOPE_TEMPORARY = "._____temp"
_OF_MODELS = (".safetensors", ".bin", ".gguf", ".pt", ".pth", ".onnx", ".json", ".model", ".tiktoken", ".jinja")
_OLD_GGML = (b"lmgg", b"tjgg", b"fmgg", b"algg")
"""The magic numbers ggml, ggjt, ggmf and ggla, as they lie in a file."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a folder, and of those in it, by their path in it."""

    folder: Path
    found: Mapping[str, os.stat_result]
    dangling: tuple[str, ...]
    """Links to what is not there."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that cannot be loaded, and why."""

    file: Path
    why: str


@dataclass(frozen=True, slots=True)
class ModelState:
    """What is wrong with a model's folder; empty where nothing is known to be."""

    folder: Path
    pointers: tuple[Path, ...]
    """git-lfs pointers in place of the files themselves."""
    missing: tuple[str, ...]
    """Shards that an index or the numbers of their neighbours ask for."""
    empty: tuple[Path, ...]
    damaged: tuple[Damage, ...]
    dangling: tuple[Path, ...]
    leftovers: tuple[Path, ...]
    """What downloads that did not end left behind."""

    @property
    def whole(self) -> bool:
        """Whether nothing keeps the model from being loaded; leftovers do not."""
        return not (self.pointers or self.missing or self.empty or self.damaged or self.dangling)


def model_state(folder: Path) -> ModelState:
    """What is wrong with the model in a folder of this machine; of its files only the heads are read."""
    files = read_files(folder)
    unread = frozenset(find_pointers(files))
    others = {name: status.st_size for name, status in files.found.items() if name not in unread}
    return ModelState(
        folder,
        tuple(folder / name for name in files.found if name in unread),
        missing_shards(files),
        tuple(folder / name for name, length in others.items() if not length and name.endswith(_OF_MODELS)),
        tuple(_damages(folder, others)),
        tuple(folder / name for name in files.dangling),
        tuple(folder / name for name in others if _is_leftover(name)),
    )


def read_files(folder: Path) -> Files:
    """The files of a folder, links followed; what may not be read is left out."""
    found: dict[str, os.stat_result] = {}
    dangling: list[str] = []
    for name, path in islice(_entries(str(folder), "", _DEPTH), _MOST_FILES):
        try:
            status = os.stat(path)  # noqa: PTH116 - thousands of them
        except FileNotFoundError:
            dangling.append(name)
        except OSError:
            continue
        else:
            if stat.S_ISREG(status.st_mode):
                found[name] = status
    return Files(folder, found, tuple(dangling))


def _entries(folder: str, below: str, depth: int) -> Iterator[tuple[str, str]]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in listed:
        if not entry.is_dir(follow_symlinks=False):
            yield below + entry.name, entry.path
        elif depth and entry.name != ".git":
            yield from _entries(entry.path, f"{below}{entry.name}/", depth - 1)


def find_pointers(files: Files) -> tuple[str, ...]:
    """The git-lfs pointers among them: a clone without git-lfs leaves these in place of the weights."""
    small = (name for name, status in files.found.items() if len(_POINTER) < status.st_size <= _LONGEST_POINTER)
    return tuple(name for name in small if _head(files.folder / name, len(_POINTER)) == _POINTER)


def missing_shards(files: Files) -> tuple[str, ...]:
    """The shards that are not there; none where the folder has the whole model in another format."""
    shards = {(_folder(name), asked) for name, asked in (*_indexed(files), *_numbered(files))}
    whole = {folder for folder, asked in shards if not _are_gguf(asked) and asked <= files.found.keys()}
    whole |= {_folder(name) for name in files.found if name.rpartition("/")[2] in _UNSHARDED}
    wanted = [asked for folder, asked in shards if folder not in whole or _are_gguf(asked)]
    return tuple(sorted(frozenset().union(*wanted) - files.found.keys()))


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _are_gguf(names: frozenset[str]) -> bool:
    return all(name.endswith(".gguf") for name in names)


def _indexed(files: Files) -> Iterator[tuple[str, frozenset[str]]]:
    """Each index, and the shards it names."""
    for name, status in files.found.items():
        if ".index." in name and name.endswith(".json") and status.st_size <= _LARGEST_INDEX:
            prefix = name[: name.rfind("/") + 1]
            yield name, frozenset(prefix + shard for shard in _shards_of(files.folder / name))


def _shards_of(index: Path) -> set[str]:
    try:
        found = json.loads(index.read_bytes())
        return {shard for shard in found["weight_map"].values() if isinstance(shard, str)}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return set()


def _numbered(files: Files) -> Iterator[tuple[str, frozenset[str]]]:
    """One of each set of shards, and all of that set."""
    for prefix, count, suffix in {match.groups() for name in files.found if (match := _SHARD.fullmatch(name))}:
        asked = (f"{prefix}-{number:05}-of-{count}.{suffix}" for number in range(1, int(count) + 1))
        yield prefix, frozenset(asked)


def _is_leftover(name: str) -> bool:
    return name.endswith(_LEFT_BY_DOWNLOADS) or _MODELSCOPE_TEMPORARY in name.split("/")[:-1]


def _damages(folder: Path, files: Mapping[str, int]) -> Iterator[Damage]:
    judges = {".safetensors": _safetensors, ".gguf": _gguf, ".bin": _torch, ".pt": _torch, ".pth": _torch}
    for name, length in files.items():
        judge = judges.get(Path(name).suffix)
        if judge is None or not length:
            continue
        try:
            why = judge(folder / name, length)
        except OSError as error:
            why = f"cannot be read: {error.strerror}"
        if why:
            yield Damage(folder / name, why)


def _safetensors(file: Path, length: int) -> str | None:
    """Its first 8 bytes tell the length of the header, which tells where the last tensor ends."""
    with file.open("rb") as opened:
        header = int.from_bytes(opened.read(8), "little")
        if header > _LARGEST_HEADER:
            return _another_kind(file, "safetensors")
        if 8 + header > length:
            return f"truncated: {size(length)}, less than its own header"
        try:
            told = json.loads(opened.read(header))
            ends = [entry["data_offsets"][1] for name, entry in told.items() if name != "__metadata__"]
            asked = 8 + header + max(ends, default=0)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return _another_kind(file, "safetensors")
    if length < asked:
        return f"truncated: {size(length)} of {size(asked)}"
    return f"{length - asked:,} bytes longer than its header says" if length > asked else None


def _gguf(file: Path, _length: int) -> str | None:
    magic = _head(file, 4)
    if magic in _OLD_GGML:
        return "of a GGML format older than GGUF"
    return None if magic == b"GGUF" else _another_kind(file, "GGUF")


def _torch(file: Path, _length: int) -> str | None:
    """A ZIP archive, whose directory stands at its end; older ones are plain pickles, which show nothing."""
    from zipfile import is_zipfile

    head = _head(file, 4)
    if head.startswith(b"<"):
        return _another_kind(file, "PyTorch")
    return "truncated: the end of the archive is not there" if head == b"PK\3\4" and not is_zipfile(file) else None


def _another_kind(file: Path, kind: str) -> str:
    page = _head(file, 64).lstrip().startswith(b"<")
    return f"a web page, no {kind} file" if page else f"no {kind} file"


def _head(file: Path, count: int) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(count)
    except OSError:
        return b""
