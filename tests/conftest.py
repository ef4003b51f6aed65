"""What every test has: a home of its own, small knowledge bases, and the command line as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firstaid.assistant import FirstAid
from firstaid.index import Library, Searcher, open_index

TESTS = Path(__file__).parent
ROOT = TESTS.parent
_FOR_TESTS = ("FIRSTAID_NO_SKIPS", "FIRSTAID_UPDATE_GOLDEN", "FIRSTAID_TEST_MODELS")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In CI nothing may be skipped: what is missing there is a fault of the set-up."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("FIRSTAID_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Nor may a whole file be."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("FIRSTAID_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of vectors for the whole run, so that no text is embedded twice."""
    return tmp_path_factory.getbasetemp().parent / "firstaid-cache"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with no settings, no cases and nothing in the environment."""
    home = tmp_path / "home"
    home.mkdir()
    for name in [name for name in os.environ if name.startswith(("FIRSTAID_", "XDG_"))]:
        if name not in _FOR_TESTS:
            monkeypatch.delenv(name)
    monkeypatch.setenv("FIRSTAID_HOME", str(home))
    monkeypatch.setenv("NO_COLOR", "1")
    # What is installed where the tests run is no evidence; tests of evidence say which environment they mean.
    monkeypatch.setenv("FIRSTAID_ENV", "none")
    return home


@pytest.fixture(scope="session")
def shipped(shared_cache: Path) -> Iterator[Searcher]:
    """The shipped cases, indexed."""
    searcher = open_index(Library(cache=shared_cache))
    yield searcher
    searcher.close()


@pytest.fixture(scope="session")
def kit(shared_cache: Path, shipped: Searcher, tmp_path_factory: pytest.TempPathFactory) -> FirstAid:
    """The Python door over the shipped cases alone."""
    del shipped
    return FirstAid(cache=shared_cache, cases=tmp_path_factory.mktemp("no-cases"), env="none")


Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def firstaid(own_home: Path, shared_cache: Path, shipped: Searcher) -> Run:
    """Runs the installed command in a process of its own, over the index that is built already."""
    del shipped
    cache = own_home / "cache"
    cache.mkdir()
    (cache / "index").symlink_to(shared_cache)

    def run(*arguments: str, stdin: bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "firstaid.assistant", *arguments],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            env={**os.environ, **environment},
            timeout=120,
            check=False,
        )

    return run


MINIMAL = """
title = "{id} breaks"
symptom = "Crash - Other Crashes"
root_cause = "Environment Compatibility Issues - Dependency Library Compatibility"
stage = ["Inference"]
stack = ["torch"]
confidence = "reported"
cause = "Because of {id}."
asks = ["why does {id} break"]

[[signature]]
regex = "{id} has broken"
role = "root"

[[fix]]
do = "Mend {id}."

[[sample]]
hit = "RuntimeError: {id} has broken"

[[incident]]
url = "https://example.org/{id}"
says = "it breaks"
link = "same"
"""


@pytest.fixture
def write_case(own_home: Path) -> Callable[..., Path]:
    """Writes a small sound case, or one with `replace` applied to its text, among the user's own."""

    def write(case_id: str, *replace: tuple[str, str], folder: Path | None = None) -> Path:
        text = MINIMAL.replace("{id}", case_id)
        for old, new in replace:
            assert old in text
            text = text.replace(old, new)
        path = (folder or own_home / "data" / "cases") / f"{case_id}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write
