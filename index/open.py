"""Opens the index of the knowledge base as it is now, building it first where that is needed."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..kb.errors import ExtraMissing, IndexUnavailable, ModelError
from ..kb.load import SHIPPED, KnowledgeBase, content_key, parse_files, scan
from .background import in_background
from .encoder import get_encoder
from .search import Searcher
from .stamps import Stamp, recall, remember
from .store import MANIFEST, DamagedIndex, index_key, problems_of, read_manifest

if TYPE_CHECKING:
    from .embed import Progress
    from .encoder import Encoder

_LOCK = "build.lock"


@dataclass(frozen=True, slots=True)
class Library:
    """What is indexed, with what, and where the index lies."""

    cache: Path
    user_cases: Path | None = None
    shipped_cases: Path = SHIPPED
    encoder: str = "bundled"
    """"bundled", or "sentence-transformers:NAME-OR-PATH"."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Where an opening tells what a person should know."""

    note: Callable[[str], None] = lambda _: None
    progress: Progress = lambda _done, _total: None


def open_index(library: Library, notices: Notices | None = None, *, warm_up: bool = False) -> Searcher:
    """A searcher over the present cases.

    With `warm_up` the encoder and the vectors load in the background, to be ready when a report has been read.

    The index is built first where there is none of this content; one that is damaged is built again, and said. Several
    processes may do this at once: one builds, the others wait and use it.

    Raises:
        IndexUnavailable: no index can be written anywhere.
    """
    notices = notices or Notices()
    encoder = _encoder(library.encoder, notices)
    if encoder and warm_up:
        in_background(partial(encoder.encode, ["warm"]))
    stamp = Stamp.of([folder for folder in (library.shipped_cases, library.user_cases) if folder])
    content = recall(library.cache, stamp)
    folder = _ready(library, content, encoder, notices) if content else None
    if folder is None:
        folder, encoder = _read_and_ready(library, encoder, stamp, notices)
    for problem in problems_of(folder):
        notices.note(f"left out: {problem}")
    searcher = Searcher(folder, encoder, notices.note)
    if encoder and warm_up:
        in_background(searcher.load_vectors)
    return searcher


def _read_and_ready(
    library: Library, encoder: Encoder | None, stamp: Stamp, notices: Notices
) -> tuple[Path, Encoder | None]:
    files, problems = scan(library.user_cases, library.shipped_cases)
    content = content_key(files)
    folder = _ready(library, content, encoder, notices)
    if folder is None and encoder and not _usable(encoder, notices):
        encoder = None
        folder = _ready(library, content, encoder, notices)
    folder = folder or _build_shared(library, content, parse_files(files, problems), encoder, notices)
    remember(library.cache, stamp, content)
    return folder, encoder


def rebuild(library: Library, notices: Notices) -> Path:
    """Builds the index anew, whether or not there is one, and returns where it lies."""
    files, problems = scan(library.user_cases, library.shipped_cases)
    encoder = _encoder(library.encoder, notices)
    encoder = encoder if encoder and _usable(encoder, notices) else None
    from .build import build

    library.cache.mkdir(parents=True, exist_ok=True)
    with _lock(library.cache):
        return build(parse_files(files, problems), encoder, library.cache, notices.progress)


def _encoder(spec: str, notices: Notices) -> Encoder | None:
    try:
        return get_encoder(spec)
    except (ExtraMissing, ModelError) as missing:
        if spec != "bundled":
            raise  # asked for by name: an answer without it would not be what was asked
        notices.note(f"{missing.message}; searching without vectors. To mend: {missing.hint}")
        return None


def _usable(encoder: Encoder, notices: Notices) -> bool:
    """Whether vectors can be made and searched here; found out only when an index must be built."""
    try:
        import_module("faiss")
        encoder.encode(["probe"])
    except (ExtraMissing, ModelError) as missing:
        notices.note(f"{missing.message}; searching without vectors. To mend: {missing.hint}")
    except Exception as error:  # noqa: BLE001 - a broken native library raises anything
        notices.note(
            f"vectors are out of reach ({type(error).__name__}: {error}); searching without. "
            "To mend: python -m pip install --force-reinstall faiss-cpu onnxruntime numpy"
        )
    else:
        return True
    return False


def _ready(library: Library, content: str, encoder: Encoder | None, notices: Notices) -> Path | None:
    """The index of the files of this content, if it is there and sound."""
    folder = library.cache / index_key(content, encoder.name if encoder else None)
    if not folder.joinpath(MANIFEST).exists():
        return None
    try:
        read_manifest(folder)
    except DamagedIndex as damage:
        notices.note(f"{damage.message} ({damage.context}); building it again")
        return None
    with suppress(OSError):
        os.utime(folder)  # in use: see _sweep in build.py
    return folder


def _build_shared(
    library: Library, content: str, base: KnowledgeBase, encoder: Encoder | None, notices: Notices
) -> Path:
    from .build import build  # most runs find an index and build none

    try:
        library.cache.mkdir(parents=True, exist_ok=True)
        with _lock(library.cache):
            # Another process may have been faster.
            ready = _ready(library, content, encoder, Notices())
            return ready or build(base, encoder, library.cache, notices.progress)
    except (OSError, IndexUnavailable) as error:
        return _build_aside(error, lambda folder: build(base, encoder, folder, notices.progress), notices)


def _build_aside(error: Exception, make: Callable[[Path], Path], notices: Notices) -> Path:
    """An index for this run alone: a full or read-only home must not keep the answer from anyone."""
    reason = error.message if isinstance(error, IndexUnavailable) else str(error)
    notices.note(f"{reason}; building an index for this run only. To mend: set FIRSTAID_HOME to a folder with space")
    try:
        folder = Path(tempfile.mkdtemp(prefix="firstaid-", dir=memory_folder()))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)  # for this run only
        return make(folder)
    except OSError as second:
        raise IndexUnavailable(
            "no index can be written", context=f"{reason}; {second}", hint="set FIRSTAID_HOME to a folder with space"
        ) from second


def memory_folder() -> str | None:
    """Where files live in memory, if the system has such a place; else the usual folder for temporary files."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def _lock(folder: Path) -> AbstractContextManager[object]:
    from filelock import FileLock

    return FileLock(folder / _LOCK)
