"""What an encoder is."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ...kb.errors import ExtraMissing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Encoder(Protocol):
    """Turns texts into vectors whose dot product says how near two texts are."""

    @property
    def name(self) -> str:
        """What made the vectors, with a hash of its content: another name means other vectors."""
        ...

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        ...

    def encode(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """One row of unit length for each text, in their order: (n, dimension), n may be 0.

        `progress` is called with the number of texts done so far, after every batch. Threads may call this at once.
        """
        ...


def import_package(name: str, *, hint: str) -> Any:
    """The package, or `ExtraMissing`: a broken installation can raise anything, not just ImportError."""
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise ExtraMissing(f"{name} does not import: {type(error).__name__}: {error}", hint=hint) from error
