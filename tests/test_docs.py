"""The documents tell the truth: commands, flags, variables, the screen, and the paths they name."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import click
import pytest
from click.testing import CliRunner

from firstaid.assistant.cli import COMMANDS, cli
from firstaid.assistant.cli.config import KEYS
from firstaid.assistant.stderr import ExitCode
from firstaid.kb import load
from firstaid.kb.check import check
from firstaid.kb.check_format import CHECK_KINDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    ROOT / name
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/architecture.md",
        "docs/ci.md",
        "docs/writing-cases.md",
        "docs/performance.md",
    )
]
SCREEN = re.compile(r"(<!-- screen: (\S+) -->\n```text\n)(.*?)(```)", re.S)


def commands() -> list[tuple[str, ...]]:
    """The words after `firstaid` in every code block and code span of the README."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.S)
    spans = re.findall(r"`([^`\n]*\bfirstaid [^`\n]*)`", README)
    lines = [line for block in blocks for line in block.splitlines()] + spans
    calls = [line[match.end() :] for line in lines if (match := re.search(r"(?:^|[|\s])firstaid (?=\S)", line))]
    return [tuple(shlex.split(call, comments=True)) for call in calls]


def options_of(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}


def test_there_are_commands_to_check() -> None:
    assert len(commands()) >= 10


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_each_command_of_the_readme_parses(words: tuple[str, ...]) -> None:
    context = click.Context(cli)
    name, command, rest = cli.resolve_command(context, list(words))
    while isinstance(command, click.Group):
        name, command, rest = command.resolve_command(click.Context(command), rest)
    assert command is not None
    rest = rest[: rest.index("<")] if "<" in rest else rest
    command.make_context(name, rest, parent=context)


def test_each_flag_in_the_readme_exists_and_each_flag_is_there() -> None:
    named = set(re.findall(r"(?<![\w-])(--[a-z][a-z-]+|-[a-z])\b", re.sub(r"```.*?```", "", README, flags=re.S)))
    real = options_of(cli) | {"-h", "--help"}
    for command in COMMANDS:
        found = cli.get_command(click.Context(cli), command)
        assert found is not None
        members = found.commands.values() if isinstance(found, click.Group) else [found]
        for member in members:
            real |= options_of(member)
    assert named <= real, named - real
    diagnose = cli.get_command(click.Context(cli), "diagnose")
    assert diagnose is not None
    assert {option for option in options_of(diagnose) if option.startswith("--")} <= named


def test_each_variable_in_the_readme_exists_and_each_is_there() -> None:
    diagnose = cli.get_command(click.Context(cli), "diagnose")
    assert diagnose is not None
    real = {parameter.envvar for parameter in diagnose.params if parameter.envvar}
    serve = cli.get_command(click.Context(cli), "serve")
    assert serve is not None
    served = {str(parameter.envvar) for parameter in serve.params if parameter.envvar}
    assert "FIRSTAID_TOKEN" in served
    assert set(re.findall(r"FIRSTAID_[A-Z]+", README)) - {"FIRSTAID_HOME"} == real | served
    assert {str(name).removeprefix("FIRSTAID_").lower() for name in real} == KEYS


def test_every_command_has_help_and_stands_in_the_readme() -> None:
    runner = CliRunner()
    for name in COMMANDS:
        assert runner.invoke(cli, [name, "--help"]).exit_code == 0
        assert f"firstaid {name}" in README


def test_the_example_of_the_guide_is_a_sound_case(tmp_path: Path) -> None:
    guide = (ROOT / "docs/writing-cases.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", guide, re.S)
    assert example
    (tmp_path / "vllm-gpu-not-free.toml").write_text(example[1], encoding="utf-8")
    base = load(tmp_path, tmp_path / "none")
    # The look-alike it names, and all that the real case of this problem has, are not beside it here.
    assert {problem.key for problem in check(base)} <= {"see_also"}


def test_the_guide_explains_each_kind_of_check() -> None:
    guide = (ROOT / "docs/writing-cases.md").read_text(encoding="utf-8")
    table = guide[guide.index("### What a check can look at") :]
    assert [kind for kind in CHECK_KINDS if f"`{kind}" not in table] == []


def test_exit_codes_are_those_of_the_code() -> None:
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.M)} == {int(code) for code in ExitCode}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_path_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:kb|index|assistant|tests|bench|docs|examples|\.ci)/[\w./-]+)`", text)
    linked = re.findall(r"\]\((?!http)([^)#]+)\)", text)
    for name in [name for name in named if "<" not in name]:
        assert (ROOT / name).exists(), name
    for name in linked:
        assert (page.parent / name).exists(), name


def test_the_cases_named_exist_and_are_counted_right() -> None:
    cases = load().cases
    assert all(case in cases for case in re.findall(r"firstaid show ([\w-]+)", README))
    counted = re.search(r"^- More than (\d+) cases", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert counted
    assert int(counted[1]) <= len(cases) < int(counted[1]) + 100


def test_the_screen_of_the_readme_is_real(firstaid: Callable[..., CompletedProcess[bytes]]) -> None:
    place = SCREEN.search(README)
    assert place
    failing = subprocess.run(
        [sys.executable, str(ROOT / place[2])],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    assert failing.returncode == 1
    shown = firstaid(stdin=failing.stdout).stdout.decode()
    if os.environ.get("FIRSTAID_UPDATE_GOLDEN"):
        (ROOT / "README.md").write_text(README.replace(place[0], f"{place[1]}{shown}{place[4]}"), encoding="utf-8")
        return
    assert place[3] == shown


def test_the_workflow_and_the_readme_run_the_same_checks() -> None:
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "bash .ci/run" in workflow
    for step in (
        "pip install",
        "'.[dev]'",
        "ruff check",
        "basedpyright",
        "lint-imports",
        "firstaid kb check",
        "pytest",
    ):
        assert step in script
    assert "pip install '.[dev]' && .venv/bin/python -m pytest" in README
