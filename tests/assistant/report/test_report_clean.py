"""One line: escapes, bars and prefixes go, the message and its indentation stay."""

from __future__ import annotations

import pytest

from firstaid.assistant.report.clean import LONGEST, clean


def texts(raw: str) -> list[str]:
    return [line.text for line in clean(7, raw)]


PREFIXED = [
    ('[rank3]:   File "a.py", line 1, in g', '  File "a.py", line 1, in g', "3", None),
    ("(Worker_TP1 pid=99) ValueError: x", "ValueError: x", "Worker_TP1 pid=99", None),
    ("(RayWorkerWrapper pid=7, ip=10.0.0.2) boom", "boom", "RayWorkerWrapper pid=7, ip=10.0.0.2", None),
    (
        "(EngineCore_0 pid=12) ERROR 08-22 06:48:14 [core.py:700]     self.run()",
        "    self.run()",
        "EngineCore_0 pid=12",
        "ERROR",
    ),
    ("INFO 03-22 06:48:14 llm_engine.py:70] Initializing an LLM engine", "Initializing an LLM engine", None, "INFO"),
    ("[INFO|trainer.py:123] 2024-05-01 12:00:00,123 >> ***** Running *****", "***** Running *****", None, "INFO"),
    ("[2024-05-01 12:00:00,123] [INFO] [launch.py:347:main] Process 1 exits", "Process 1 exits", None, "INFO"),
    ("[2025-02-01 12:00:00 DP1 TP3] Scheduler hit an exception", "Scheduler hit an exception", "DP1 TP3", None),
    ("2024-05-01 12:00:00.123 | ERROR    | app.main:run:12 - boom", "boom", None, "ERROR"),
    ("2024-05-01 12:00:00,123 - trainer - WARNING - slow", "slow", None, "WARNING"),
    ("05/01/2024 12:00:00 - INFO - llamafactory.data - loading", "loading", None, "INFO"),
    ("2024-06-02T08:00:31.201871Z ERROR text_generation_launcher: no", "no", None, "ERROR"),
    ("2024-06-02T08:00:31+02:00 plain", "plain", None, None),
    ("vllm-1  | INFO:     Started", "INFO:     Started", "vllm-1", None),
    ("[1,3]<stderr>:KeyError: 'x'", "KeyError: 'x'", "3", None),
    ("1: Traceback (most recent call last):", "Traceback (most recent call last):", "1", None),
    ("May  1 12:00:00 node1 kernel: Out of memory: Killed process 3", "Out of memory: Killed process 3", None, None),
    ("[12345.678901] NVRM: Xid 79", "NVRM: Xid 79", None, None),
    ("E0501 12:00:00.123456 12345 file.cc:12] boom", "boom", None, "ERROR"),
    ("ERROR:root:boom", "boom", None, "ERROR"),
    ("14:02:11-482913 ERROR    Failed to load", "Failed to load", None, "ERROR"),
    ("0.01.234.567 E llama_model_load: no", "llama_model_load: no", None, "ERROR"),
    ('time=2025-02-03T09:12:44.120+01:00 level=ERROR source=a.go:1 msg="x"', 'msg="x"', None, "ERROR"),
]


@pytest.mark.parametrize(("raw", "text", "rank", "level"), PREFIXED, ids=[row[0][:30] for row in PREFIXED])
def test_prefixes_are_taken_off_and_remembered(raw: str, text: str, rank: str | None, level: str | None) -> None:
    (line,) = clean(7, raw)
    assert (line.number, line.text, line.rank, line.level) == (7, text, rank, level)


@pytest.mark.parametrize(
    "raw",
    [
        "ERROR: Could not build wheels for flash-attn",
        "KeyError: 'qwen2'",
        "1: first, install torch",
        "transformers | 4.44.0",
        "(base) mia@box:~$ python run.py",
        "[1] 12345 killed",
        "arr[5m",
        "tensor([1, 2]) [m",
        "10:32 in the morning it failed",
        "| NVIDIA-SMI 550.54.15 |",
        "    indented",
        ">>> import torch",
        "expected a > b",
    ],
)
def test_what_may_be_the_message_stays(raw: str) -> None:
    assert texts(raw) == [raw]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("\x1b[1;31mRed\x1b[0m text", "Red text"),
        ("\x1b]8;;file://x\x07link\x1b]8;;\x07", "link"),
        ("\x1b]0;title\x1b\\shown", "shown"),
        ("[1;36m(Worker pid=1)[0;0m hello", "hello"),
        ("\\x1b[32mgreen\\x1b[0m", "green"),
        ("nul\0 bell\a del\x7f c1\x9b bidi\u202e", "nul bell del c1 bidi"),
        ("no\xa0break", "no break"),
        ("two\u2028lines", "two lines"),
        ("> quoted", "quoted"),
        ("│ /srv/a.py:12 in f        │", "/srv/a.py:12 in f"),
        ("╭────── Traceback (most recent call last) ──────╮", "Traceback (most recent call last)"),
        ("  | ValueError: in a group", "ValueError: in a group"),
        ("a\r", "a"),
    ],
)  # fmt: skip
def test_what_is_not_text_goes(raw: str, text: str) -> None:
    assert [shown.strip() for shown in texts(raw)] == [text]


def test_progress_bars_go_and_what_is_printed_behind_them_stays() -> None:
    raw = "  0%|     | 0/9 [00:00<?, ?it/s]\r 50%|██   | 4/9 [00:01<00:01, 2.1it/s]\rKeyError: 'a'\rdone"
    assert texts(raw) == ["KeyError: 'a'", "done"]


def test_a_last_bar_alone_is_a_line_of_its_own() -> None:
    assert len(texts("Loading shards:  50%|█████     | 1/2 [00:01<00:01,  1.0s/it]")) == 1


def test_a_long_line_keeps_head_and_tail() -> None:
    (text,) = texts("head" + "x" * 50_000 + "tail")
    assert text.startswith("head")
    assert text.endswith("tail")
    assert len(text) < LONGEST + 100
    assert "40008 characters left out" in text


def test_of_bars_alone_the_last_stays() -> None:
    assert texts(" 10%|#    | 1/9 [00:00<00:01, 1it/s]\r 20%|##   | 2/9 [00:00<00:01, 1it/s]\r") == [
        " 20%|##   | 2/9 [00:00<00:01, 1it/s]"
    ]
