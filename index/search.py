"""The only door to the index: a query in, ranked cases out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..kb.case import Case
from .channels import Channels, Found
from .query import Query
from .rank import Hit, Ranking, rank
from .store import DATABASE, CaseFacts, CaseStore

if TYPE_CHECKING:
    from .encoder import Encoder


_FEW = 4


class Searcher:
    """An opened index. Thread-safe. A channel whose library does not import is left out and `note` is told once."""

    def __init__(self, folder: Path, encoder: Encoder | None, note: Callable[[str], None]) -> None:
        self.folder = folder
        self._store = CaseStore(folder / DATABASE)
        self._channels = Channels(folder, self._store, encoder, note)

    def load_vectors(self) -> None:
        """Loads the vectors before they are asked for."""
        self._channels.vectors.load()

    def close(self) -> None:
        """Lets go of the files."""
        self._store.close()

    def case(self, case_id: str) -> Case | None:
        """One case in full."""
        return self._store.case(case_id)

    def search(self, query: Query, top: int = 5) -> list[Hit]:
        """The best `top` cases for a query, best first; empty where nothing at all fits."""
        return list(self.rank(query).hits[:top])

    def rank(self, query: Query) -> Ranking:
        """How probable each case is for a query, and that it is none of them."""
        return rank(self.find(query), query, self.facts)

    def find(self, query: Query) -> Found:
        """What each channel says to a query, unweighed."""
        return self._channels.find(query)

    @cached_property
    def facts(self) -> Mapping[str, CaseFacts]:
        """All cases, as ranking sees them."""
        return self._store.facts()

    @cached_property
    def training_by_program(self) -> Mapping[str, float]:
        """How much more than all cases together those of each program concern training (below 0: running), -2 to 2."""
        of_program: dict[str, list[float]] = {}
        for facts in self.facts.values():
            for program in facts.stack:
                of_program.setdefault(program, []).append(facts.training)
        overall = sum(facts.training for facts in self.facts.values()) / max(len(self.facts), 1)
        # A few cases more of the overall kind: what is known of a program by one case is known hardly at all.
        return {
            program: sum(one - overall for one in leanings) / (len(leanings) + _FEW)
            for program, leanings in of_program.items()
        }
