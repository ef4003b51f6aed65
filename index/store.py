"""The index on disk: one folder per content, complete or not there, and checked for damage whenever it is opened."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from ..kb.case import Case
from ..kb.errors import IndexUnavailable
from ..kb.parse import parse_case
from .signature import StoredSignature

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table

SCHEMA_VERSION = 6
"""Part of every key: indexes of another version are never opened."""
DATABASE = "cases.db"
VECTORS = "vectors.faiss"
MANIFEST = "manifest.json"
_EXCEPTION = re.compile(r"\b[A-Z]\w*(?:Error|Exception|Interrupt|Exit)\b")


class DamagedIndex(IndexUnavailable):
    """A file of the index is not what was written."""

    reference = "damaged-index"


@dataclass(frozen=True, slots=True)
class VectorRow:
    """Which text of which case a vector stands for."""

    case: str
    field: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What ranking needs to know of a case."""

    id: str
    symptom: str
    root_cause: str
    stage: tuple[str, ...]
    stack: tuple[str, ...]
    models: frozenset[str] = frozenset()
    exceptions: frozenset[str] = frozenset()
    """Exceptions that its title and samples name."""

    @property
    def training(self) -> float:
        """1 where it concerns training alone, -1 running a model alone, 0 both."""
        return sum(1 if stage == "Fine-tuning" else -1 for stage in self.stage) / len(self.stage)


def index_key(content: str, encoder_name: str | None) -> str:
    """The name of the index of cases of this content key with this encoder: other content, other name."""
    parts = f"{SCHEMA_VERSION}\n{encoder_name}\n{content}"
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


def checksum(path: Path) -> str:
    """CRC-32 of a file: finds damage, at several GB/s."""
    value = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            value = zlib.crc32(block, value)
    return f"{value:08x}"


def write_manifest(folder: Path, facts: dict[str, object]) -> None:
    """Seals a finished index: what it was made of, and the checksums of its files."""
    files = {path.name: checksum(path) for path in sorted(folder.iterdir())}
    text = json.dumps({**facts, "files": files}, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, object]:
    """What the index was made of.

    Raises:
        DamagedIndex: a file is missing or is not what was written.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        damaged = [name for name, sum_ in manifest["files"].items() if checksum(folder / name) != sum_]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndex("the index is not readable", context=f"{folder}: {error}") from error
    if damaged:
        raise DamagedIndex("the index is damaged", context=f"{folder}: {', '.join(damaged)}")
    return manifest


def problems_of(folder: Path) -> list[str]:
    """The faults of the cases that were left out of an index."""
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["problems"]


def table(database: Database, name: str) -> Table:
    """A table that is known to be one and no view."""
    return cast("Table", database[name])


def new_table(database: Database, name: str, columns: Iterable[str], pk: str | None = None) -> Table:
    """Creates a table of texts, which is there even if nothing is put into it."""
    return table(database, name).create(dict.fromkeys(columns, str), pk=pk)


@contextmanager
def new_database(path: Path) -> Iterator[Database]:
    """A database to fill; closed at the end."""
    from sqlite_utils import Database  # takes numpy with it

    database = Database(path)
    try:
        yield database
    finally:
        database.close()


def write_cases(database: Database, sources: list[tuple[Case, str]]) -> None:
    """Stores the cases, each with its file as it was written."""
    rows = [
        {
            "id": case.id,
            "title": case.title,
            "symptom": case.symptom,
            "root_cause": case.root_cause,
            "stage": "\n".join(case.stage),
            "stack": "\n".join(case.stack),
            "models": "\n".join(case.models),
            "exceptions": "\n".join(sorted(set(_EXCEPTION.findall("\n".join((case.title, *case.hits)))))),
            "source": source,
        }
        for case, source in sources
    ]
    from ..kb.anchors import anchors

    columns = ("id", "title", "symptom", "root_cause", "stage", "stack", "models", "exceptions", "source")
    new_table(database, "cases", columns, pk="id").insert_all(rows)
    signatures = [
        {
            "case": case.id,
            "regex": signature.regex,
            "role": signature.role,
            "anchors": json.dumps(anchors(signature.regex)),
        }
        for case, _ in sources
        for signature in case.signatures
    ]
    new_table(database, "signatures", ("case", "regex", "role", "anchors")).insert_all(signatures)


def write_rows(database: Database, rows: list[VectorRow]) -> None:
    """Stores which text each vector stands for; the rowid, less one, is the vector's place."""
    new_table(database, "vectors", ("case_id", "field")).insert_all(
        {"case_id": row.case, "field": row.field} for row in rows
    )


class CaseStore:
    """An index's database, read only; threads that ask it wait for each other.

    It is read without sqlite-utils, whose import takes longer than an answer.
    """

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._cases: dict[str, Case] = {}
        self._database = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The database for this thread alone; what is read must be fetched before it is handed back."""
        with self._lock:
            yield self._database

    def close(self) -> None:
        """Lets go of the file."""
        self._database.close()

    def case(self, case_id: str) -> Case | None:
        """One case in full. Each is read once: five are in every answer, often the same."""
        case = self._cases.get(case_id) or self._read(case_id)
        if case:
            self._cases[case_id] = case
        return case

    def _read(self, case_id: str) -> Case | None:
        for (source,) in self._rows("select source from cases where id = ?", case_id):
            return parse_case(case_id, source.encode(), case_id)[0]
        return None

    def facts(self) -> dict[str, CaseFacts]:
        """All cases by id, as ranking sees them."""
        return {
            case: CaseFacts(
                id=case,
                symptom=symptom,
                root_cause=root_cause,
                stage=tuple(stage.splitlines()),
                stack=tuple(stack.splitlines()),
                models=frozenset(models.splitlines()),
                exceptions=frozenset(exceptions.splitlines()),
            )
            for case, symptom, root_cause, stage, stack, models, exceptions in self._rows(
                "select id, symptom, root_cause, stage, stack, models, exceptions from cases"
            )
        }

    def signatures(self) -> list[StoredSignature]:
        """All signatures of all cases."""
        rows = self._rows("select [case], regex, role, anchors from signatures order by rowid")
        return [StoredSignature(case, regex, role, json.loads(anchors)) for case, regex, role, anchors in rows]

    def vector_rows(self) -> list[VectorRow]:
        """Which text each vector stands for, in the order of the vectors."""
        return [VectorRow(*row) for row in self._rows("select case_id, field from vectors order by rowid")]

    def vector_rows_at(self, places: Iterable[int]) -> dict[int, VectorRow]:
        """Which texts the vectors at these places stand for."""
        wanted = json.dumps([place + 1 for place in places])
        rows = self._rows(
            "select rowid, case_id, field from vectors where rowid in (select value from json_each(?))", wanted
        )
        return {rowid - 1: VectorRow(case, field) for rowid, case, field in rows}

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with self.reading() as database:
            return database.execute(query, values).fetchall()
