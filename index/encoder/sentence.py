"""Any sentence-transformers model that a user names, for people who build their own index."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...kb.errors import ModelError
from .base import import_package

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CHUNK = 256
"""Texts between two calls of `progress`; within it sentence-transformers makes its own batches."""
_INSTALL = "pip install 'firstaid-llm[build]'"
_CONTENT = frozenset({".safetensors", ".bin", ".json", ".txt", ".model", ".py"})
"""The endings of the files that decide which vectors a model makes."""


class SentenceTransformersEncoder:
    """Encodes with a model from a folder or the cache of the hub, never from the network; loads it at once.

    Raises:
        ExtraMissing: sentence-transformers does not import.
        ModelError: the model is not there, or cannot be loaded.
    """

    def __init__(self, name_or_path: str) -> None:
        package = import_package("sentence_transformers", hint=_INSTALL)
        folder, self.name = _find(name_or_path)
        self._model = _load(package, folder)
        self._lock = threading.Lock()
        self.dimension: int = self.encode(["x"]).shape[1]

    def encode(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """One row of unit length for each text; the model's own limit says how much of each counts."""
        import numpy as np

        parts: list[NDArray[np.float32]] = []
        for start in range(0, len(texts), _CHUNK):
            with self._lock:  # its tokenizer must not be used by two threads
                part = self._model.encode(
                    list(texts[start : start + _CHUNK]), normalize_embeddings=True, show_progress_bar=False
                )
            parts.append(np.asarray(part, np.float32))
            if progress:
                progress(min(start + _CHUNK, len(texts)))
        return np.concatenate(parts) if parts else np.zeros((0, self.dimension), np.float32)


def _find(name_or_path: str) -> tuple[Path, str]:
    """The model's folder, and its name with what tells its versions apart: a hash of its files, or its commit.

    Looked for here, as sentence-transformers asks the hub even for models that it has: no answer may need a network.
    """
    folder = Path(name_or_path).resolve()
    if folder.is_dir():
        return folder, f"{folder.name}:{_hash_of(folder)}"
    hub = import_package("huggingface_hub", hint=_INSTALL)
    repository = name_or_path if "/" in name_or_path else f"sentence-transformers/{name_or_path}"
    cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    try:
        cached = Path(hub.snapshot_download(repository, cache_dir=cache, local_files_only=True))
    except Exception as error:
        raise ModelError(
            f"there is no model {name_or_path} on this machine",
            context="looked for as a folder, and in the cache of the Hugging Face hub",
            hint="download it where there is a network (hf download OWNER/NAME), or give the path of its folder",
        ) from error
    return cached, f"{name_or_path}:{cached.name[:12]}"


def _hash_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _CONTENT):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:12]


def _load(package: Any, folder: Path) -> Any:
    logging = import_package("transformers.utils.logging", hint=_INSTALL)
    logging.disable_progress_bar()  # it would be drawn on stderr while weights are loaded
    try:
        return package.SentenceTransformer(str(folder), local_files_only=True)
    except Exception as error:
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(
            f"the model cannot be loaded: {type(error).__name__}: {reason}",
            context=str(folder),
            hint="download it again, or name a model that this release of sentence-transformers knows",
        ) from error
