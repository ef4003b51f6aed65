"""The steps of docs/ci.md are YAML, and the commands in them are commands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from firstaid.assistant.cli import cli

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
ACTIONS, GITLAB = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.S))


def scripts() -> Iterator[str]:
    """Every shell line of the page."""
    yield from (step["run"] for step in ACTIONS["jobs"]["test"]["steps"] if "run" in step)
    for part in ("before_script", "script", "after_script"):
        yield from GITLAB["test"][part]
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S):
        yield from block.splitlines()
    yield from re.findall(r"`(firstaid [^`]*)`", PAGE)


def calls() -> list[tuple[str, ...]]:
    """The words after each `firstaid`, up to what belongs to the shell."""
    found = (
        re.split(r"[;|>]", match[1])[0] for line in scripts() for match in re.finditer(r"(?<!\S)firstaid (.*)", line)
    )
    return sorted({tuple(shlex.split(call)) for call in found})


def test_the_page_has_calls_to_check() -> None:
    assert {"run", "last"} <= {words[0] for words in calls()}


@pytest.mark.parametrize("words", calls(), ids=" ".join)
def test_each_call_parses(words: tuple[str, ...]) -> None:
    given = [*words, "true"] if words[-1] == "--" else list(words)
    context = click.Context(cli)
    name, command, rest = cli.resolve_command(context, given)
    assert command is not None
    command.make_context(name, rest, parent=context)


def test_a_failing_job_says_why(firstaid: object, tmp_path: Path) -> None:
    del firstaid
    (tmp_path / "test.py").write_text("raise KeyError('qwen3')", encoding="utf-8")
    steps = {step["name"]: step["run"] for step in ACTIONS["jobs"]["test"]["steps"] if "name" in step}
    summary = tmp_path / "summary.md"
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "GITHUB_STEP_SUMMARY": str(summary)}

    def run(line: str) -> int:
        return subprocess.run(line, shell=True, cwd=tmp_path, env=environment, timeout=120, check=False).returncode

    assert run(steps["Test"].replace("-m pytest", "test.py")) == 1
    assert run(steps["What went wrong"]) == 0
    assert summary.read_text(encoding="utf-8").startswith("## This ")
    assert "transformers-too-old-for-model-type" in summary.read_text(encoding="utf-8")


def test_the_same_is_done_in_both_places() -> None:
    steps: list[dict[str, Any]] = ACTIONS["jobs"]["test"]["steps"]
    (cached,) = [step["with"]["path"] for step in steps if step.get("uses", "").startswith("actions/cache")]
    assert [cached] == GITLAB["test"]["cache"]["paths"] == [".firstaid/cache/index"]
    (summary,) = [step for step in steps if "GITHUB_STEP_SUMMARY" in step.get("run", "")]
    assert summary["if"] == "failure()"
    assert GITLAB["test"]["artifacts"]["paths"] == ["diagnosis.md"]
    assert GITLAB["test"]["script"] == [step["run"] for step in steps if step.get("name") == "Test"]


def test_the_version_named_is_this_one() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert set(re.findall(r"firstaid-(?:llm==|index-)([\d.]+\d)", PAGE)) == {version}
