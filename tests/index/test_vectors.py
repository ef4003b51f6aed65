"""The FAISS store."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from firstaid.index import vectors
from firstaid.index.vectors import VectorStore, write_vectors
from firstaid.kb.errors import ExtraMissing


def unit(rows: int, seed: int = 0) -> np.ndarray:
    found = np.random.default_rng(seed).standard_normal((rows, 16)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_nearest_is_exact(tmp_path: Path) -> None:
    stored = unit(200)
    write_vectors(stored, tmp_path / "v")
    store = VectorStore(tmp_path / "v")
    asked = unit(3, seed=1)
    found = store.nearest(asked, 5)
    expected = np.argsort(-asked @ stored.T, axis=1)[:, :5]
    assert [[near.row for near in row] for row in found] == expected.tolist()
    assert found[0][0].cosine == pytest.approx(float(asked[0] @ stored[expected[0][0]]), abs=1e-5)


def test_asking_for_more_than_there_are(tmp_path: Path) -> None:
    write_vectors(unit(2), tmp_path / "v")
    assert len(VectorStore(tmp_path / "v").nearest(unit(1), 10)[0]) == 2


def test_a_large_store_looks_into_cells_and_still_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "EXACT_BELOW", 100)
    monkeypatch.setattr(vectors, "_CELLS", 8)
    stored = unit(500)
    write_vectors(stored, tmp_path / "v")
    store = VectorStore(tmp_path / "v")
    found = store.nearest(stored[:20], 1)
    assert [row[0].row for row in found] == list(range(20))
    assert np.abs(store.rows([3, 400]) - stored[[3, 400]]).max() < 0.02, "8 bits a number"


def test_a_file_that_went_away_is_named_with_its_cure(tmp_path: Path) -> None:
    with pytest.raises(ExtraMissing, match="the vectors cannot be read"):
        VectorStore(tmp_path / "gone").nearest(unit(1), 1)
