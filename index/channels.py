"""The channels of an opened index: what signatures, full text and vectors each say to a query, not yet weighed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..kb.errors import ExtraMissing, ModelError
from .embed import MISS, embedded_text
from .lexical import search_texts
from .query import Query
from .signature import Match, SignatureMatcher
from .store import VECTORS, CaseStore
from .vectors import Near, VectorStore

if TYPE_CHECKING:
    from .encoder import Encoder

_DEPTH = 40
"""How many cases the full text contributes for each part of a query."""
_THE_SAME = 0.97
"""Cosine of two texts that tell the same failure in almost the same words."""
_ERROR = 250
"""So many characters of an error are embedded: its name and the beginning of its message say all that tells it."""
_NEAREST = 120
"""How many texts the vector channel looks at: several belong to one case."""


@dataclass(frozen=True, slots=True)
class Found:
    """What each channel found: scores by case id, larger is better. A channel that is out of reach found nothing."""

    matches: Mapping[str, Sequence[Match]]
    bm25: Mapping[str, Mapping[str, float]]
    """BM25 by part of the query: "lexical_error", "lexical_words"."""
    near: Mapping[str, Mapping[str, Mapping[str, float]]]
    """The cosine of the nearest text of each field ("title", "ask", "sample", …) of each case, by part of the query:
    "vector_error", "vector_words"."""

    @property
    def cosines(self) -> dict[str, dict[str, float]]:
        """The cosines that speak for their cases, by part of the query: all but those of look-alikes."""
        return {
            part: {case: max(fields.values()) for case, fields in found.items() if not _looks_alike(fields)}
            for part, found in self.near.items()
        }

    @property
    def proven(self) -> set[str]:
        """The cases of which a root signature was found."""
        return {case for case, matches in self.matches.items() if any(match.role == "root" for match in matches)}

    @property
    def disowned(self) -> set[str]:
        """The cases whose author said of this very text that it is another problem: a `miss` sample almost the same.

        Where the user's words are known, an error line that is the same says nothing; nor does it against a proof.
        """
        near = self.near.get("vector_words") or self.near.get("vector_error") or {}
        disowned = {case for case, fields in near.items() if _looks_alike(fields) and fields[MISS] >= _THE_SAME}
        return disowned - self.proven


class Channels:
    """All channels over one index. A channel whose library does not import is left out and `note` is told once.

    Threads may search at once; only the database is asked by one at a time.
    """

    def __init__(self, folder: Path, store: CaseStore, encoder: Encoder | None, note: Callable[[str], None]) -> None:
        self._store = store
        self._encoder = encoder
        self._note = note
        self.vectors = VectorStore(folder / VECTORS)
        self._noted: set[str] = set()

    def find(self, query: Query) -> Found:
        """What each channel says to a query."""
        return Found(self._matches(query), self._lexical(query), self._nearest(query))

    def _matches(self, query: Query) -> dict[str, list[Match]]:
        found: dict[str, list[Match]] = {}
        try:
            for match in self._matcher.matches(query.text, query.error_spans):
                found.setdefault(match.case, []).append(match)
        except ExtraMissing as missing:
            self._say(missing)
        return found

    def _lexical(self, query: Query) -> dict[str, dict[str, float]]:
        texts = {"lexical_error": query.error, "lexical_words": f"{query.words}\n{query.context}"}
        with self._store.reading() as database:
            return {name: dict(search_texts(database, text, _DEPTH)) for name, text in texts.items() if text.strip()}

    def _nearest(self, query: Query) -> dict[str, dict[str, dict[str, float]]]:
        texts = {"vector_error": query.error[:_ERROR], "vector_words": query.words}
        wanted = {name: embedded_text(text) for name, text in texts.items() if text.strip()}
        if not wanted or self._encoder is None:
            return {}
        try:
            self.vectors.load()  # the encoder loads beside it
            vectors = self._encoder.encode(list(wanted.values()))
            nearest = self.vectors.nearest(vectors, _NEAREST)
        except (ExtraMissing, ModelError) as missing:
            self._say(missing)
            return {}
        return {name: self._by_case(near) for name, near in zip(wanted, nearest, strict=True)}

    def _by_case(self, near: Sequence[Near]) -> dict[str, dict[str, float]]:
        """The nearest text of each field of each case."""
        rows = self._store.vector_rows_at(found.row for found in near)
        best: dict[str, dict[str, float]] = {}
        for found in near:
            row = rows[found.row]
            best.setdefault(row.case, {}).setdefault(row.field, found.cosine)
        return best

    @cached_property
    def _matcher(self) -> SignatureMatcher:
        return SignatureMatcher(self._store.signatures())

    def _say(self, missing: ExtraMissing | ModelError) -> None:
        if missing.message not in self._noted:
            self._noted.add(missing.message)
            self._note(f"{missing.message}; answering without it. To mend: {missing.hint}")


def _looks_alike(fields: Mapping[str, float]) -> bool:
    return max(fields, key=lambda field: fields[field]) == MISS
