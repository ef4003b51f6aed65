"""How fast and in how much memory a very large log is read.

    python bench/big_log.py [--mb 100] [--line-mb 1000]

Writes a log of that size, with one traceback in its middle, and one line of that size into a temporary directory; each
is read in a process of its own. Beside it, on the same file in the same run: `wc -l`, and a plain read in Python.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_TRACEBACK = """Traceback (most recent call last):
  File "/srv/train/run.py", line 88, in <module>
    trainer.train()
  File "/srv/venv/lib/python3.11/site-packages/transformers/trainer.py", line 2122, in train
    return inner_training_loop(
KeyError: 'labels_of_the_middle'
"""
_LINE = "2024-05-01 12:{:02d}:{:02d},{:03d} - INFO - trainer - step {:d} loss 1.{:04d} error_rate 0.01 lr 2e-05\n"
_READERS = {
    "firstaid": "from firstaid.assistant.report import read_report\n"
    "with open(path, 'rb') as stream: report = read_report(stream)\n"
    "told = f'{report.initiating.name} line {report.initiating.first}' if report.initiating else 'nothing found'\n"
    "print(f'kept {len(report.lines):,} of {report.total_lines:,} lines; {told}', end='; ')",
    "plain read": "lines = open(path, errors='replace').read().splitlines()\nprint(f'{len(lines):,} lines', end='; ')",
}
_MEASURE = """import resource, sys, time
path, start = sys.argv[1], time.perf_counter()
{body}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(f'{{time.perf_counter() - start:.2f}} s, {{peak}} MB')
"""


def main() -> None:
    """Write both files, and measure every reader on them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=100)
    parser.add_argument("--line-mb", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log, line = Path(folder, "big.log"), Path(folder, "line.log")
        write_log(log, options.mb << 20)
        write_line(line, options.line_mb << 20)
        for path in (log, line):
            print(f"{path.name}: {path.stat().st_size >> 20} MB")
            measure(path)


def write_log(path: Path, size: int) -> None:
    """A training log of about that many bytes, with one traceback in its middle."""
    block = "".join(_LINE.format(n // 60 % 60, n % 60, n % 1000, n, n * 7 % 10_000) for n in range(20_000))
    with path.open("w", encoding="utf-8") as stream:
        half = size // len(block) // 2
        for part in range(2 * half):
            stream.write(_TRACEBACK if part == half else "")
            stream.write(block)


def write_line(path: Path, size: int) -> None:
    """One line without an end, with an exception's name in its middle."""
    block = "token " * 170_000
    with path.open("w", encoding="utf-8") as stream:
        for part in range(size // len(block)):
            stream.write("RuntimeError: in the middle " if part == size // len(block) // 2 else "")
            stream.write(block)


def measure(path: Path) -> None:
    """Print the seconds and the peak memory of every reader."""
    start = time.perf_counter()
    subprocess.run(["wc", "-l", str(path)], check=True, stdout=subprocess.DEVNULL)
    print(f"  wc -l       {time.perf_counter() - start:.2f} s")
    for name, body in _READERS.items():
        command = [sys.executable, "-c", _MEASURE.format(body=body), str(path)]
        print(f"  {name:<11}", subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


if __name__ == "__main__":
    main()
