"""Cases -> index: built under a temporary name, sealed, and swapped in whole."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..kb.check.patterns import pattern_faults
from ..kb.errors import ExtraMissing, IndexUnavailable
from ..kb.load import KnowledgeBase, content_key, shown
from .embed import Progress, case_texts, embed
from .lexical import text_row, write_texts
from .store import (
    DATABASE,
    MANIFEST,
    SCHEMA_VERSION,
    VECTORS,
    index_key,
    new_database,
    write_cases,
    write_manifest,
    write_rows,
)
from .vectors import write_vectors

if TYPE_CHECKING:
    from .encoder import Encoder

_KEEP = 4
"""Indexes of other knowledge bases or encoders that are left beside a new one."""
_IN_USE = 3600
"""Seconds since it was last opened for which an index is left alone, since its files may be read any moment."""
_BUILDING = ".building-"


def build(base: KnowledgeBase, encoder: Encoder | None, folder: Path, progress: Progress) -> Path:
    """Builds the index into `folder`/<key> and returns that path. The caller holds the lock of `folder`.

    Without an encoder the index has no vectors.

    Raises:
        ExtraMissing: the encoder or faiss cannot be imported.
        IndexUnavailable: the folder cannot be written.
    """
    base = _with_sound_patterns(base)
    target = folder / index_key(content_key(list(base.files.values())), encoder.name if encoder else None)
    try:
        _sweep(folder, keep=target)
        work = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=folder))
        try:
            fill(work, base, encoder, _memory(folder, encoder), progress)
            if target.exists():  # damaged, or it would have been used
                shutil.rmtree(target)
            work.rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except (OSError, sqlite3.OperationalError) as error:
        raise IndexUnavailable(
            f"the index cannot be written: {error}",
            context=str(folder),
            hint="free some space there, or set FIRSTAID_HOME to a folder that can be written",
        ) from error
    return target


def _with_sound_patterns(base: KnowledgeBase) -> KnowledgeBase:
    """Names and leaves out the user's cases with a pattern that is no RE2; the shipped ones were checked before."""
    own = {case_id: case for case_id, case in base.cases.items() if not base.files[case_id].shipped}
    try:
        faults = {problem.file: problem for problem in pattern_faults(replace(base, cases=own))}
    except ExtraMissing:
        return base  # no pattern will be used; the searcher says so
    faulty = {case_id for case_id, file in base.files.items() if shown(file.path) in faults}
    cases = {case_id: case for case_id, case in base.cases.items() if case_id not in faulty}
    return replace(base, cases=cases, problems=(*base.problems, *faults.values()))


def _memory(folder: Path, encoder: Encoder | None) -> Path:
    name = hashlib.sha256(encoder.name.encode()).hexdigest()[:16] if encoder else "none"
    return folder / f"vectors-{name}.db"


def fill(work: Path, base: KnowledgeBase, encoder: Encoder | None, memory: Path, progress: Progress) -> None:
    """Writes the index of these cases into an empty folder, as it is, without a place among the other indexes."""
    cases = list(base.cases.values())
    with new_database(work / DATABASE) as database:
        write_cases(database, [(case, base.files[case.id].source.decode("utf-8")) for case in cases])
        write_texts(database, [text_row(case) for case in cases])
        texts = [pair for case in cases for pair in case_texts(case)] if encoder else []
        write_rows(database, [row for row, _ in texts])
    if encoder:
        write_vectors(embed([text for _, text in texts], encoder, memory, progress), work / VECTORS)
    facts: dict[str, object] = {
        "schema": SCHEMA_VERSION,
        "cases": len(cases),
        "vectors": len(texts),
        "encoder": encoder.name if encoder else None,
        "problems": [str(problem) for problem in base.problems],
        "built": int(time.time()),
    }
    write_manifest(work, facts)


def _sweep(folder: Path, keep: Path) -> None:
    """Removes what crashed builds left, and all but the newest of the other indexes."""
    for left in folder.glob(f"{_BUILDING}*"):
        shutil.rmtree(left, ignore_errors=True)
    others = [path.parent for path in folder.glob(f"*/{MANIFEST}") if path.parent != keep]
    for old in sorted(others, key=_last_used, reverse=True)[_KEEP - 1 :]:
        if time.time() - _last_used(old) > _IN_USE:
            shutil.rmtree(old, ignore_errors=True)


def _last_used(folder: Path) -> float:
    return folder.stat().st_mtime
