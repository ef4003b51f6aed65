"""The magics: in IPython's own shell, and in a real notebook with a kernel of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import CapturedIO, capture_output
from traitlets.config import Config

from firstaid.assistant.diagnosis import Diagnosis

EXTENSION = "firstaid.assistant.notebook"
KNOWN = "SFTTrainer.__init__() got an unexpected keyword argument 'max_seq_length'"
CASE = "sfttrainer-arguments-moved-to-sftconfig"
FAIL = f'raise TypeError("{KNOWN}")'
TOLD = "This is a known failure"


@pytest.fixture
def shell(firstaid: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A shell with the extension, over the index that is built already."""
    del firstaid
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    for name in ("last_exc", "last_value"):
        monkeypatch.delattr(sys, name, raising=False)
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    made.run_line_magic("load_ext", EXTENSION)
    yield made
    made.run_line_magic("reset", "-f")
    InteractiveShell.clear_instance()


def run(shell: InteractiveShell, cell: str) -> tuple[Any, CapturedIO]:
    with capture_output() as shown:
        result = shell.run_cell(cell)
    return result, shown


def test_the_last_exception(shell: InteractiveShell) -> None:
    run(shell, FAIL)
    result, shown = run(shell, "found = %firstaid\nfound")
    assert result.success
    found: Diagnosis = shell.user_ns["found"].diagnosis
    assert (found.verdict, found.cases[0].id) == ("match", CASE)
    assert TOLD in shown.stdout
    formatter: Any = shell.display_formatter
    bundle, _ = formatter.format(shell.user_ns["found"])
    assert bundle["text/plain"].startswith(TOLD)
    assert bundle["text/html"].startswith('<div class="firstaid')


def test_words_and_variables(shell: InteractiveShell) -> None:
    words, _ = run(shell, f"%firstaid {KNOWN}")
    variable, _ = run(shell, f'log = "TypeError: {KNOWN}"\n%firstaid $log')
    assert words.result.diagnosis.cases[0].id == CASE
    assert variable.result.diagnosis.cases[0].id == CASE


def test_a_cell_runs_and_is_diagnosed_where_it_fails(shell: InteractiveShell) -> None:
    result, shown = run(shell, f"%%firstaid\nkept = 1\n{FAIL}")
    assert shell.user_ns["kept"] == 1
    assert not result.success
    assert shown.stdout.count("Traceback") == 1
    assert KNOWN in shown.stdout
    assert shown.stdout.rstrip().endswith("TypeError: the traceback stands above")
    assert CASE in shown.outputs[0].data["text/html"]
    # What was said last is not the failure.
    again, _ = run(shell, "%firstaid")
    assert again.result.diagnosis.cases[0].id == CASE


def test_a_cell_that_does_not_parse_is_no_success(shell: InteractiveShell) -> None:
    result, shown = run(shell, "%%firstaid\nx = = 1")
    assert isinstance(result.error_in_exec.__cause__, SyntaxError)
    assert "SyntaxError" in shown.stdout


def test_a_cell_that_works_shows_what_it_shows(shell: InteractiveShell) -> None:
    result, shown = run(shell, "%%firstaid\nprint('works')\n6 * 7")
    assert result.success
    assert shown.stdout.startswith("works\n")
    assert shell.user_ns["_"] == 42


def test_an_interrupt_is_not_diagnosed(shell: InteractiveShell) -> None:
    result, shown = run(shell, "%%firstaid\nraise KeyboardInterrupt")
    assert not result.success
    assert shown.outputs == []


def test_a_cell_may_be_a_log(shell: InteractiveShell) -> None:
    result, _ = run(shell, f"%%firstaid text\nTraceback (most recent call last):\nTypeError: {KNOWN}\n")
    assert result.result.diagnosis.cases[0].id == CASE


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%firstaid", "no cell has failed yet"),
        ("%%firstaid nonsense\n1", "takes no 'nonsense'"),
        ("%%firstaid text\n \n", "there is nothing to read"),
    ],
)
def test_a_wrong_use_is_told_without_a_traceback(shell: InteractiveShell, cell: str, said: str) -> None:
    result, shown = run(shell, cell)
    assert not result.success
    assert said in shown.stderr
    assert "cure:" in shown.stderr
    assert "Traceback" not in shown.stdout + shown.stderr


def test_that_it_cannot_answer_takes_the_traceback_of_the_cell_not_away(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    result, shown = run(shell, f"%%firstaid\n{FAIL}")
    assert isinstance(result.error_in_exec.__cause__, TypeError)
    assert shown.stdout.count("Traceback") == 1
    assert shown.stderr.startswith("firstaid: no diagnosis: /no/such/python does not start")


def test_the_help_says_what_it_takes(shell: InteractiveShell) -> None:
    assert "%%firstaid text" in (shell.find_magic("firstaid").__doc__ or "")


def test_a_real_notebook(firstaid: object, tmp_path: Path) -> None:
    del firstaid
    sources = [f"%load_ext {EXTENSION}", f"%%firstaid\n{FAIL}", "%firstaid", f"%%firstaid text\nTypeError: {KNOWN}"]
    cells = [
        {"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": source, "outputs": [],
         "execution_count": None}
        for number, source in enumerate(sources)
    ]  # fmt: skip
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    file, done = tmp_path / "a.ipynb", tmp_path / "done.ipynb"
    file.write_text(json.dumps(notebook), encoding="utf-8")
    script = "from nbclient.cli import main; main()"
    command = [sys.executable, "-c", script, "--allow-errors", f"--output={done}", str(file)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    loaded, failing, last, log = (cell["outputs"] for cell in json.loads(done.read_text(encoding="utf-8"))["cells"])
    assert loaded == []
    assert [output["output_type"] for output in failing] == ["error", "display_data", "error"]
    assert (failing[0]["ename"], failing[2]["ename"]) == ("TypeError", "CellFailedError")
    for output in (failing[1], *last, *log):
        assert set(output["data"]) == {"text/html", "text/plain"}
        assert CASE in "".join(output["data"]["text/html"])
        assert "".join(output["data"]["text/plain"]).startswith(TOLD)
