"""Loading and checking the shipped cases, as seconds for all of them and for 1,000."""

from __future__ import annotations

import time
import tomllib

from firstaid.kb import load
from firstaid.kb.check import check
from firstaid.kb.load import SHIPPED


def main() -> None:
    """Prints seconds for tomllib alone, for loading and for checking."""
    started = time.perf_counter()
    for path in SHIPPED.rglob("*.toml"):
        tomllib.loads(path.read_text(encoding="utf-8"))
    parsed = time.perf_counter()
    base = load()
    loaded = time.perf_counter()
    faults = check(base)
    checked = time.perf_counter()
    steps = {"tomllib alone": parsed - started, "load": loaded - parsed, "check": checked - loaded}
    count = len(base.cases)
    shown = ", ".join(f"{name} {taken:.2f} s ({taken * 1000 / count:.2f} s)" for name, taken in steps.items())
    print(f"{count} cases (for 1,000): {shown}, {len(faults)} faults")


if __name__ == "__main__":
    main()
