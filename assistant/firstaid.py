"""The Python door: `FirstAid().diagnose(text)`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from ..index import Hit, Library, Notices, Query, Searcher, open_index
from ..kb import Case
from ..kb.errors import InputError
from ..kb.load import load_retired
from .diagnose import diagnose
from .diagnosis import Diagnosis
from .evidence import AUTO, Choice, choice_of
from .paths import index_cache, user_cases
from .report import Report


def _unheard(_text: str) -> None:
    """Nobody asked to be told."""


def _unseen(_done: int, _total: int) -> None:
    """Nobody is watching."""


class FirstAid:
    """Diagnoses reports with the shipped cases and the user's own, offline.

    The index is opened, or built if it must be, with the first question; an instance may be used from several threads.

    Args:
        encoder: "bundled", or "sentence-transformers:NAME-OR-PATH" (needs firstaid-llm[build]).
        cases: a folder of further cases; by default the user's own.
        cache: where the index lies; by default the user's cache.
        note: told in one line what a person should know, such as a library that does not import.
        progress: called with texts embedded and all texts while the index is built.
        env: where evidence beside a report is read: "auto" for the Python environment that its paths lead to, else the
            active one; "none" for nothing but the report; or the path of an environment.

    Raises:
        UsageError: at the path named with `env` is no environment.
    """

    def __init__(  # noqa: PLR0913 - each is named and has a default
        self,
        *,
        encoder: str = "bundled",
        cases: Path | None = None,
        cache: Path | None = None,
        note: Callable[[str], None] = _unheard,
        progress: Callable[[int, int], None] = _unseen,
        env: str | Path | Choice = AUTO,
    ) -> None:
        self.library = Library(cache=cache or index_cache(), user_cases=cases or user_cases(), encoder=encoder)
        self._notices = Notices(note=note, progress=progress)
        self._env = choice_of(env)
        self._searcher: Searcher | None = None
        self._opening = Lock()

    @property
    def searcher(self) -> Searcher:
        """The opened index.

        Raises:
            IndexUnavailable: no index can be written anywhere.
        """
        with self._opening:
            if self._searcher is None:
                self._searcher = open_index(self.library, self._notices, warm_up=True)
            return self._searcher

    def diagnose(
        self,
        report: str | bytes | Path | BinaryIO | BaseException | Report,
        *,
        report_id: str | None = None,
        top: int = 5,
        env: str | Path | Choice | None = None,
    ) -> Diagnosis:
        """What is wrong in a report, why, and how to fix it.

        Args:
            report: a text, bytes of any encoding, an open binary stream, the Path of a file, an exception with its
                traceback and causes, or one that was read.
            report_id: handed back in the answer.
            top: how many cases to answer with, at most.
            env: as for the instance, for this report alone.

        Returns:
            Verdict, labels, cases best first, and times in milliseconds; `to_dict()` is the JSON of every door.

        Raises:
            InputError: the file cannot be read, there is nothing in it, or it is not text.
            UsageError: at the path named with `env` is no environment.
            IndexUnavailable: no index can be written anywhere.
        """
        chosen = self._env if env is None else choice_of(env)
        if isinstance(report, BaseException):
            from .exceptions import text_of  # few have one to diagnose

            report = text_of(report)
            chosen = Choice("run", Path(sys.prefix)) if chosen == AUTO else chosen  # it was raised in this very Python
        if isinstance(report, Path):
            with open_report(report) as file:
                return diagnose(file, self.searcher, report_id=report_id, top=top, env=chosen)
        return diagnose(report, self.searcher, report_id=report_id, top=top, env=chosen)

    def search(self, query: str, *, top: int = 5) -> list[Hit]:
        """The cases nearest to a question or an error line, best first, at most `top`; a score is 0 to 1.

        Raises:
            IndexUnavailable: no index can be written anywhere.
        """
        return self.searcher.search(Query.of(query), top)

    def found(self, query: str, *, top: int = 5) -> list[tuple[Hit, Case]]:
        """As `search`, each hit with its case.

        Raises:
            IndexUnavailable: no index can be written anywhere.
        """
        return [(hit, case) for hit in self.search(query, top=top) if (case := self.case(hit.id))]

    def case(self, case_id: str) -> Case | None:
        """One case in full, also when its id was given up for another one; None where there is no such case.

        Raises:
            IndexUnavailable: no index can be written anywhere.
        """
        found = self.searcher.case(case_id)
        current = None if found else load_retired().get(case_id)
        return self.searcher.case(current) if current else found


def open_report(path: Path) -> BinaryIO:
    """Opens a file to diagnose.

    Raises:
        InputError: it is not there, is a folder, or may not be read.
    """
    try:
        return path.open("rb")
    except IsADirectoryError:
        raise InputError(f"{path} is a folder", hint="name the log file in it that ends with the error") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint="name a log file, or - for stdin") from None
