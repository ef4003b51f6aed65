"""The doctor: conflicts of a machine and an environment, each with what shows it and the cure."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from fake_environment import Fake, venv, write

from firstaid.assistant.doctor import Finding, check_up, examine
from firstaid.assistant.evidence import choice_of
from firstaid.assistant.machine.environments import Environment, environment_at

Run = Callable[..., CompletedProcess[bytes]]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    return venv(tmp_path / "venv")


def of(fake: Fake) -> Environment:
    found = environment_at(fake.prefix)
    assert found
    return found


def found_in(fake: Fake) -> dict[str, Finding]:
    return {one.id: one for one in examine(of(fake))}


def test_nothing_is_wrong_with_a_sound_environment(fake: Fake) -> None:
    fake.install("numpy", "1.26.4")
    fake.install("tokenizers", "0.19.1")
    fake.install("transformers", "4.44.0", requires=("numpy>=1.17", "tokenizers<0.20,>=0.19"))
    assert found_in(fake) == {}


def test_a_rule_of_which_all_checks_are_confirmed(fake: Fake) -> None:
    fake.install("numpy", "2.0.2")
    fake.install("pandas", "2.0.3")
    finding = found_in(fake)["numpy-2-with-pandas-before-2-2-2"]
    assert finding.severity == "broken"
    assert finding.evidence == [f"pandas 2.0.3 in {fake.folder} is <2.2.2", f"numpy 2.0.2 in {fake.folder} is >=2"]
    assert (finding.run, finding.case) == ("pip install 'numpy<2'", "numpy-2-with-modules-built-for-numpy-1")


@pytest.mark.parametrize(
    ("line", "severity", "says"),
    [
        ("tokenizers<0.20,>=0.19", "broken", "tokenizers is not installed"),
        ("numpy>=2.1", "risky", "numpy 1.26.4 is installed"),
        ("torch[cuda]; extra == 'dev'", None, ""),
        ("tomli; python_version < '3.10'", None, ""),
        ("tomli; python_version >= '3.10'", "broken", "tomli is not installed"),
        ("no requirement at all!", None, ""),
    ],
)
def test_what_a_package_asks_for(fake: Fake, line: str, severity: str | None, says: str) -> None:
    fake.install("numpy", "1.26.4")
    fake.install("transformers", "4.44.0", requires=(line,))
    found = [one for one in found_in(fake).values() if one.id.startswith("requirement-")]
    assert [one.severity for one in found] == ([severity] if severity else [])
    assert all(says in one.evidence[1] for one in found)


def test_a_requirement_that_a_rule_explains_is_told_once(fake: Fake) -> None:
    fake.install("torch", "2.5.1+cu121")
    fake.install("torchvision", "0.19.0+cu121", requires=("torch==2.4.0",))
    about = [one for one in found_in(fake).values() if {"torch", "torchvision"} <= set(one.packages)]
    assert [one.id for one in about] == ["torchvision-for-torch-2-5"]


def test_leftovers_of_an_installation(fake: Fake) -> None:
    (fake.folder / "~ransformers").mkdir()
    fake.install("numpy", "1.26.4")
    fake.install("numpy", "2.0.2")
    found = found_in(fake)
    assert any(one.startswith("half-removed") for one in found)
    assert "duplicate-numpy" in found
    assert all(one.title and one.evidence for one in found.values())


def test_a_download_that_did_not_end(fake: Fake, tmp_path: Path) -> None:
    folder = tmp_path / "hf" / "hub" / "models--Qwen--Qwen3-8B"
    write(folder / "refs" / "main", "abc")
    write(folder / "snapshots" / "abc" / "config.json", "{}")
    write(folder / "blobs" / "0123.incomplete", "x")
    finding = found_in(fake)["not-whole-qwen-qwen3-8b"]
    assert (finding.severity, finding.run) == ("risky", "hf download Qwen/Qwen3-8B")
    assert "0123.incomplete" in finding.evidence[0]


def test_weights_that_are_not_there(fake: Fake, tmp_path: Path) -> None:
    folder = tmp_path / "hf" / "hub" / "models--Qwen--Qwen3-8B"
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    write(folder / "refs" / "main", "abc")
    write(folder / "snapshots" / "abc" / "model.safetensors.index.json", json.dumps(index))
    finding = found_in(fake)["not-whole-qwen-qwen3-8b"]
    assert finding.severity == "broken"
    assert finding.evidence == ["missing: model-00001-of-00002.safetensors, model-00002-of-00002.safetensors"]


def test_the_worst_comes_first(fake: Fake, tmp_path: Path) -> None:
    write(tmp_path / "hf" / "hub" / "models--a--b" / "blobs" / "0123.incomplete", "x")
    fake.install("numpy", "2.0.2")
    fake.install("pandas", "2.0.3")
    assert [one.severity for one in examine(of(fake))] == ["broken", "risky"]


def test_a_check_up_is_of_the_chosen_environment(fake: Fake) -> None:
    fake.install("torch", "2.6.0+cu124")
    checkup = check_up(choice_of(fake.prefix))
    facts = {group.title: {fact.name: fact.value for fact in group.facts} for group in checkup.facts}
    assert checkup.environment.path == str(fake.prefix)
    assert facts["Packages"]["torch"] == "2.6.0+cu124"
    assert facts["Packages"]["torch is built for"] == "CUDA 12.4"
    assert facts["Packages"]["Python"] == "3.10.12"


def doctor(firstaid: Run, *options: str) -> dict[str, Any]:
    done = firstaid("doctor", "--format", "json", *options)
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)


def test_the_command(firstaid: Run, fake: Fake) -> None:
    fake.install("numpy", "2.0.2")
    fake.install("pandas", "2.0.3")
    env = ("--env", str(fake.prefix))
    found = doctor(firstaid, *env)
    assert list(found) == ["schema", "environment", "findings", "facts"]
    assert found["schema"] == "firstaid.doctor/1"
    assert [one["id"] for one in found["findings"]] == ["numpy-2-with-pandas-before-2-2-2"]
    text, markdown = (firstaid("doctor", *env, "--format", form).stdout.decode() for form in ("text", "md"))
    for shown in (text, markdown):
        assert "Conflicts: 1 broken" in shown
        assert "pip install 'numpy<2'" in shown
        assert "operating system" in shown
    assert "https://github.com/googlecolab/colabtools/issues/4870" in markdown


def test_exit_codes(firstaid: Run, fake: Fake) -> None:
    env = ("--env", str(fake.prefix), "--exit-code")
    assert firstaid("doctor", *env).returncode == 0
    fake.install("numpy", "2.0.2")
    fake.install("pandas", "2.0.3")
    assert firstaid("doctor", *env).returncode == 1
    assert firstaid("doctor", *env[:2]).returncode == 0
    assert firstaid("doctor", "--env", str(fake.prefix / "missing")).returncode == 2


def test_what_is_found_steers_no_terminal(firstaid: Run, fake: Fake) -> None:
    fake.install("transformers", "4.44.0", requires=("tokenizers==1.0; python_version >= '3'\x1b[31m", "x\x1b[2J"))
    (fake.folder / "~\x1b[31mransformers").mkdir()
    for form in ("text", "md", "json"):
        done = firstaid("doctor", "--env", str(fake.prefix), "--format", form)
        assert done.returncode == 0
        assert b"\x1b" not in done.stdout
