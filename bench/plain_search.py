"""What people write in an afternoon: sentence-transformers and FAISS over the same cases. Used by cold_start.py.

plain_search.py build MODEL FOLDER     embeds every title, cause, question and sample
plain_search.py search MODEL FOLDER FILE    prints the nearest case
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import faiss
from sentence_transformers import SentenceTransformer


def build(model: str, folder: Path) -> None:
    """Embeds the cases and writes index and ids."""
    from firstaid.kb import load

    texts = [
        (case.id, text)
        for case in load().cases.values()
        for text in (case.title, case.cause, *case.asks, *case.hits)
    ]  # fmt: skip
    vectors = SentenceTransformer(model).encode([text for _, text in texts], normalize_embeddings=True)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / "plain.faiss"))
    (folder / "plain.json").write_text(json.dumps([case_id for case_id, _ in texts]), encoding="utf-8")


def search(model: str, folder: Path, file: Path) -> None:
    """Prints the id of the nearest case."""
    index = faiss.read_index(str(folder / "plain.faiss"))
    ids = json.loads((folder / "plain.json").read_text(encoding="utf-8"))
    vector = SentenceTransformer(model).encode([file.read_text(encoding="utf-8")], normalize_embeddings=True)
    print(ids[index.search(vector, 1)[1][0][0]])


if __name__ == "__main__":
    command, model_name, where, *rest = sys.argv[1:]
    if command == "build":
        build(model_name, Path(where))
    else:
        search(model_name, Path(where), Path(rest[0]))
