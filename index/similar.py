"""Pairs of cases that read alike, and might be one."""

from __future__ import annotations

from pathlib import Path

from .store import DATABASE, VECTORS, CaseStore
from .vectors import VectorStore


def similar_cases(folder: Path, least: float) -> list[tuple[float, str, str]]:
    """Pairs of cases of the index in `folder`, with how alike they are, the most alike first.

    Args:
        folder: where a built index lies (`Searcher.folder`).
        least: the mean of the cosines of the two titles and of the two causes, from which a pair is listed.

    Raises:
        ExtraMissing: faiss cannot be imported.
    """
    import numpy as np

    if not (folder / VECTORS).exists():
        return []
    store = CaseStore(folder / DATABASE)
    rows = store.vector_rows()
    store.close()
    vectors = VectorStore(folder / VECTORS)
    cases = [row.case for row in rows if row.field == "title"]
    alike = np.zeros((len(cases), len(cases)), np.float32)
    for field in ("title", "cause"):
        of_field = vectors.rows([place for place, row in enumerate(rows) if row.field == field])
        alike += of_field @ of_field.T / 2
    pairs = np.argwhere(np.triu(alike >= least, k=1))
    return sorted(((float(alike[one, other]), cases[one], cases[other]) for one, other in pairs), reverse=True)
