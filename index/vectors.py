"""Nearest texts by cosine, with FAISS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..kb.errors import ExtraMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

EXACT_BELOW = 100_000
"""Up to so many vectors every one is compared; above, a graph of neighbours (HNSW) is walked."""
_LINKS = 32


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
    dimension = vectors.shape[1]
    if len(vectors) < EXACT_BELOW:
        store = faiss.IndexFlatIP(dimension)
    else:
        store = faiss.IndexHNSWFlat(dimension, _LINKS, faiss.METRIC_INNER_PRODUCT)
    store.add(vectors)
    faiss.write_index(store, str(path))


class VectorStore:
    """The vectors of one index.

    Raises:
        ExtraMissing: faiss cannot be imported.
        RuntimeError: the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._store = _faiss().read_index(str(path))

    def __len__(self) -> int:
        return self._store.ntotal

    def rows(self, wanted: Sequence[int]) -> NDArray[np.float32]:
        """The stored vectors of these rows, (len(wanted), dimension)."""
        return self._store.reconstruct_batch(list(wanted))

    def nearest(self, queries: NDArray[np.float32], count: int) -> Sequence[Sequence[Near]]:
        """For each row of `queries` (n, dimension; unit length) its `count` nearest texts, best first."""
        if not len(self):
            return [[] for _ in queries]
        cosines, rows = self._store.search(queries, min(count, len(self)))
        return [
            [Near(int(row), float(cosine)) for row, cosine in zip(*pair, strict=True) if row >= 0]
            for pair in zip(rows, cosines, strict=True)
        ]
