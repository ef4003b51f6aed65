"""`install()`: what ends a program is diagnosed below its traceback, and the program ends as it would have."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

MESSAGE = "SFTTrainer.__init__() got an unexpected keyword argument 'max_seq_length'"
KNOWN = f"TypeError: {MESSAGE}"
TOLD = "This is a known failure"
Program = Callable[..., CompletedProcess[str]]


@pytest.fixture
def program(firstaid: object, tmp_path: Path) -> Program:
    """Runs a program over the index that is built already."""
    del firstaid

    def run(text: str, **environment: str) -> CompletedProcess[str]:
        file = tmp_path / "program.py"
        file.write_text(f"import firstaid.assistant, sys, threading\n{textwrap.dedent(text)}", encoding="utf-8")
        return subprocess.run(
            [sys.executable, str(file)],
            capture_output=True,
            text=True,
            env={**os.environ, **environment},
            timeout=120,
            check=False,
        )

    return run


FAIL = f"""
def fail():
    raise TypeError({MESSAGE!r})
"""


def test_the_traceback_stands_as_before_and_the_diagnosis_below(program: Program, own_home: Path) -> None:
    plain = program(f"{FAIL}\n\nfail()")
    hooked = program(f"{FAIL}\nfirstaid.assistant.install()\nfail()")
    assert (plain.returncode, plain.stdout) == (hooked.returncode, hooked.stdout) == (1, "")
    printed, _, told = hooked.stderr.partition("\n\n")
    assert printed == plain.stderr.rstrip()
    assert told.startswith(TOLD)
    assert "case sfttrainer-arguments-moved-to-sftconfig" in told
    # Questions can be asked about it: firstaid ask.
    assert KNOWN in (own_home / "state" / "last-report.txt").read_text(encoding="utf-8")


def test_a_failing_thread_is_diagnosed_and_the_others_go_on(program: Program) -> None:
    done = program(
        f"""{FAIL}
firstaid.assistant.install()
thread = threading.Thread(target=fail)
thread.start()
thread.join()
print("goes on")
"""
    )
    assert (done.returncode, done.stdout) == (0, "goes on\n")
    assert done.stderr.count("Exception in thread") == done.stderr.count(TOLD) == 1


def test_it_is_installed_once_and_taken_back_wholly(program: Program) -> None:
    done = program(
        """
        before = sys.excepthook, threading.excepthook
        uninstall = firstaid.assistant.install()
        assert firstaid.assistant.install() == uninstall
        hooks = sys.excepthook, threading.excepthook
        assert hooks != before
        uninstall()
        uninstall()
        assert (sys.excepthook, threading.excepthook) == before
        firstaid.assistant.install()()
        assert (sys.excepthook, threading.excepthook) == before
        """
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_it_is_told_once_however_often_it_was_installed(program: Program) -> None:
    done = program(f"{FAIL}\nfirstaid.assistant.install()\nfirstaid.assistant.install()\nfail()")
    assert done.stderr.count(TOLD) == done.stderr.count("Traceback") == 1


def test_a_hook_of_another_that_calls_it_is_left_in_place(program: Program) -> None:
    done = program(
        f"""{FAIL}
uninstall = firstaid.assistant.install()
ours = sys.excepthook
def other(*args):
    print("other", file=sys.stderr)
    ours(*args)
sys.excepthook = other
uninstall()
assert sys.excepthook is other
fail()
"""
    )
    assert done.stderr.startswith("other\nTraceback")
    assert TOLD not in done.stderr


@pytest.mark.parametrize(("raised", "code"), [("KeyboardInterrupt", -2), ("SystemExit(7)", 7)])
def test_an_interrupt_and_an_exit_are_left_alone(program: Program, raised: str, code: int) -> None:
    plain, hooked = program(f"\nraise {raised}"), program(f"firstaid.assistant.install()\nraise {raised}")
    assert (hooked.returncode, hooked.stderr.splitlines()[:1]) == (plain.returncode, plain.stderr.splitlines()[:1])
    assert plain.returncode == code
    assert "firstaid:" not in hooked.stderr


def test_only_the_exceptions_asked_for_and_where_it_is_asked_for(program: Program, tmp_path: Path) -> None:
    other = program(f"{FAIL}\nfirstaid.assistant.install(only=(ValueError, OSError))\nfail()")
    assert TOLD not in other.stderr
    file = tmp_path / "told.txt"
    wanted = program(f"{FAIL}\nfirstaid.assistant.install(open({str(file)!r}, 'w'), only=TypeError)\nfail()")
    assert TOLD not in wanted.stderr
    assert TOLD in file.read_text(encoding="utf-8")


def test_what_is_not_known_takes_one_line(program: Program) -> None:
    done = program("firstaid.assistant.install()\nraise LookupError('basket 12 of the shop')")
    assert done.stderr.splitlines()[-1] == "firstaid: no known failure fits"
    assert done.stderr.splitlines()[-2] == "LookupError: basket 12 of the shop"


@pytest.mark.parametrize(
    "broken",
    [
        "sys.executable = '/no/such/python'",
        "sys.executable = ''",
        "sys.frozen = True",
        "import subprocess; subprocess.run = None",
        "sys.modules['firstaid.assistant.exceptions'] = None",
    ],
)
def test_a_failure_of_ours_takes_one_line(program: Program, broken: str) -> None:
    done = program(f"{FAIL}\nfirstaid.assistant.install()\n{broken}\nfail()")
    lines = done.stderr.splitlines()
    assert lines[-1].startswith("firstaid: no diagnosis: ")
    assert lines[-2] == KNOWN
    assert done.stderr.count("Traceback") == 1


def test_a_stream_that_is_closed_is_not_told_of(program: Program) -> None:
    done = program(
        f"{FAIL}\nimport io\nstream = io.StringIO()\nfirstaid.assistant.install(stream)\nstream.close()\nfail()"
    )
    assert done.stderr.splitlines()[-1] == KNOWN


def test_the_stack_of_the_program_may_be_broken(program: Program, tmp_path: Path) -> None:
    for name in ("torch", "numpy", "faiss", "onnxruntime"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('broken')", encoding="utf-8")
    done = program(f"{FAIL}\nsys.modules['numpy'] = None\nfirstaid.assistant.install()\nfail()")
    assert TOLD in done.stderr


def test_a_process_of_ours_starts_no_other(program: Program) -> None:
    done = program(f"{FAIL}\nfirstaid.assistant.install()\nfail()", FIRSTAID_APART="1")
    assert done.stderr.splitlines()[-1] == KNOWN


def test_to_install_it_is_light() -> None:
    script = (
        "import sys, threading, firstaid.assistant as a; before = set(sys.modules); a.install(); "
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    # An editable install has importlib already, another has not.
    loaded = {name for name in done.stdout.split() if not name.startswith("importlib")}
    assert loaded == {"firstaid.assistant.hook"}
