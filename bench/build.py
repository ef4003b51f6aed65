"""Building the index of one, two and four times the shipped cases: the seconds should grow in the same proportion.

The further cases are copies under other ids; the texts are embedded before, as they are in every later build.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

from firstaid.index.build import fill
from firstaid.index.encoder import get_encoder
from firstaid.kb import KnowledgeBase, load


def main() -> None:
    """Prints a line for each size."""
    base, encoder = load(), get_encoder()
    with tempfile.TemporaryDirectory() as folder:
        for times in (1, 2, 4):
            many = repeated(base, times)
            work = Path(folder) / str(times)
            work.mkdir()
            started = time.perf_counter()
            fill(work, many, encoder, Path(folder) / "memory.db", lambda _done, _total: None)
            taken = time.perf_counter() - started
            print(
                f"{len(many.cases):5} cases: {taken:.2f} s, {1000 * taken / len(many.cases):.2f} ms a case", flush=True
            )


def repeated(base: KnowledgeBase, times: int) -> KnowledgeBase:
    """The cases so many times, each time under other ids."""
    cases, files = {}, {}
    for number in range(times):
        for case_id, case in base.cases.items():
            new = f"{case_id}-{number}"
            cases[new], files[new] = replace(case, id=new), replace(base.files[case_id], id=new)
    return replace(base, cases=cases, files=files)


if __name__ == "__main__":
    main()
