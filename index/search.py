"""The only door to the index: a query in, ranked cases out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..kb.case import Case
from ..kb.errors import ExtraMissing, ModelError
from .embed import MISS, embedded_text
from .fuse import reciprocal_rank
from .lexical import search_texts
from .query import Query
from .signature import Match, SignatureMatcher
from .store import DATABASE, VECTORS, CaseFacts, CaseStore
from .vectors import Near, VectorStore

if TYPE_CHECKING:
    from .encoder import Encoder

_DEPTH = 40
"""How many cases each channel contributes."""
_NEAREST = 120
"""How many texts the vector channel looks at: several belong to one case."""

_WEIGHTS = {"lexical_error": 1.0, "vector_error": 1.0, "lexical_words": 0.8, "vector_words": 1.0}
_STRENGTH = {("root", True): 1.0, ("root", False): 0.8, ("hint", True): 0.45, ("hint", False): 0.3}
_CASCADE = 0.05
_PROOF = 0.92
"""How sure a root signature in the initiating error makes by itself."""
_LIKENESS = 0.5
"""How sure the first place in every other channel makes by itself."""
_SAME_STACK = 0.03
_SAME_STAGE = 0.02
_LOOKS_ALIKE = 0.5
"""What is left of the score of a case whose `miss` sample is nearer than any other of its texts."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A case found, how well it fits (0 to 1), and what each channel said of it."""

    facts: CaseFacts
    score: float
    signature: float
    """0 to 1: 1 where a root signature stands in the initiating error."""
    cosine: float
    """Of its text that is nearest to the query; 0 where vectors are out of reach."""
    bm25: float
    matches: tuple[Match, ...] = ()

    @property
    def id(self) -> str:
        """The case's id."""
        return self.facts.id


@dataclass(frozen=True, slots=True)
class NearText:
    """The text of a case that is nearest to a query."""

    field: str
    cosine: float


class Searcher:
    """An opened index. Thread-safe. A channel whose library does not import is left out and `note` is told once."""

    def __init__(self, folder: Path, encoder: Encoder | None, note: Callable[[str], None]) -> None:
        self.folder = folder
        self._encoder = encoder
        self._note = note
        self._noted: set[str] = set()
        self._store = CaseStore(folder / DATABASE)
        self._lock = threading.RLock()

    def warm_up(self) -> None:
        """Begins to load the encoder, so that it is ready when the report has been read."""
        if self._encoder:
            # No daemon: a process that ends while native code is starting up is aborted.
            threading.Thread(target=_load, args=(self._encoder,)).start()

    def close(self) -> None:
        """Lets go of the files."""
        self._store.close()

    def case(self, case_id: str) -> Case | None:
        """One case in full."""
        with self._lock:
            return self._store.case(case_id)

    def search(self, query: Query, top: int = 5) -> list[Hit]:
        """The best `top` cases for a query, best first; empty where nothing at all fits."""
        with self._lock:
            matches = self._matches(query)
            bm25 = self._lexical(query)
            near = self._nearest(query)
        cosines = {name: _credits(found) for name, found in near.items()}
        warned = {case for found in near.values() for case, text in found.items() if text.field == MISS}
        signatures = {case: max(map(strength, found)) for case, found in matches.items()}
        fused = reciprocal_rank({name: _ranked(scores) for name, scores in (bm25 | cosines).items()}, _WEIGHTS)
        hits = [
            Hit(
                facts=self.facts[case],
                score=self._score(case, signatures.get(case, 0.0), fused.get(case, 0.0), query, case in warned),
                signature=signatures.get(case, 0.0),
                cosine=max((scores.get(case, 0.0) for scores in cosines.values()), default=0.0),
                bm25=max((scores.get(case, 0.0) for scores in bm25.values()), default=0.0),
                matches=tuple(matches.get(case, ())),
            )
            for case in signatures.keys() | fused.keys()
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:top]

    @cached_property
    def facts(self) -> Mapping[str, CaseFacts]:
        """All cases, as ranking sees them."""
        with self._lock:
            return self._store.facts()

    def _score(self, case: str, signature: float, fused: float, query: Query, warned: bool) -> float:
        facts = self.facts[case]
        agreement = _SAME_STACK * bool(set(facts.stack) & set(query.stack)) + _SAME_STAGE * (query.stage in facts.stage)
        likeness = min(1.0, _LIKENESS * fused + agreement) * (_LOOKS_ALIKE if warned else 1.0)
        # Either may be right where the other is wrong (noisy or).
        return 1 - (1 - _PROOF * signature) * (1 - likeness)

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
        return {
            name: dict(search_texts(self._store.database, text, _DEPTH)) for name, text in texts.items() if text.strip()
        }

    def _nearest(self, query: Query) -> dict[str, dict[str, NearText]]:
        texts = {"vector_error": query.error, "vector_words": query.words}
        wanted = {name: embedded_text(text) for name, text in texts.items() if text.strip()}
        if not wanted or self._encoder is None or self._vectors is None:
            return {}
        try:
            vectors = self._encoder.encode(list(wanted.values()))
        except (ExtraMissing, ModelError) as missing:
            self._say(missing)
            return {}
        nearest = self._vectors.nearest(vectors, _NEAREST)
        return {name: self._by_case(near) for name, near in zip(wanted, nearest, strict=True)}

    def _by_case(self, near: Sequence[Near]) -> dict[str, NearText]:
        """The nearest text of each case."""
        rows = self._store.vector_rows_at(found.row for found in near)
        best: dict[str, NearText] = {}
        for found in near:
            row = rows[found.row]
            best.setdefault(row.case, NearText(row.field, found.cosine))
        return best

    @cached_property
    def _matcher(self) -> SignatureMatcher:
        return SignatureMatcher(self._store.signatures())

    @cached_property
    def _vectors(self) -> VectorStore | None:
        try:
            return VectorStore(self.folder / VECTORS)
        except ExtraMissing as missing:
            self._say(missing)
        except RuntimeError as gone:  # FAISS's own: the file was there when the index was opened
            self._say(ExtraMissing(f"the vectors cannot be read: {gone}", hint="run firstaid again"))
        return None

    def _say(self, missing: ExtraMissing | ModelError) -> None:
        if missing.message not in self._noted:
            self._noted.add(missing.message)
            self._note(f"{missing.message}; answering without it. To mend: {missing.hint}")


def _load(encoder: Encoder) -> None:
    with suppress(Exception):  # the first search meets it again, and says so
        encoder.encode(["warm"])


def strength(match: Match) -> float:
    """How much one signature found says, 0 to 1."""
    return _STRENGTH.get((match.role, match.at_error), _CASCADE)


def _credits(near: Mapping[str, NearText]) -> dict[str, float]:
    """The cosines that speak for their cases: all but those of look-alikes."""
    return {case: text.cosine for case, text in near.items() if text.field != MISS}


def _ranked(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda case: (-scores[case], case))[:_DEPTH]
