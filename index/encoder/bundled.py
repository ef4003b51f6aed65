"""The encoder in the box: all-MiniLM-L6-v2 in int8, run by onnxruntime. It needs neither torch nor a network."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...kb.errors import ModelError
from .base import import_package

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
ABOUT = "model.json"

_HERE = Path(__file__).parent
_REINSTALL = "python -m pip install --force-reinstall --no-deps firstaid-llm"
_MOST_CHARACTERS = 20_000
"""Of one text; more than the model's window ever holds, and it keeps a log of megabytes from being split to words."""
_BATCH_TEXTS = 32
_BATCH_TOKENS = 1024
"""Padding included. Larger batches are no faster and take more memory."""
_LEAST_FILLED = 0.75
"""Of the longest text of its batch: a text much shorter would be mostly padding, and a batch of its own is cheap."""
_MOST_THREADS = 8


@dataclass(frozen=True, slots=True)
class _About:
    """What `model.json` says of the files beside it."""

    name: str
    dimension: int
    max_tokens: int
    sha256: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Runtime:
    tokenizer: Any
    session: Any


class BundledEncoder:
    """Encodes with the model in `folder`; its files are loaded with the first texts.

    Raises:
        ModelError: a file is missing or damaged, or onnxruntime refuses it.
        ExtraMissing: onnxruntime or tokenizers does not import (from `encode`).
    """

    def __init__(self, folder: Path = _HERE) -> None:
        self._folder = folder
        self._about = _read_about(folder)
        self._lock = threading.Lock()
        self._runtime: _Runtime | None = None

    @property
    def name(self) -> str:
        """The model's name and a hash of its files."""
        return self._about.name

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._about.dimension

    def encode(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """One row of unit length for each text; of each, the first 256 tokens count."""
        runtime = self._load() if texts else None
        import numpy as np

        vectors = np.zeros((len(texts), self.dimension), np.float32)
        if runtime is None:
            return vectors
        tokens = [_tokens(runtime.tokenizer, text) for text in texts]
        done = 0
        for batch in _batches([len(row) for row in tokens]):
            shape = (len(batch), len(tokens[batch[0]]))
            ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
            for row, text in enumerate(batch):
                ids[row, : len(tokens[text])] = tokens[text]
                mask[row, : len(tokens[text])] = 1
            vectors[batch] = runtime.session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})[0]
            done += len(batch)
            if progress:
                progress(done)
        return vectors

    def _load(self) -> _Runtime:
        with self._lock:
            if self._runtime is None:
                self._runtime = _Runtime(_tokenizer(self._folder, self._about), _session(self._folder, self._about))
            return self._runtime


def _read_about(folder: Path) -> _About:
    path = folder / ABOUT
    try:
        return _About(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"the encoder's files cannot be read: {type(error).__name__}: {error}", context=str(path), hint=_REINSTALL
        ) from error


def _tokenizer(folder: Path, about: _About) -> Any:
    tokenizers = import_package("tokenizers", hint="python -m pip install --force-reinstall tokenizers")
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as error:
        raise _refused(folder / TOKENIZER, about, "tokenizers", error) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(about.max_tokens)
    return tokenizer


def _session(folder: Path, about: _About) -> Any:
    runtime = import_package("onnxruntime", hint="python -m pip install --force-reinstall onnxruntime")
    try:
        options = runtime.SessionOptions()
        options.log_severity_level = 3  # errors
        options.intra_op_num_threads = _threads()  # set, since onnxruntime otherwise pins them and warns in containers
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return runtime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise _refused(folder / MODEL, about, "onnxruntime", error) from error


def _refused(path: Path, about: _About, package: str, error: Exception) -> ModelError:
    """Blames the file if its hash is wrong, else the package that cannot read it."""
    try:
        sound = hashlib.sha256(path.read_bytes()).hexdigest() == about.sha256[path.name]
    except (OSError, KeyError):
        sound = False
    return ModelError(
        f"{package} cannot load the encoder: {type(error).__name__}: {error}",
        context=str(path),
        hint=f"python -m pip install --upgrade {package}" if sound else _REINSTALL,
    )


def _threads() -> int:
    """One for each core, as far as can be told: of many logical processors half are taken to be a core's second."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(_MOST_THREADS, processors if processors <= 4 else processors // 2)


def _tokens(tokenizer: Any, text: str) -> list[int]:
    """The ids of one text. One at a time: batches start threads, about which tokenizers warns when we fork later."""
    readable = text[:_MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")  # no half surrogates
    return tokenizer.encode(readable).ids


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Which texts run together: those of like length, the longest first, so that little is padding."""
    order = sorted(range(len(lengths)), key=lambda text: -lengths[text])
    start = 0
    while start < len(order):
        longest = lengths[order[start]]
        most = order[start : start + max(1, min(_BATCH_TEXTS, _BATCH_TOKENS // longest))]
        batch = [text for text in most if lengths[text] >= longest * _LEAST_FILLED]
        yield batch
        start += len(batch)
