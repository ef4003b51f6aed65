"""Failures below Python, and the telling lines of engines: each by the line that a program prints."""

from __future__ import annotations

import pytest

from firstaid.assistant.report import read_report

NATIVE = [
    ("CUDA error", "CUDA error: no kernel image is available for execution on the device"),
    ("CUDA assert", "../native/cuda/Indexing.cu:1236: f: block: [0,0,0], thread: [1,0,0] Assertion `i < n` failed."),
    ("NCCL error", "node1:12:34 [0] misc/shmutils.cc:72 NCCL WARN Error: failed to extend /dev/shm/nccl"),
    ("NCCL timeout", "[Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=1)"),
    ("shared library", "python: error while loading shared libraries: libcudart.so.12: cannot open shared object file"),
    ("shared library", "/x/flash_attn_2_cuda.so: undefined symbol: _ZN3c104cuda9SetDeviceEi"),
    ("glibc", "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.32' not found (required by ./llama-server)"),
    ("OOM killer", "Out of memory: Killed process 8104 (python) total-vm:211402112kB"),
    ("Killed", "Killed"),
    ("Killed", "run.sh: line 12:  4123 Killed                  python train.py"),
    ("segmentation fault", "Segmentation fault (core dumped)"),
    ("illegal instruction", "Illegal instruction (core dumped)"),
    ("bus error", "ERROR: Unexpected bus error encountered in worker. This might be caused by insufficient shm"),
    ("llama.cpp", '/build/ggml/src/ggml-cuda.cu:95: GGML_ASSERT(!"CUDA error") failed'),
    ("llama.cpp", "ggml_cuda_init: failed to initialize CUDA: no CUDA-capable device is detected"),
    ("HIP error", "HIP error: invalid device function"),
    ("Triton compiler", "ptxas fatal   : Value 'sm_89' is not defined for option 'gpu-name'"),
    ("driver", "NVRM: Xid (PCI:0000:65:00): 79, GPU has fallen off the bus."),
    ("aborted", "Aborted (core dumped)"),
]
ENGINE = [
    ("Ollama", "Error: llama runner process has terminated: exit status 2"),
    ("pip", "ERROR: Could not build wheels for flash-attn, which is required to install"),
    ("panic", "thread 'main' panicked at src/main.rs:12:5:\nindex out of bounds"),
    ("docker", 'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].'),
    ("git", "fatal: unable to access 'https://huggingface.co/x/': Could not resolve host"),
    ("command line", "vllm: error: unrecognized arguments: --foo"),
    ("server", '{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError"}'),
    ("error", "ERROR: something of its own"),
]
CASCADE = [
    ("torch.distributed.elastic.ChildFailedError", "torch.distributed.elastic.ChildFailedError: "),
    ("RuntimeError", "RuntimeError: Engine core initialization failed. See root cause above."),
    ("deepspeed", "[2024-05-01 12:03:32,612] [ERROR] [launch.py:325:sigkill] ['python'] exits with return code = -9"),
    ("torch elastic", "E1120 10:14:41.300000 140 torch/x/api.py:869] failed (exitcode: -9) local_rank: 5 (pid: 206)"),
    ("TGI", "Error: ShardCannotStart"),
]


def ids(rows: list[tuple[str, str]]) -> list[str]:
    return [text[:40] for _, text in rows]


@pytest.mark.parametrize(("name", "text"), NATIVE, ids=ids(NATIVE))
def test_a_native_failure(name: str, text: str) -> None:
    found = read_report(text).initiating
    assert found is not None
    assert (found.kind, found.name, found.role, found.first) == ("native", name, "initiating", 1)
    assert found.message in text


@pytest.mark.parametrize(("name", "text"), ENGINE, ids=ids(ENGINE))
def test_a_line_of_an_engine(name: str, text: str) -> None:
    found = read_report(text).initiating
    assert found is not None
    assert (found.kind, found.name, found.role, found.first) == ("engine", name, "initiating", 1)
    assert found.message in text


@pytest.mark.parametrize(("name", "text"), CASCADE, ids=ids(CASCADE))
def test_a_follower(name: str, text: str) -> None:
    found = read_report(text).initiating
    assert found is not None
    assert (found.name, found.role) == (name, "cascade")


def test_a_panic_takes_the_line_below_for_its_message() -> None:
    found = read_report("thread 'main' panicked at src/main.rs:12:5:\nindex out of bounds\nnote: run with").initiating
    assert found is not None
    assert found.message.endswith("index out of bounds")


@pytest.mark.parametrize(
    "text",
    [
        "0 errors, 3 warnings",
        "NCCL INFO Using network Socket",
        "CUBLAS_STATUS_SUCCESS",
        "the job was killed last week, says the admin",
        "UserWarning: torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly",
        "Everything works, no failure here",
    ],
)
def test_lines_that_are_no_failure(text: str) -> None:
    assert read_report(text).initiating is None


def test_an_exception_stands_for_the_lines_inside_it() -> None:
    report = read_report("RuntimeError: CUDA error: device-side assert triggered\nCompile with `TORCH_USE_CUDA_DSA`")
    assert [(f.kind, f.name) for f in report.findings] == [("exception", "RuntimeError")]
