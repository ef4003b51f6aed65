"""The kit works when the patient is down: reading loads nothing of the stack it diagnoses."""

from __future__ import annotations

import subprocess
import sys

from firstaid.assistant import report

FORBIDDEN = {"torch", "transformers", "numpy", "faiss", "onnxruntime", "re2"}


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_import_loads_nothing_heavy() -> None:
    loaded = python("import sys, firstaid.assistant.report; print(*sys.modules)").split()
    assert not FORBIDDEN & set(loaded)


def test_a_large_log_is_read_without_re2() -> None:
    code = (
        "import sys; sys.modules['re2'] = None\n"
        "from firstaid.assistant.report import read_report\n"
        "filler = b'step 1 loss 1.0\\n' * 150_000\n"
        "report = read_report(filler + b'KeyError: 7\\n' + filler)\n"
        "print(report.initiating.name, report.initiating.first)"
    )
    assert python(code).split() == ["KeyError", "150001"]


def test_the_public_names_are_sorted() -> None:
    assert report.__all__ == sorted(report.__all__)
