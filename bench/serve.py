"""The HTTP door under load, beside a FastAPI application that answers a constant: the same clients, the same run.

Loads, each for --seconds with --clients on loopback, every request a report of its own unless said otherwise:

people    each client reads its answer for --think seconds on average (exponentially), as one who pastes reports does
machines  each client sends its next report as soon as it has an answer: the most the server can do
repeated  as machines, but all send the same 7 reports: the workers of one job
constant  as machines, to the constant application

pip install '.[dev]' && python bench/serve.py [--clients 50] [--seconds 30] [--think 5]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import httpx2
import numpy as np
import psutil

ERRORS = (
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 23.69 GiB",
    "KeyError: 'qwen3'",
    "safetensors_rust.SafetensorError: Error while deserializing header: HeaderTooLarge",
    "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0.",
    "error loading model: unknown model architecture: 'gemma3'",
    "my fine-tuned llama3 never stops talking in vllm",
    "显存不足，加载模型时报错",
)
TRACEBACK = """INFO 11-20 12:00:{second:02d} engine.py:{line}] loading shard {shard} of 30
Traceback (most recent call last):
  File "/srv/app/serve_{shard}.py", line {line}, in <module>
    engine = LLMEngine.from_engine_args(args)
  File "/opt/env/lib/python3.11/site-packages/vllm/engine/llm_engine.py", line {line}, in from_engine_args
    executor = build(config)
{error}
transformers==4.46.{second} torch==2.4.{shard}
"""
HEADERS = {"Content-Type": "text/plain"}
CONSTANT = """
import socket, sys
import uvicorn
from fastapi import FastAPI, Request
app = FastAPI()
@app.post("/v1/diagnose")
async def diagnose(request: Request):
    return {"bytes": len(await request.body())}
listening = socket.create_server(("127.0.0.1", 0))
print("listening on http://127.0.0.1:%d" % listening.getsockname()[1], file=sys.stderr, flush=True)
uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="critical")).run(sockets=[listening])
"""


@dataclass(frozen=True)
class Plan:
    """What the clients do."""

    clients: int
    seconds: float
    think: float = 0
    """Seconds between an answer and the next report, on average."""
    texts: tuple[str, ...] = ()
    """What is sent; nothing: every report is new."""


@dataclass
class Load:
    """What came of one load."""

    times: list[float] = field(default_factory=list)
    """Milliseconds of every request that was answered."""
    errors: list[str] = field(default_factory=list)

    def line(self, name: str, seconds: float) -> str:
        """The figures of it."""
        p50, p95, p99 = np.quantile(self.times, (0.5, 0.95, 0.99))
        rate = len(self.times) / seconds
        return (
            f"{name:9} {rate:7.1f} requests/s, p50 {p50:7.1f} ms, p95 {p95:7.1f} ms, p99 {p99:7.1f} ms, "
            f"{len(self.times)} answered, {len(self.errors)} errors {sorted(set(self.errors))[:3] or ''}"
        )


def main() -> None:
    """Prints the figures of each load, and the server's memory before and after it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--think", type=float, default=5, help="seconds, on average")
    arguments = parser.parse_args()
    machines = Plan(arguments.clients, arguments.seconds)
    plans = {"people": replace(machines, think=arguments.think), "machines": machines}
    plans["repeated"] = replace(machines, texts=ERRORS)
    with tempfile.TemporaryDirectory() as home:
        command = ["-m", "firstaid.assistant", "serve", "--port", "0", "--no-llm"]
        with _running(command, {**os.environ, "FIRSTAID_HOME": home}) as (url, process):
            asyncio.run(load(url, Plan(4, 5, texts=ERRORS)))  # what is loaded with the first reports
            for name, plan in plans.items():
                _measure(name, url, plan, psutil.Process(process))
    with _running(["-c", CONSTANT], dict(os.environ)) as (url, _):
        print(asyncio.run(load(url, machines)).line("constant", arguments.seconds))


def _measure(name: str, url: str, plan: Plan, server: psutil.Process) -> None:
    before, used = server.memory_info().rss, sum(server.cpu_times()[:2])
    found = asyncio.run(load(url, plan))
    used = (sum(server.cpu_times()[:2]) - used) * 1000 / max(1, len(found.times))
    after = server.memory_info().rss
    print(found.line(name, plan.seconds))
    print(f"{'':9} memory {before / 1e6:.0f} -> {after / 1e6:.0f} MB, {used:.1f} ms of processor time a request")


async def load(url: str, plan: Plan) -> Load:
    """Clients that ask until the time is over."""
    found, end = Load(), time.monotonic() + plan.seconds
    limits = httpx2.Limits(max_connections=plan.clients, max_keepalive_connections=plan.clients)
    async with httpx2.AsyncClient(base_url=url, trust_env=False, timeout=60, limits=limits) as client:
        asking = (_ask(client, random.Random(number), end, plan, found) for number in range(plan.clients))
        await asyncio.gather(*asking)
    return found


async def _ask(client: httpx2.AsyncClient, chance: random.Random, end: float, plan: Plan, found: Load) -> None:
    await asyncio.sleep(chance.uniform(0, plan.think))  # people do not come all at once
    while time.monotonic() < end:
        report = chance.choice(plan.texts) if plan.texts else _report(chance)
        started = time.perf_counter()
        try:
            response = await client.post("/v1/diagnose", content=report.encode(), headers=HEADERS)
            response.raise_for_status()
            found.times.append((time.perf_counter() - started) * 1000)
        except httpx2.HTTPError as error:
            found.errors.append(str(error).partition(" for url")[0] or type(error).__name__)
        await asyncio.sleep(chance.expovariate(1 / plan.think) if plan.think else 0)


def _report(chance: random.Random) -> str:
    """A report that nobody sent before."""
    error = chance.choice(ERRORS)
    return TRACEBACK.format(
        second=chance.randrange(60), line=chance.randrange(1, 10**6), shard=chance.randrange(30), error=error
    )


@contextmanager
def _running(arguments: list[str], environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    """A server in a process of its own: its address, and the process's number."""
    with subprocess.Popen([sys.executable, *arguments], stderr=subprocess.PIPE, env=environment) as running:
        assert running.stderr is not None
        try:
            while not (found := re.search(rb"listening on (http://\S+)", running.stderr.readline())):
                assert running.poll() is None, "it did not start"
            yield found[1].decode(), running.pid
        finally:
            running.terminate()


if __name__ == "__main__":
    main()
