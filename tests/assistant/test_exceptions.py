"""An exception becomes the text that Python prints of it, with the versions of what is in it."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
import traceback
from collections.abc import Callable
from types import ModuleType

import pytest

from firstaid.assistant import FirstAid
from firstaid.assistant.exceptions import text_of
from firstaid.assistant.report import read_report


def caught(function: Callable[[], object]) -> BaseException:
    try:
        function()
    except BaseException as error:  # noqa: BLE001 - whatever it is
        return error
    raise AssertionError("nothing was raised")


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str | None], ModuleType]:
    """Makes an imported package with a `fail(error)` of its own."""

    def make(name: str, version: str | None) -> ModuleType:
        module = ModuleType(f"{name}.inside")
        exec("def fail(error):\n    raise error", vars(module))
        root = ModuleType(name)
        if version:
            vars(root)["__version__"] = version
        monkeypatch.setitem(sys.modules, name, root)
        return module

    return make


def versions(error: BaseException) -> list[str]:
    return text_of(error).rpartition("\n\n")[2].splitlines()


def test_the_text_is_what_python_prints_and_then_what_is_installed() -> None:
    def fail() -> None:
        try:
            {}["qwen3"]
        except KeyError as error:
            error.add_note("while reading config.json")
            raise ValueError("no such model") from error

    error = caught(fail)
    printed, _, facts = text_of(error).rpartition("\n\n")
    assert printed + "\n" == "".join(traceback.format_exception(error))
    assert "direct cause" in printed
    assert "while reading config.json" in printed
    assert facts == f"Python {platform.python_version()}\n"


def test_versions_are_those_of_the_packages_in_the_chain(package: Callable[[str, str | None], ModuleType]) -> None:
    old, new = package("transformers", "4.36.2"), package("torch", "2.4.0+cu121")

    def fail() -> None:
        try:
            old.fail(KeyError("qwen3"))
        except KeyError:
            new.fail(ValueError("no such model"))

    assert versions(caught(fail))[1:] == ["torch==2.4.0+cu121", "transformers==4.36.2"]
    assert read_report(text_of(caught(fail))).versions == {
        "cuda": "12.1",
        "python": platform.python_version(),
        "torch": "2.4.0+cu121",
        "transformers": "4.36.2",
    }


def test_every_member_of_a_group_is_in_it(package: Callable[[str, str | None], ModuleType]) -> None:
    module = package("vllm", "0.6.0")
    inner = caught(lambda: module.fail(RuntimeError("Engine core initialization failed")))
    group = caught(lambda: (_ for _ in ()).throw(BaseExceptionGroup("two ranks", [inner, ValueError("x")])))
    text = text_of(group)
    assert "Exception Group Traceback" in text
    assert "Engine core initialization failed" in text
    assert versions(group)[1:] == ["vllm==0.6.0"]


def test_a_context_that_was_set_aside_stays_out(package: Callable[[str, str | None], ModuleType]) -> None:
    module = package("peft", "0.9.0")

    def fail() -> None:
        try:
            module.fail(KeyError("x"))
        except KeyError:
            raise ValueError("y") from None

    assert versions(caught(fail))[1:] == []


def test_a_package_without_a_version_is_asked_for_its_metadata(
    package: Callable[[str, str | None], ModuleType],
) -> None:
    installed, nowhere = package("numpy", None), package("no_such_thing", None)
    known = importlib.metadata.version("numpy")
    assert versions(caught(lambda: installed.fail(ValueError("x"))))[1:] == [f"numpy=={known}"]
    assert versions(caught(lambda: nowhere.fail(ValueError("x"))))[1:] == []


def test_nothing_is_imported_or_asked_of_a_lazy_module(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lazy(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise AssertionError(f"asked for {name}")

    monkeypatch.setitem(sys.modules, "transformers", Lazy("transformers"))
    module = ModuleType("transformers.models")
    exec("def fail():\n    raise KeyError('qwen3')", vars(module))
    before = set(sys.modules)
    assert "qwen3" in text_of(caught(module.fail))
    assert {name.partition(".")[0] for name in set(sys.modules) - before} <= set(sys.stdlib_module_names)


def test_an_error_that_cannot_be_printed_is_told_all_the_same() -> None:
    class BrokenError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert "BrokenError" in text_of(caught(lambda: (_ for _ in ()).throw(BrokenError())))


def test_a_ring_of_causes_ends() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__context__, other.__context__ = other, one
    assert "one" in text_of(one)


def test_what_runs_a_notebook_cell_is_no_part_of_the_failure() -> None:
    shell, cell = ModuleType("IPython.core.interactiveshell"), ModuleType("__main__")
    exec("def run(cell):\n    cell()", vars(shell))
    exec("def fail():\n    raise KeyError('qwen3')", vars(cell))
    error = caught(lambda: shell.run(cell.fail))
    error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next and error.__traceback__.tb_next.tb_next
    text = text_of(error)
    assert "in fail" in text
    assert "in run" not in text


def test_an_exception_is_diagnosed_as_its_traceback_is(kit: FirstAid) -> None:
    def fail() -> None:
        raise TypeError("SFTTrainer.__init__() got an unexpected keyword argument 'max_seq_length'")

    error = caught(fail)
    found = kit.diagnose(error, report_id="e")
    assert (found.verdict, found.cases[0].id, found.id) == ("match", "sfttrainer-arguments-moved-to-sftconfig", "e")
    assert found.report.versions == {"python": platform.python_version()}
    assert found.cases[0].id == kit.diagnose(text_of(error)).cases[0].id
