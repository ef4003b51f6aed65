"""The vectors that the package carries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from firstaid.index.embed import embed
from firstaid.index.encoder import BundledEncoder
from firstaid.index.make_vectors import shipped_texts
from firstaid.index.shipped import FILE, shipped_vectors, text_key, write_shipped


def test_the_file_is_fresh() -> None:
    known = shipped_vectors(BundledEncoder())
    texts = {text_key(text) for text in shipped_texts()}
    missing, stale = len(texts - known.keys()), len(known.keys() - texts)
    assert (missing, stale) == (0, 0), "make it again: python -m firstaid.index.make_vectors"


def test_the_vectors_are_those_of_the_encoder() -> None:
    encoder = BundledEncoder()
    known = shipped_vectors(encoder)
    texts = shipped_texts()[::40]
    cosines = [float(known[text_key(text)] @ vector) for text, vector in zip(texts, encoder.encode(texts), strict=True)]
    assert min(cosines) > 0.998


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    encoder = BundledEncoder()
    vectors = {text_key(text): vector for text, vector in zip("ab", encoder.encode(["a", "b"]), strict=True)}
    for name in ("one", "two"):
        write_shipped(vectors, encoder.name, tmp_path / f"{name}.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    found = shipped_vectors(encoder, tmp_path / "one.npz")
    assert all(np.allclose(found[key], vector, atol=2e-3) for key, vector in vectors.items())
    write_shipped(vectors, "another encoder", tmp_path / "one.npz")
    assert shipped_vectors(encoder, tmp_path / "one.npz") == {}


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", FILE.read_bytes()[:5000]], ids=["empty", "broken", "cut"])
def test_a_damaged_file_costs_time_only(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(data)
    assert shipped_vectors(BundledEncoder(), path) == {}


def test_a_first_build_embeds_no_shipped_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("embedded")

    encoder = BundledEncoder()
    monkeypatch.setattr(BundledEncoder, "encode", never)
    texts = shipped_texts()[:50]
    assert embed(texts, encoder, tmp_path / "memory.db", lambda *_: None).shape == (50, 384)
