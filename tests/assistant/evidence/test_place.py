"""Which environment evidence is read from."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_environment import venv

from firstaid.assistant.diagnose import read
from firstaid.assistant.evidence import AUTO, NONE, Choice, choice_of, place_of
from firstaid.kb.errors import UsageError


def report_of(folder: Path | str) -> str:
    return (
        f'Traceback (most recent call last):\n  File "{folder}/transformers/models/auto/x.py", line 3, in f\n'
        "    return g()\nKeyError: 'qwen2'\n"
    )


def test_the_report_s_paths_lead_to_it(tmp_path: Path) -> None:
    fake = venv(tmp_path / "mine")
    fake.install("transformers", "4.36.2")
    place = place_of(read(report_of(fake.folder)), AUTO)
    assert place
    assert place.environment
    assert place.environment.prefix == fake.prefix
    assert (place.where.found_by, place.where.here) == ("report", True)


def test_a_report_from_elsewhere() -> None:
    place = place_of(read(report_of("/opt/conda/envs/no-such/lib/python3.10/site-packages")), AUTO)
    assert place
    assert place.environment is None
    assert (place.where.found_by, place.where.here) == ("report", False)
    assert place.where.path.startswith("/opt/conda/envs/no-such")


def test_without_paths_it_is_the_active_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = venv(tmp_path / "active")
    monkeypatch.setenv("VIRTUAL_ENV", str(fake.prefix))
    monkeypatch.setenv("PATH", f"{fake.prefix}/bin")
    place = place_of(read("KeyError: 'qwen2'"), AUTO)
    assert place
    assert place.environment
    assert (place.environment.prefix, place.where.found_by) == (fake.prefix, "active")


@pytest.mark.parametrize("of", ["", "bin/python", "lib/python3.10/site-packages"])
def test_what_the_user_names_comes_first(tmp_path: Path, of: str) -> None:
    named, other = venv(tmp_path / "named"), venv(tmp_path / "other")
    place = place_of(read(report_of(other.folder)), choice_of(named.prefix / of))
    assert place
    assert place.environment
    assert (place.environment.prefix, place.where.found_by) == (named.prefix, "option")


def test_a_run_whose_environment_has_gone_since(tmp_path: Path) -> None:
    other = venv(tmp_path / "other")
    place = place_of(read(report_of(other.folder)), Choice("run", tmp_path / "gone"))
    assert place
    assert place.where.found_by == "report"


def test_choices(tmp_path: Path) -> None:
    assert (choice_of("auto"), choice_of("none")) == (AUTO, NONE)
    assert choice_of(AUTO) is AUTO
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(UsageError, match="is no Python environment"):
            choice_of(path)


@pytest.mark.parametrize(
    ("printed", "known"),
    [("4.36.2", True), ("4.36", True), ("4.36.2+local", True), ("4.37.0", False), ("4.3", False), (None, True)],
)
def test_the_active_environment_is_not_taken_where_the_report_prints_other_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: str | None, known: bool
) -> None:
    fake = venv(tmp_path / "active")
    fake.install("transformers", "4.36.2")
    monkeypatch.setenv("VIRTUAL_ENV", str(fake.prefix))
    monkeypatch.setenv("PATH", f"{fake.prefix}/bin")
    report = read("KeyError: 'qwen2'" + (f"\ntransformers=={printed}\nvllm==0.6.0\n" if printed else ""))
    assert (place_of(report, AUTO) is not None) == known
