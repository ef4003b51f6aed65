"""The models that put an answer in the user's terms: which there are, which is here, and how it got here."""

from __future__ import annotations

from .catalogue import Catalogue, Model, Parts, load_catalogue
from .pull import Source, pull
from .shelf import ModelRow, Shelf, shelf
from .store import Chosen, ModelStore

__all__ = [
    "Catalogue",
    "Chosen",
    "Model",
    "ModelRow",
    "ModelStore",
    "Parts",
    "Shelf",
    "Source",
    "load_catalogue",
    "pull",
    "shelf",
]
