"""Reading which packages an environment holds: ours beside importlib.metadata, over the same 500 dist-infos.

python bench/packages.py [--packages 500] [--rounds 10]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path

from firstaid.assistant.machine.environments import environment_at


def main() -> None:
    """Prints the median of each and their ratio; the two take turns, so that a busy machine slows both alike."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=10)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = _filled(Path(place), arguments.packages)
        rounds = [(_taken(lambda: _ours(folder)), _taken(lambda: _theirs(folder))) for _ in range(arguments.rounds)]
    ours, theirs = (statistics.median(taken) * 1000 for taken in zip(*rounds, strict=True))
    print(
        f"{arguments.packages} packages: {ours:.1f} ms, importlib.metadata {theirs:.1f} ms, {theirs / ours:.1f} times"
    )


def _filled(prefix: Path, count: int) -> Path:
    folder = prefix / "lib" / "python3.12" / "site-packages"
    for number in range(count):
        info = folder / f"package_{number}-1.{number}.0.dist-info"
        info.mkdir(parents=True)
        metadata = f"Metadata-Version: 2.1\nName: package-{number}\nVersion: 1.{number}.0\n\nText.\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
    (prefix / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12.1\n", encoding="utf-8")
    return folder


def _ours(folder: Path) -> dict[str, str]:
    found = environment_at(folder)
    assert found is not None
    return {name: package.version for name, package in found.packages.items()}


def _theirs(folder: Path) -> dict[str, str]:
    return {one.metadata["Name"]: one.version for one in distributions(path=[str(folder)])}


def _taken(read: Callable[[], dict[str, str]]) -> float:
    started = time.perf_counter()
    read()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
