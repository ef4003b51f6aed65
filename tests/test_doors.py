"""Every door gives the same JSON: the report of a failed command, through run, last, pipe, Python, HTTP and MCP."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from fake_environment import venv
from fastapi.testclient import TestClient
from mcp import StdioServerParameters
from mcp.client.session import ClientSession
from mcp.client.stdio import stdio_client

from firstaid.assistant import FirstAid
from firstaid.assistant.serve import Settings, create_app

Run = Callable[..., CompletedProcess[bytes]]
REPORTS = {
    "known": "Traceback (most recent call last):\n  File \"/srv/serve.py\", line 3, in <module>\nKeyError: 'qwen3'\n"
    "transformers==4.46.0\n",
    "chinese": "显存不够，torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB\n",
    "unknown": "the quick brown fox jumps over the lazy dog\n",
}


def same(text: str | bytes | dict[str, Any]) -> dict[str, Any]:
    """A diagnosis without what differs from one run to the next."""
    data = dict(text if isinstance(text, dict) else json.loads(text))
    assert data.pop("timing_ms")["total"] > 0
    return data


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One that evidence is read from, behind every door."""
    fake = venv(tmp_path / "venv")
    fake.install("transformers", "4.36.2")
    monkeypatch.setenv("FIRSTAID_ENV", str(fake.prefix))
    return fake.prefix


@pytest.mark.parametrize("name", REPORTS)
async def test_one_report_one_answer(
    name: str, firstaid: Run, shared_cache: Path, environment: Path, tmp_path: Path
) -> None:
    kit = FirstAid(cache=shared_cache, cases=tmp_path / "no-cases", env=environment)
    said = tmp_path / "said.txt"
    said.write_text(REPORTS[name], encoding="utf-8")
    failing = f"import sys; sys.stderr.write(open({str(said)!r}, encoding='utf-8').read()); sys.exit(3)"

    wrapped = firstaid("run", "-q", "--format", "json", "--", sys.executable, "-c", failing)
    assert wrapped.returncode == 3
    start = wrapped.stderr.index(b"{")
    answers = {"run": same(wrapped.stderr[start:])}
    log = Path(firstaid("last", "--path").stdout.decode().strip()).read_bytes()

    answers["last"] = same(firstaid("last", "--no-llm", "--format", "json").stdout)
    answers["pipe"] = same(firstaid("--format", "json", stdin=log).stdout)
    answers["python"] = same(kit.diagnose(log).to_dict())
    answers["http"] = same(_over_http(kit, log))
    answers["mcp"] = same(await _over_mcp(log.decode()))
    assert answers["pipe"]["environment"] == {"path": str(environment), "found_by": "option", "here": True}
    first = json.dumps(answers["pipe"])
    assert {door for door, answer in answers.items() if json.dumps(answer) != first} == set()


def _over_http(kit: FirstAid, report: bytes) -> bytes:
    with TestClient(create_app(kit, Settings()), base_url="http://127.0.0.1:8321") as client:
        done = client.post("/v1/diagnose", content=report, headers={"content-type": "text/plain"})
    assert done.status_code == 200, done.text
    return done.content


async def _over_mcp(report: str) -> dict[str, Any]:
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "firstaid.assistant", "mcp", "-q"], env=dict(os.environ)
    )
    async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as session:
        await session.initialize()
        result = await session.call_tool("diagnose", {"report": report, "top": 5})
    assert result.structured_content is not None
    return result.structured_content
