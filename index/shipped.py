"""The vectors of the shipped cases, carried by the package, so that a first run embeds nothing.

`make_vectors.py` makes the file. A text whose vector is not in it is embedded where it is met, so a stale file costs
time and nothing else.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from .encoder import Encoder

FILE = Path(__file__).with_name("vectors.npz")
_KEY_BYTES = 16


def text_key(text: str) -> bytes:
    """What a vector is remembered by: a hash of its text."""
    return hashlib.sha256(text.encode()).digest()[:_KEY_BYTES]


def shipped_vectors(encoder: Encoder, file: Path = FILE) -> dict[bytes, NDArray[np.float32]]:
    """The vectors by key; none where the file is of another encoder, is missing or cannot be read."""
    import numpy as np

    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as data:
            if str(data["encoder"]) != encoder.name:
                return {}
            vectors = data["vectors"].astype(np.float32) * data["scales"][:, None]
            return {key.tobytes(): vector for key, vector in zip(data["keys"], vectors, strict=True)}
    except Exception:  # noqa: BLE001 - a damaged zip fails in many ways, and all that is lost is time
        return {}


def write_shipped(vectors: Mapping[bytes, NDArray[np.float32]], encoder_name: str, file: Path = FILE) -> None:
    """Writes the vectors as 8-bit numbers with one scale each, in the order of the keys."""
    import numpy as np

    keys = sorted(vectors)
    rows = np.stack([vectors[key] for key in keys])
    scales = np.abs(rows).max(axis=1) / 127
    np.savez_compressed(
        file,
        encoder=np.array(encoder_name),
        keys=np.frombuffer(b"".join(keys), np.uint8).reshape(-1, _KEY_BYTES),
        scales=scales.astype(np.float32),
        vectors=np.round(rows / scales[:, None]).astype(np.int8),
    )
