"""The terminal application beside a Textual application that has nothing in it: time to first paint, and a long paste.

Both start in a process of their own on a pseudo-terminal; the clock runs until the first words are on it.

pip install ".[dev]" && python bench/tui.py [--rounds 5]
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread

BARE = """
from textual.app import App
from textual.widgets import TextArea
class Bare(App):
    def compose(self):
        yield TextArea(placeholder="Paste an error")
Bare().run()
"""
FIRSTAID = ["-m", "firstaid.assistant", "tui", "--no-llm"]
PASTED_LINES = 50_000
LONG = (
    "".join(f"INFO 11-20 12:00:{i % 60:02d} worker {i} loads shard {i} of many\n" for i in range(PASTED_LINES))
    + "KeyError: 'qwen3'\n"
)
_CHUNK = 1 << 16
_ESCAPE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


def main() -> None:
    """Prints both first paints with their ratio, then what a paste of 50,000 lines takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "FIRSTAID_HOME": home, "TERM": "xterm-256color"}
        subprocess.run(
            [sys.executable, "-m", "firstaid.assistant", "-q"], input=b"KeyError", env=environment, check=False,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        ours, bare = [], []
        for _ in range(rounds):
            ours.append(first_paint(FIRSTAID, environment))
            bare.append(first_paint(["-c", BARE], environment))
        print(
            f"first paint: firstaid {statistics.median(ours):.2f} s, bare Textual {statistics.median(bare):.2f} s "
            f"({statistics.median(ours) / statistics.median(bare):.1f} times)"
        )
        pasted = statistics.median(paste(environment) for _ in range(rounds))
        os.environ["FIRSTAID_HOME"] = home
        waits = [asyncio.run(longest_wait()) for _ in range(rounds)]
        print(
            f"{PASTED_LINES:,} lines ({len(LONG) / 1e6:.1f} MB) pasted into a terminal: answered after {pasted:.2f} s; "
            f"no key waits longer than {statistics.median(waits) * 1000:.0f} ms meanwhile"
        )


@contextmanager
def running(arguments: list[str], environment: Mapping[str, str]) -> Iterator[int]:
    """A Python process on a pseudo-terminal of 120 by 40, whose end is handed out."""
    process, terminal = pty.fork()
    if process == 0:
        os.execve(sys.executable, [sys.executable, *arguments], dict(environment))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    try:
        yield terminal
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)


def first_paint(arguments: list[str], environment: Mapping[str, str]) -> float:
    """Seconds from the start of the process until the input asks for a report."""
    started = time.perf_counter()
    with running(arguments, environment) as terminal:
        _read_until(terminal, b"Paste an error")
        return time.perf_counter() - started


def paste(environment: Mapping[str, str]) -> float:
    """Seconds from a bracketed paste on a terminal until the case stands there."""
    with running(FIRSTAID, environment) as terminal:
        _read_until(terminal, b"Paste an error")
        time.sleep(1)  # the core is opened meanwhile, as it is while a user goes for the text
        started = time.perf_counter()
        Thread(target=_write, args=(terminal, f"\x1b[200~{LONG}\x1b[201~".encode()), daemon=True).start()
        _read_until(terminal, b"Transformers is older")
        return time.perf_counter() - started


def _write(terminal: int, data: bytes) -> None:
    while data:
        data = data[os.write(terminal, data[:_CHUNK]) :]


def _read_until(terminal: int, words: bytes) -> None:
    seen = b""
    while words not in _ESCAPE.sub(b"", seen):
        if not select.select([terminal], [], [], 30)[0]:
            raise TimeoutError(f"{words!r} was not painted: {seen[-300:]!r}")
        seen += os.read(terminal, _CHUNK)


async def longest_wait() -> float:
    """Seconds that the event loop, and with it every key, waits at most while a long paste is read and looked up."""
    from textual import events

    from firstaid.assistant import FirstAid
    from firstaid.assistant.tui.app import FirstaidApp

    core = FirstAid()
    _ = core.searcher
    app, waits = FirstaidApp(lambda: core, None), [0.0]
    async with app.run_test(size=(120, 40)):
        focused = app.screen.focused
        assert focused is not None
        focused.post_message(events.Paste(LONG))
        while not app.screen.query("FixStep"):
            before = time.perf_counter()
            await asyncio.sleep(0.002)
            waits.append(time.perf_counter() - before)
    return max(waits)


if __name__ == "__main__":
    main()
