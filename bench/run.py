"""What `firstaid run` costs: until the command starts, and for 100 MB of its output, in pipes and on a terminal.

    python bench/run.py [--rounds 10] [--mb 100]

Beside it, in turn, stand the bare command and a plain copy loop in Python (a pipe or a pseudo-terminal, nothing else).
"fast" prints as fast as it can, which no program that works does; "lines" is a Python program that prints log lines.
"""

from __future__ import annotations

import argparse
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence

_PIPE = """import subprocess, sys, os
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
while data := os.read(child.stdout.fileno(), 65536): os.write(1, data)
sys.exit(child.wait())"""
_TERMINAL = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:], lambda fd: __import__('os').read(fd, 65536)) >> 8)"
_LINES = """import sys
for step in range(int(sys.argv[1]) * 10_000):
    print(f"2024-05-01 12:00:00,{step % 1000:03d} - INFO - trainer - step {step:8d} loss {1 / (step + 1):.6f}")"""
_FIRSTAID = [sys.executable, "-m", "firstaid.assistant", "run", "--"]


def main() -> None:
    """Times everything in turn, and prints medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--mb", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["FIRSTAID_HOME"] = home
        starts(options.rounds)
        programs = {
            "fast": ["sh", "-c", f"yes 'step 1 loss 0.5 and so on and so on' | head -c {options.mb << 20}"],
            "lines": [sys.executable, "-c", _LINES, str(options.mb)],
        }
        for name, program in programs.items():
            output(f"{name}, pipe", program, _PIPE, in_pipe, options.rounds)
            output(f"{name}, terminal", program, _TERMINAL, on_terminal, options.rounds)


def starts(rounds: int) -> None:
    """How long it takes until the command runs, and until it is over."""
    ways = {
        "bare": [],
        "a small Python": [sys.executable, "-c", "import subprocess, sys; subprocess.call(sys.argv[1:])"],
    }
    ways["firstaid run"] = _FIRSTAID
    begun: dict[str, list[float]] = {name: [] for name in ways}
    over: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds * 2):
        for name, way in ways.items():
            start = time.time_ns()
            told = subprocess.run([*way, "date", "+%s%N"], capture_output=True, check=True).stdout
            over[name].append((time.time_ns() - start) / 1e6)
            begun[name].append((int(told) - start) / 1e6)
    for name in ways:
        print(f"{name:14} starts after {spread(begun[name])} ms, is over after {spread(over[name])} ms")


def output(name: str, program: list[str], copy: str, measure: Callable[[Sequence[str]], float], rounds: int) -> None:
    """How long a program takes that prints much."""
    ways = {"bare": [], "plain copy": [sys.executable, "-c", copy], "firstaid run": _FIRSTAID}
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(max(3, rounds // 2)):
        for way, words in ways.items():
            times[way].append(measure([*words, *program]))
    told = "; ".join(f"{way} {spread(found)} s" for way, found in times.items())
    median = {way: statistics.median(found) for way, found in times.items()}
    print(
        f"{name}: {told}; firstaid run is {median['firstaid run'] / median['bare']:.3f} of bare, "
        f"{median['firstaid run'] / median['plain copy']:.3f} of a plain copy"
    )


def spread(found: list[float]) -> str:
    """Median, least and most."""
    return f"{statistics.median(found):.2f} ({min(found):.2f} to {max(found):.2f})"


def in_pipe(command: Sequence[str]) -> float:
    """Seconds, with somebody who reads what comes through the pipe."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        while os.read(process.stdout.fileno(), 1 << 16):
            pass
    return time.perf_counter() - start


def on_terminal(command: Sequence[str]) -> float:
    """Seconds, with us as the terminal."""
    master, slave = os.openpty()
    start = time.perf_counter()
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True):
        os.close(slave)
        while select.select([master], [], []):
            try:
                os.read(master, 1 << 16)
            except OSError:
                break
    os.close(master)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
