"""What evidence from the machine adds to a cold diagnosis: the same report with --env none and with an environment.

python bench/evidence.py [--packages 400] [--rounds 15]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPORT = """Traceback (most recent call last):
  File "/srv/app/serve.py", line 3, in <module>
    model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
  File "{folder}/transformers/models/auto/configuration_auto.py", line 710, in __getitem__
    raise KeyError(key)
KeyError: 'qwen3'
"""


def main() -> None:
    """Times both in turn, so that a busy machine slows both alike; prints medians and what is added."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        compare(Path(place), arguments.packages, arguments.rounds)


def compare(place: Path, packages: int, rounds: int) -> None:
    """The report alone, and with the environment that its traceback leads to."""
    log = place / "failed.log"
    log.write_text(REPORT.format(folder=filled(place / "venv", packages)), encoding="utf-8")
    command = [sys.executable, "-m", "firstaid.assistant", "diagnose", "--no-llm", "-q", "--env"]
    home = {**os.environ, "FIRSTAID_HOME": str(place / "home")}
    times: dict[str, list[float]] = {"none": [], "auto": []}
    for _ in range(2):  # builds the index, and fills the caches of the system
        timed([*command, "auto", str(log)], home)
    for _ in range(rounds):
        for env, taken in times.items():
            taken.append(timed([*command, env, str(log)], home))
    alone, joined = (statistics.median(taken) * 1000 for taken in times.values())
    print(f"the report alone {alone:.0f} ms, with {packages} packages and this machine {joined:.0f} ms")
    print(f"evidence adds {joined - alone:.0f} ms, {joined / alone:.2f} times the report alone ({rounds} rounds)")


def filled(prefix: Path, count: int) -> Path:
    """The packages of a new environment, transformers among them."""
    folder = prefix / "lib" / "python3.10" / "site-packages"
    names = ["transformers-4.36.2", *(f"package_{number}-1.{number}" for number in range(count))]
    for name in names:
        info = folder / f"{name}.dist-info"
        info.mkdir(parents=True)
        package, _, version = name.partition("-")
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n", encoding="utf-8"
        )
    (folder / "transformers").mkdir()
    (prefix / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.10.12\n", encoding="utf-8")
    return folder


def timed(command: list[str], environment: dict[str, str]) -> float:
    """Wall seconds of one process."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
