"""Nearest texts by cosine, with FAISS."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..kb.errors import ExtraMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

EXACT_BELOW = 100_000
"""Up to so many vectors every one is compared; above, only those in the cells (IVF) nearest to the query."""
_CELLS = 2048
"""However many vectors there are, so that building takes time in proportion to them."""
_LOOKED_INTO = 48
"""Cells that are searched."""
_SAMPLE = 64 * _CELLS
"""So many vectors, evenly chosen, decide where the cells are."""


@dataclass(frozen=True, slots=True)
class Near:
    """One text of one case, and how near it is: cosine, -1 to 1."""

    row: int
    cosine: float


def _faiss() -> Any:
    try:
        import faiss
    except Exception as error:
        raise ExtraMissing(
            f"faiss does not import: {type(error).__name__}: {error}",
            hint="python -m pip install --force-reinstall faiss-cpu numpy",
        ) from error
    return faiss


def write_vectors(vectors: NDArray[np.float32], path: Path) -> None:
    """Writes the rows (n, dimension), of unit length, as a FAISS index."""
    faiss = _faiss()
    store = _exact(faiss, vectors.shape[1]) if len(vectors) < EXACT_BELOW else _cells(faiss, vectors)
    store.add(vectors)
    faiss.write_index(store, str(path))


def _exact(faiss: Any, dimension: int) -> Any:
    return faiss.IndexFlatIP(dimension)


def _cells(faiss: Any, vectors: NDArray[np.float32]) -> Any:
    """Cells whose vectors are held in 8 bits a number: a quarter of the memory, and as near as makes no difference."""
    store = faiss.index_factory(vectors.shape[1], f"IVF{_CELLS},SQ8", faiss.METRIC_INNER_PRODUCT)
    store.train(vectors[:: max(1, len(vectors) // _SAMPLE)])
    store.nprobe = _LOOKED_INTO
    return store


class VectorStore:
    """The vectors of one index; they are loaded when they are first needed, or before with `load`.

    Every method may raise ExtraMissing: faiss cannot be imported, or cannot read the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._loaded: Any = None

    def __len__(self) -> int:
        return self.load().ntotal

    def load(self) -> Any:
        """The index as FAISS has it."""
        with self._lock:
            if self._loaded is None:
                self._loaded = _read(self._path)
            return self._loaded

    def rows(self, wanted: Sequence[int]) -> NDArray[np.float32]:
        """The stored vectors of these rows, (len(wanted), dimension)."""
        store = self.load()
        if hasattr(store, "make_direct_map"):  # cells do not know their rows by number until they are told to
            store.make_direct_map()
        return store.reconstruct_batch(list(wanted))

    def nearest(self, queries: NDArray[np.float32], count: int) -> Sequence[Sequence[Near]]:
        """For each row of `queries` (n, dimension; unit length) its `count` nearest texts, best first."""
        if not len(self):
            return [[] for _ in queries]
        if len(self) < EXACT_BELOW:
            # 1 ms of work: on a busy machine the threads of OpenMP wait for each other ten times as long.
            _faiss().omp_set_num_threads(1)
        cosines, rows = self.load().search(queries, min(count, len(self)))
        return [
            [Near(int(row), float(cosine)) for row, cosine in zip(*pair, strict=True) if row >= 0]
            for pair in zip(rows, cosines, strict=True)
        ]


def _read(path: Path) -> Any:
    faiss = _faiss()
    try:
        return faiss.read_index(str(path))
    except RuntimeError as gone:  # the file was there and sound when the index was opened
        raise ExtraMissing(f"the vectors cannot be read: {gone}", hint="run firstaid again") from gone
