"""Loading and checking 1,000 cases: the shipped ones, copied under other ids until there are so many.

The copies share their texts, so a sample meets several times the patterns that it would meet in a grown knowledge base.
"""

from __future__ import annotations

import re
import tempfile
import time
import tomllib
from pathlib import Path

from firstaid.kb import load
from firstaid.kb.check import check

CASES = 1000


def main() -> None:
    """Prints seconds for tomllib alone, for loading and for checking."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = list(load().files.values())
        for number in range(CASES):
            file = sources[number % len(sources)]
            copy = "" if number < len(sources) else f"-{number}"
            (folder / f"{file.id}{copy}.toml").write_bytes(_quiet(file.source) if copy else file.source)
        started = time.perf_counter()
        for path in folder.iterdir():
            tomllib.loads(path.read_text(encoding="utf-8"))
        parsed = time.perf_counter()
        base = load(None, folder)
        loaded = time.perf_counter()
        faults = check(base)
        checked = time.perf_counter()
    print(f"{len(base.cases)} cases: tomllib alone {parsed - started:.2f} s, load {loaded - parsed:.2f} s, "
          f"check {checked - loaded:.2f} s, {len(faults)} faults")  # fmt: skip


def _quiet(source: bytes) -> bytes:
    """A copy's roots would fire on the samples of the original."""
    return re.sub(rb'(?m)^role = "root"', b'role = "hint"', source)


if __name__ == "__main__":
    main()
