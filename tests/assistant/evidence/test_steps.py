"""What is known of a fix step: whether it is so already, and whether its condition holds."""

from __future__ import annotations

import pytest
from stated import Stated

from firstaid.assistant.evidence import Facts
from firstaid.assistant.evidence.steps import already, condition
from firstaid.kb.case import Fix

HERE = Stated(
    versions={
        "transformers": "4.51.3",
        "torch": "2.6.0+cu124",
        "accelerate": "1.6.0",
        "vllm": "0.8.5",
        "ollama": "0.6.2",
    },
    measured={"gpu_capability": ["7.5"]},
    on=frozenset({"linux", "x86_64", "container"}),
    variables={"NCCL_P2P_DISABLE": "1", "HF_HUB_OFFLINE": ""},
)


@pytest.mark.parametrize(
    ("run", "says"),
    [
        ("pip install -U 'transformers>=4.37'", "transformers 4.51.3"),
        ("pip install 'transformers>=4.37,<5' accelerate", "transformers 4.51.3, accelerate 1.6.0"),
        ('python -m pip install "torch==2.6.0"', "torch 2.6.0+cu124"),
        ("uv pip install -q transformers", "transformers 4.51.3"),
        ("pip install 'flash_attn>=2'", None),
        ("pip install -U 'transformers>=4.52'", None),
        ("pip install -U transformers", None),  # the newest, whichever that is
        ("pip install --force-reinstall 'transformers>=4.37'", None),
        ("pip install 'torch==2.6.0' --index-url https://example.org/cu126", None),  # another build
        ("pip install git+https://github.com/huggingface/transformers", None),
        ("pip install 'transformers>=$VERSION'", None),
        ("pip install 'transformers>=4.37' && python train.py", None),
        ("pip uninstall -y transformers", None),
        ("export NCCL_P2P_DISABLE=1", "NCCL_P2P_DISABLE=1"),
        ("export NCCL_P2P_DISABLE=0", None),
        ("export HF_HUB_OFFLINE=1", None),
        ("export HF_HOME=$DIR", None),
        ("export NCCL_P2P_DISABLE=1\npip install 'transformers>=4.37'", "NCCL_P2P_DISABLE=1; transformers 4.51.3"),
        ("export NCCL_P2P_DISABLE=1\npython train.py", None),
        ("pip install 'transformers>=4.37", None),  # no whole quotes
        ("nvidia-smi", None),
        (None, None),
    ],
)
def test_already(run: str | None, says: str | None) -> None:
    assert already(Fix("Do it.", run=run), HERE) == says


def test_nothing_is_so_already_where_the_machine_is_another_one() -> None:
    assert already(Fix("Do it.", run="pip install transformers"), None) is None


def test_a_step_for_another_shell_is_not_read() -> None:
    assert already(Fix("Do it.", run="pip install transformers", shell="powershell"), HERE) is None


@pytest.mark.parametrize(
    ("when", "status"),
    [
        ("Linux", "confirmed"),
        ("you are on Linux", "confirmed"),
        ("Windows", "contradicted"),
        ("macOS or Windows", "contradicted"),
        ("Windows or Linux", "confirmed"),
        ("Docker", "confirmed"),
        ("Colab", None),  # that nothing shows it does not say that it is not
        ("Windows with an AMD card that is old", None),
        ("Ampere or newer", "contradicted"),
        ("the GPU is Ampere or newer", "contradicted"),
        ("the GPU is Turing or newer", "confirmed"),
        ("GPU of compute capability 8.0 or newer", "contradicted"),
        ("compute capability 7.5 or older", "confirmed"),
        ("transformers 4.45 or newer", "confirmed"),
        ("transformers 4.51 or older", "confirmed"),
        ("transformers 4.50 or older", "contradicted"),
        ("vLLM 0.8", "confirmed"),
        ("vLLM 0.9 or newer", "contradicted"),
        ("Ollama 0.9 or later", "contradicted"),
        ("vLLM below 0.10", "confirmed"),
        ("vLLM older than 0.8.5", "contradicted"),
        ("Turing or older", "confirmed"),
        ("the card is Volta or older", "contradicted"),
        ("peft 0.15 or newer", None),
        ("no such program 1.0 or newer", None),
        ("you can change the environment", None),
        ("Python 3.12 or newer", None),
    ],
)
def test_condition(when: str, status: str | None) -> None:
    found = condition(Fix("Do it.", when=when), Facts((HERE,)))
    assert (found and found.status) == status
    assert found is None or (found.check == when and found.detail)


def test_a_step_without_condition() -> None:
    assert condition(Fix("Do it."), Facts((HERE,))) is None


def test_the_report_s_own_platform_counts_before_that_of_the_machine() -> None:
    report = Stated(on=frozenset({"windows"}), origin="report")
    found = condition(Fix("Do it.", when="Windows"), Facts((report, HERE)))
    assert found
    assert found.status == "confirmed"
