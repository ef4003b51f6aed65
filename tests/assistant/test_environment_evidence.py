"""The error joined with the facts of an environment, through the command line as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from fake_environment import Fake, venv

from firstaid.assistant import FirstAid
from firstaid.kb.errors import UsageError

Run = Callable[..., CompletedProcess[bytes]]
CASE = "transformers-too-old-for-model-type"


@pytest.fixture
def environment(tmp_path: Path) -> Fake:
    return venv(tmp_path / "env with space")


def report(folder: Path | str = "/srv/env/lib/python3.10/site-packages") -> bytes:
    return (
        "Traceback (most recent call last):\n"
        '  File "/srv/train.py", line 3, in <module>\n    AutoModel.from_pretrained("m")\n'
        f'  File "{folder}/transformers/models/auto/configuration_auto.py", line 761, in __getitem__\n'
        "    raise KeyError(key)\nKeyError: 'qwen3'\n"
    ).encode()


def diagnosed(firstaid: Run, source: bytes, *options: str, **variables: str) -> dict[str, Any]:
    done = firstaid("diagnose", "--no-llm", "--format", "json", *options, stdin=source, **variables)
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)


def of_case(found: dict[str, Any]) -> dict[str, Any]:
    return next(case for case in found["cases"] if case["id"] == CASE)


def test_an_old_version_is_confirmed_where_the_traceback_leads(firstaid: Run, environment: Fake) -> None:
    environment.install("transformers", "4.36.2")
    found = diagnosed(firstaid, report(environment.folder), FIRSTAID_ENV="auto")
    assert found["environment"] == {"path": str(environment.prefix), "found_by": "report", "here": True}
    (evidence,) = [one for one in of_case(found)["evidence"] if "transformers" in one["check"]]
    assert (evidence["status"], evidence["source"]) == ("confirmed", "machine")
    assert evidence["detail"] == f"transformers 4.36.2 in {environment.folder} is <4.51"
    assert evidence["detail"] in of_case(found)["why"]
    assert of_case(found)["fix"][0]["already"] is None


def test_a_version_past_the_fix_lowers_the_case_and_marks_its_step(firstaid: Run, environment: Fake) -> None:
    alone = of_case(diagnosed(firstaid, report(environment.folder), "--env", "none"))
    environment.install("transformers", "4.57.1")
    found = diagnosed(firstaid, report(environment.folder), "--env", str(environment.prefix))
    assert found["environment"]["found_by"] == "option"
    case = of_case(found)
    assert [one["status"] for one in case["evidence"]] == ["contradicted"]
    assert case["score"] < alone["score"]
    assert found["verdict"] == "possible"
    steps = {step["do"]: step["already"] for step in case["fix"]}
    marked = f"transformers 4.57.1 in {environment.folder}"
    assert marked in steps.values()
    assert case["fix"][0]["already"] is None, "what is so already comes last"
    shown = firstaid("diagnose", "--no-llm", "-v", "--env", str(environment.prefix), stdin=report(environment.folder))
    assert b"already so: transformers" in b" ".join(shown.stdout.split())


def test_what_the_report_prints_counts_before_what_is_installed_now(firstaid: Run, environment: Fake) -> None:
    environment.install("transformers", "4.57.1")
    source = report(environment.folder) + b"- transformers version: 4.46.0\n"
    found = diagnosed(firstaid, source, "--env", str(environment.prefix))
    (evidence,) = of_case(found)["evidence"]
    assert (evidence["status"], evidence["source"]) == ("confirmed", "report")
    assert evidence["detail"].startswith("transformers 4.46.0 is <4.51; by now transformers 4.57.1 in ")


def test_of_a_report_from_elsewhere_this_machine_knows_nothing(firstaid: Run) -> None:
    found = diagnosed(firstaid, report("/opt/conda/envs/not-here/lib/python3.10/site-packages"), FIRSTAID_ENV="auto")
    assert found["environment"]["here"] is False
    assert all(one["source"] in ("report", None) for case in found["cases"] for one in case["evidence"])
    assert all(step["already"] is None for case in found["cases"] for step in case["fix"])
    shown = firstaid("diagnose", "--no-llm", "--env", "auto", stdin=report("/opt/conda/envs/not-here/lib/python3.10/x"))
    assert b"is not on this machine" in b" ".join(shown.stdout.split())


def test_lines_of_reports_are_looked_at_alone_unless_it_is_said_where_they_are_from(
    firstaid: Run, environment: Fake
) -> None:
    environment.install("transformers", "4.36.2")
    line = json.dumps({"id": 1, "report": report(environment.folder).decode()}).encode() + b"\n"
    alone = json.loads(firstaid("diagnose", "--jsonl", stdin=line, FIRSTAID_ENV="auto").stdout)
    said = json.loads(firstaid("diagnose", "--jsonl", "--env", str(environment.prefix), stdin=line).stdout)
    assert alone["environment"] is None
    assert said["environment"]["path"] == str(environment.prefix)


def test_a_path_that_is_no_environment(firstaid: Run, tmp_path: Path) -> None:
    done = firstaid("--env", str(tmp_path / "nothing"), stdin=report())
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"is no Python environment" in done.stderr
    assert b"cure: " in done.stderr
    with pytest.raises(UsageError, match="is no Python environment"):
        FirstAid(env=tmp_path)


def test_a_broken_environment_takes_no_answer_away(firstaid: Run, environment: Fake) -> None:
    (environment.folder / "transformers-4.36.2.dist-info").write_text(
        "a file where a folder should be", encoding="utf-8"
    )
    (environment.folder / "~ransformers").mkdir()
    (environment.folder / "transformers").mkdir()
    assert of_case(diagnosed(firstaid, report(environment.folder), "--env", str(environment.prefix)))


def test_a_run_is_looked_at_in_the_python_that_ran(firstaid: Run, environment: Fake, tmp_path: Path) -> None:
    environment.install("transformers", "4.36.2")
    script = tmp_path / "fails.sh"
    script.write_text(f"#!{environment.prefix}/bin/python\n", encoding="utf-8")
    python = environment.prefix / "bin" / "python3.10"
    python.write_text(f"#!/bin/sh\ncat {tmp_path}/said.txt >&2\nexit 3\n", encoding="utf-8")
    (tmp_path / "said.txt").write_bytes(report())
    done = firstaid(
        "run",
        "-q",
        "--format",
        "json",
        "--no-llm",
        "--",
        str(environment.prefix / "bin" / "python"),
        FIRSTAID_ENV="auto",
    )
    assert done.returncode == 3
    found = json.loads(done.stderr[done.stderr.index(b"\n{") :])
    assert found["environment"] == {"path": str(environment.prefix), "found_by": "run", "here": True}
    assert of_case(found)["evidence"][0]["status"] == "confirmed"
    again = json.loads(firstaid("last", "--format", "json", "--no-llm", FIRSTAID_ENV="auto").stdout)
    assert again["environment"]["found_by"] == "run"


def test_an_exception_is_of_the_python_that_raised_it(kit: FirstAid) -> None:
    with pytest.raises(KeyError) as caught:
        _ = {}["qwen3"]
    found = kit.diagnose(caught.value, env="auto")
    assert found.environment
    assert found.environment.found_by == "run"


@pytest.mark.parametrize(("torch", "first"), [(None, "alpha"), ("1.13.1", "alpha"), ("2.5.1", "beta")])
def test_of_two_cases_alike_evidence_decides(
    write_case: Callable[..., Path], own_home: Path, shared_cache: Path, torch: str | None, first: str
) -> None:
    same = (('"{id} has broken"', '"omega has broken"'), ("RuntimeError: {id}", "RuntimeError: omega"))
    check = ("[[sample]]", '[[check]]\npackage = "torch"\nbroken = "<2"\nfixed = ">=2"\n\n[[sample]]')
    for case, more in (("alpha", (check,)), ("beta", ())):
        write_case(case, *((old.replace("{id}", case), new) for old, new in same), *more)
    report = "RuntimeError: omega has broken\n" + (f"torch=={torch}\n" if torch else "")
    kit = FirstAid(cache=shared_cache, cases=own_home / "data" / "cases", env="none")
    found = {case.id: case.score for case in kit.diagnose(report).cases if case.id in ("alpha", "beta")}
    assert found.keys() == {"alpha", "beta"}
    assert max(found, key=lambda case: found[case]) == first, "by the text alone it would be alpha"


def test_in_an_environment_that_is_only_assumed_steps_keep_their_order(firstaid: Run, environment: Fake) -> None:
    environment.install("transformers", "4.57.1")
    active = {"FIRSTAID_ENV": "auto", "VIRTUAL_ENV": str(environment.prefix), "PATH": f"{environment.prefix}/bin"}
    found = diagnosed(firstaid, b"KeyError: 'qwen3'", **active)
    assert found["environment"] == {"path": str(environment.prefix), "found_by": "active", "here": True}
    case = of_case(found)
    assert case["fix"][0]["already"] == f"transformers 4.57.1 in {environment.folder}"
    assert [one["status"] for one in case["evidence"]] == ["contradicted"]
    assert found["verdict"] == "match", "the report may be of another one"
