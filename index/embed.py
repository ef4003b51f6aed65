"""The texts of a case that are embedded, and the memory of those embedded before."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..kb.case import Case
from .glossary import in_english
from .shipped import shipped_vectors, text_key
from .store import VectorRow, new_database, table
from .text import masked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .encoder import Encoder

Progress = Callable[[int, int], None]
"""Called with the number of texts done, and of all."""

MISS = "miss"
"""The field of a text that looks like the case and is not: what is nearest to it is not near to the case."""

MOST_CHARACTERS = 550
"""Some 150 tokens: what stands before them decides nothing, measured, and takes its time."""


def embedded_text(text: str) -> str:
    """A text as the encoder gets it: masked, and the end of it, since errors stand last."""
    return masked(in_english(text))[-MOST_CHARACTERS:]


def case_texts(case: Case) -> Iterator[tuple[VectorRow, str]]:
    """Every text of a case that gets a vector."""
    fields = (
        ("title", (case.title,)),
        ("cause", (case.cause,)),
        ("ask", case.asks),
        ("sample", case.hits),
        (MISS, case.misses),
    )
    for field, texts in fields:
        for text in texts:
            yield VectorRow(case.id, field), embedded_text(text)


def embed(texts: Sequence[str], encoder: Encoder, memory: Path, progress: Progress) -> NDArray[np.float32]:
    """The vectors of the texts, (n, dimension); only texts that neither the package nor `memory` holds are embedded.

    `memory` is a database of vectors by the hash of their text, made where it is not there. It belongs to one encoder.
    """
    import numpy as np

    keys = [text_key(text) for text in texts]
    known = shipped_vectors(encoder) | _recall(memory, encoder.dimension)
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    progress(len(texts) - len(new), len(texts))
    if new:
        vectors = encoder.encode(
            list(new.values()), progress=lambda done: progress(len(texts) - len(new) + done, len(texts))
        )
        fresh = dict(zip(new, vectors, strict=True))
        _remember(memory, fresh)
        known |= fresh
    return np.stack([known[key] for key in keys]) if keys else np.zeros((0, encoder.dimension), np.float32)


def _recall(memory: Path, dimension: int) -> dict[bytes, NDArray[np.float32]]:
    import numpy as np

    try:
        with new_database(memory) as database:
            if not table(database, "vectors").exists():
                return {}
            found = {row["key"]: np.frombuffer(row["vector"], np.float32) for row in table(database, "vectors").rows}
    except sqlite3.OperationalError:
        raise  # the disk is full, or the file may not be written: nothing that deleting it would cure
    except (sqlite3.DatabaseError, KeyError, ValueError):  # damaged: it only saves time, so it is made anew
        memory.unlink(missing_ok=True)
        return {}
    return {key: vector for key, vector in found.items() if vector.shape == (dimension,)}


def _remember(memory: Path, vectors: dict[bytes, NDArray[np.float32]]) -> None:
    rows = [{"key": key, "vector": vector.tobytes()} for key, vector in vectors.items()]
    with new_database(memory) as database:
        table(database, "vectors").insert_all(rows, pk="key", columns={"key": bytes, "vector": bytes}, replace=True)
