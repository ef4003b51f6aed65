"""Texts into vectors: the encoder in the box, or any sentence-transformers model.

Importing this loads neither numpy nor any model library; those load with the first texts.
"""

from __future__ import annotations

from ...kb.errors import UsageError
from .base import Encoder
from .bundled import BundledEncoder
from .sentence import SentenceTransformersEncoder

__all__ = ["BundledEncoder", "Encoder", "SentenceTransformersEncoder", "get_encoder"]


def get_encoder(spec: str = "bundled") -> Encoder:
    """The encoder that `spec` names: "bundled", or "sentence-transformers:NAME-OR-PATH".

    Raises:
        UsageError: `spec` has neither form.
        ExtraMissing: sentence-transformers is asked for and does not import.
        ModelError: the model cannot be loaded.
    """
    kind, colon, model = spec.partition(":")
    if kind == "bundled" and not colon:
        return BundledEncoder()
    if kind == "sentence-transformers" and model:
        return SentenceTransformersEncoder(model)
    raise UsageError(
        f"unknown encoder {spec!r}",
        hint="give 'bundled', or 'sentence-transformers:' and a model's name or folder, "
        "such as sentence-transformers:BAAI/bge-m3",
    )
