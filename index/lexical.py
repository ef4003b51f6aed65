"""The full-text channel: SQLite FTS5, written with sqlite-utils."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..kb.case import Case
from .store import new_table
from .text import indexed, masked, terms

if TYPE_CHECKING:
    from sqlite_utils import Database

TABLE = "texts"
WEIGHTS = {"title": 4.0, "asks": 3.0, "samples": 2.5, "cause": 1.5, "fixes": 1.0, "names": 2.0}
"""The columns of the full-text table and how much a term counts there (BM25 column weights)."""
_MOST_TERMS = 96
_SEARCH = f"""
select id, found.rank from {TABLE}_fts found join {TABLE} on {TABLE}.rowid = found.rowid
where {TABLE}_fts match ? order by found.rank limit ?
"""


def text_row(case: Case) -> dict[str, str]:
    """The row of one case, each column as search terms."""
    return {
        "id": case.id,
        "title": indexed(case.title),
        "asks": indexed("\n".join(case.asks)),
        "samples": indexed("\n".join(case.hits)),
        "cause": indexed(case.cause),
        "fixes": indexed("\n".join(f"{fix.do} {fix.run or ''}" for fix in case.fixes)),
        "names": indexed(" ".join((*case.stack, *case.models))),
    }


def write_texts(database: Database, rows: Sequence[dict[str, str]]) -> None:
    """Creates the full-text table."""
    texts = new_table(database, TABLE, ("id", *WEIGHTS), pk="id")
    texts.insert_all(rows)
    # `_` belongs to identifiers, and so do the endings that the stemmer of porter takes off.
    texts.enable_fts(list(WEIGHTS), tokenize="porter unicode61 tokenchars _")
    weights = ", ".join(str(weight) for weight in WEIGHTS.values())
    # FTS5 takes its column weights as a setting of the table; sqlite-utils has no call for it.
    with database.conn:
        database.execute(f"insert into {TABLE}_fts({TABLE}_fts, rank) values('rank', 'bm25({weights})')")


def search_texts(database: sqlite3.Connection, text: str, limit: int) -> list[tuple[str, float]]:
    """Case ids with their BM25 score (higher is better), best first, for any of the terms of the text."""
    wanted = Counter(terms(masked(text))).most_common(_MOST_TERMS)
    if not wanted:
        return []
    any_of = " OR ".join(f'"{term}"' for term, _ in wanted)
    found = database.execute(_SEARCH, [any_of, limit])
    return [(case, -rank) for case, rank in found]
