"""A hundred thousand and a million incidents: the vector store that firstaid builds, beside comparing all of them.

An incident is a variant of a text of the knowledge base: its vector with noise, as near to the original as two reports
of one failure are to each other. Questions are variants that are not stored. Build time, memory and time for a question
are printed for each size, with the share of the ten nearest that is found.

python bench/scale.py [--sizes 100000 200000 1000000] [--questions 200]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from firstaid.index.encoder import get_encoder
from firstaid.index.shipped import shipped_vectors
from firstaid.index.vectors import VectorStore, write_vectors

NEAREST = 10
ALIKE = 0.8
"""Cosine of a variant to its original: the median of two samples of one case."""


def main() -> None:
    """Prints one line for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 200_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=200)
    arguments = parser.parse_args()
    originals = np.stack(list(shipped_vectors(get_encoder()).values()))
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            print(measured(originals, size, arguments.questions, Path(folder) / "vectors.faiss"), flush=True)


def variants(originals: NDArray[np.float32], count: int, seed: int) -> NDArray[np.float32]:
    """Vectors (count, dimension) of unit length, each near to one of the originals."""
    random = np.random.default_rng(seed)
    dimension = originals.shape[1]
    noise = np.sqrt((1 / ALIKE**2 - 1) / dimension)
    found = np.empty((count, dimension), np.float32)
    for start in range(0, count, 50_000):
        part = found[start : start + 50_000]
        part[:] = originals[random.integers(len(originals), size=len(part))]
        part += noise * random.standard_normal(part.shape, np.float32)
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return found


def measured(originals: NDArray[np.float32], size: int, questions: int, path: Path) -> str:
    """Builds, searches and compares with the exact answer."""
    stored, asked = variants(originals, size, seed=1), variants(originals, questions, seed=2)
    wanted, plain = exactly(stored, asked)
    started = time.perf_counter()
    write_vectors(stored, path)
    built = time.perf_counter() - started
    del stored
    before = resident()
    store = VectorStore(path)
    store.load()
    held = resident() - before
    found, ours = timed(lambda row: np.array([near.row for near in store.nearest(row, NEAREST)[0]]), asked)
    recall = np.mean([len(np.intersect1d(*pair)) / NEAREST for pair in zip(wanted, found, strict=True)])
    return (
        f"{size:>9,} incidents: recall@{NEAREST} {recall:.3f}, {quantiles(ours)}; built in {built:.1f} s, "
        f"{path.stat().st_size / 1e6:.0f} MB on disk, {held:.0f} MB in memory; comparing all: {quantiles(plain)}"
    )


def exactly(stored: NDArray[np.float32], asked: NDArray[np.float32]) -> tuple[list[NDArray[np.int64]], list[float]]:
    """The answers when every vector is compared."""
    store = faiss.IndexFlatIP(stored.shape[1])
    store.add(stored)
    return timed(lambda row: store.search(row, NEAREST)[1][0], asked)


def timed(search, asked: NDArray[np.float32]) -> tuple[list[NDArray[np.int64]], list[float]]:
    """The answers to each question, and the milliseconds of each."""
    answers, times = [], []
    for row in asked:
        started = time.perf_counter()
        answers.append(search(row[None]))
        times.append((time.perf_counter() - started) * 1000)
    return answers, times


def quantiles(milliseconds: list[float]) -> str:
    """Median and 95 % as text."""
    return "p50 {:.1f} ms, p95 {:.1f} ms".format(*np.quantile(milliseconds, (0.5, 0.95)))


def resident() -> float:
    """Megabytes in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
