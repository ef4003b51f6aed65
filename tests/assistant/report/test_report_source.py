"""Any bytes give a report or an InputError, within bounds."""

from __future__ import annotations

import gzip
import io
import unicodedata
from typing import BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstaid.assistant.report import Report, read_report
from firstaid.assistant.report.source import WHOLE, read_source
from firstaid.kb.errors import InputError

CHINESE = "加载模型报错，请问怎么解决？\nKeyError: 'qwen2'\n显存不足，程序崩溃了\n"
PIECES = st.sampled_from(
    [
        b"Traceback (most recent call last):\n",
        b'  File "a.py", line 3, in f\n',
        b"    x = 1\n",
        b"KeyError: 'x'\n",
        *(b"\r", b"\n", b"\0", b"\x1b[31m", b"\x1b]0;t\x07", b"\xff\xfe", b"```\n", b"> ", b"  | ", b"----> 3 f()\n"),
        *(
            b"[rank3]: ",
            b"(Worker pid=3) ",
            b"CUDA error: ",
            b"transformers==4.3",
            b"45%|####| 1/2 [00:01<00:01, 1it/s]",
        ),
        *("模型".encode("gb18030"), "模型".encode(), "│ ".encode()),
        b"During handling of the above exception, another exception occurred:\n",
        b"a" * 12_000,
    ]
)


def check(report: Report) -> None:
    numbers = [line.number for line in report.lines]
    assert all(1 <= number <= report.total_lines for number in numbers)
    assert numbers == sorted(numbers)
    for finding in report.findings:
        assert 1 <= finding.first <= finding.last <= report.total_lines
    assert not any(unicodedata.category(char) == "Cc" for char in report.text.replace("\n", "").replace("\t", ""))
    assert "\r" not in report.text
    assert report.text == "\n".join(line.text for line in report.lines)
    assert not any("\n" in line.text for line in report.lines)
    assert report.initiating is None or report.initiating in report.findings


@given(st.binary(max_size=400) | st.lists(PIECES, max_size=40).map(b"".join))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_report_or_an_input_error(data: bytes) -> None:
    try:
        report = read_report(data)
    except InputError as error:
        assert error.hint
    else:
        check(report)
        assert report.total_bytes == len(data)


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_gives_a_report_or_an_input_error(text: str) -> None:
    try:
        check(read_report(text))
    except InputError as error:
        assert error.hint


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe", "", b"\0\0"], ids=repr)
def test_nothing_is_an_input_error_that_tells_the_cure(data: bytes | str) -> None:
    with pytest.raises(InputError) as caught:
        read_report(data)
    assert "2>&1 | firstaid" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (gzip.compress(b"Traceback" * 100), "gzip"),
        (b"PK\x03\x04\x14\0\0\0archive/data.pkl", "zip"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 90, "ELF"),
        (b"GGUF\x03\0\0\0\x23\x01\0\0\0\0\0\0\x1a\0\0\0", "GGUF"),
        (b'\x10\x05\0\0\0\0\0\0{"__metadata__":{"format":"pt"}}' + bytes(range(256)), "safetensors"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
        (b"%PDF-1.7\n", "PDF"),
        (bytes(range(256)) * 9, "cannot be printed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_binary_file_is_named(data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=f"this is not text.*{what}"):
        read_report(data)


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (CHINESE.encode(), None),
        (CHINESE.encode("utf-8-sig"), None),
        (CHINESE.encode("gbk"), "decoded as gb18030"),
        (CHINESE.encode("utf-16"), "decoded as utf-16-le"),
        (b"\xfe\xff" + CHINESE.encode("utf-16-be"), "decoded as utf-16-be"),
    ],
    ids=["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-be"],
)
def test_encodings(data: bytes, note: str | None) -> None:
    report = read_report(data)
    assert [line.text for line in report.lines] == CHINESE.splitlines()
    assert report.notes == ((note,) if note else ())
    assert report.language == "zh"
    assert report.total_bytes == len(data)


def test_utf_16_without_a_mark() -> None:
    text = "RuntimeError: no mark\r\nsecond line\r\n"
    assert read_report(text.encode("utf-16-le")).text == "RuntimeError: no mark\nsecond line"


def test_broken_utf_8_and_nul_bytes_do_no_harm() -> None:
    report = read_report("Key\0Error: 'ä".encode() + b"\xff\xe2\x96'\n" + "next ███ line\n".encode())
    assert report.initiating is not None
    assert report.initiating.name == "KeyError"
    assert report.lines[1].number == 2


def test_a_few_accented_bytes_are_not_chinese() -> None:
    assert not read_report("Modèle échoué: mémoire insuffisante\n".encode("latin-1")).notes


def filler(size: int) -> bytes:
    line = b"2024-05-01 12:00:%02d,%03d - INFO - trainer - step %d loss 1.0 error_rate 0.1\n"
    lines = [line % (n % 60, n % 1000, n) for n in range(10_000)]
    block = b"".join(lines)
    return block * (size // len(block))


TRACEBACK = (
    b"Traceback (most recent call last):\n  File \"/srv/a.py\", line 8, in <module>\n    main()\nKeyError: 'middle'\n"
)


class Trickle(io.RawIOBase):
    """A pipe that gives a few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self.rest, self.size = memoryview(data), size

    def read(self, size: int = -1, /) -> bytes:
        part, self.rest = bytes(self.rest[: self.size]), self.rest[self.size :]
        return part


@pytest.mark.parametrize("size", [1 << 20, 99_991])
def test_a_large_log_is_kept_in_part_with_its_line_numbers(size: int) -> None:
    half = filler(4 << 20)
    data = half + TRACEBACK + half
    report = read_report(cast("BinaryIO", Trickle(data, size)))
    line = half.count(b"\n") + 1
    assert report.initiating is not None
    assert (report.initiating.name, report.initiating.first, report.initiating.last) == ("KeyError", line, line + 3)
    assert report.truncated
    assert (report.total_lines, report.total_bytes) == (data.count(b"\n"), len(data))
    assert len(report.text) < WHOLE
    assert report.notes == (f"kept {len(report.lines):,} of {report.total_lines:,} lines",)
    assert report.lines[0].number == 1
    assert report.lines[-1].number == report.total_lines
    check(report)


def test_a_log_of_nothing_but_different_errors_is_bounded() -> None:
    data = b"".join(b"ValueError: %s\n" % (chr(97 + n % 26) * (n % 97 + 1)).encode() for n in range(150_000))
    source = read_source(data)
    assert sum(len(text) for _, text in source.rows) < WHOLE
    assert [number for number, _ in source.rows] == sorted({number for number, _ in source.rows})


def test_one_enormous_line_keeps_its_ends_and_what_it_tells() -> None:
    data = b"token " * 500_000 + b" RuntimeError: in the middle " + b"token " * 500_000
    report = read_report(data)
    assert report.total_lines == 1
    assert "RuntimeError: in the middle" in report.text
    assert len(report.text) < 100_000


def test_progress_bars_by_carriage_return_do_not_hide_the_error() -> None:
    bars = b"".join(b"\r %d%%|##   | %d/100 [00:01<00:09, 9.9it/s]" % (n % 100, n) for n in range(90_000))
    report = read_report(b"start\n" + bars + b"\rRuntimeError: after the bars\n" + b"end\n")
    assert report.initiating is not None
    assert (report.initiating.first, report.total_lines) == (2, 3)


def test_a_wide_encoding_is_read_in_blocks_too() -> None:
    data = (filler(3 << 20) + TRACEBACK + filler(1 << 20)).decode().encode("utf-16")
    report = read_report(io.BytesIO(data))
    assert report.initiating is not None
    assert report.initiating.first == filler(3 << 20).count(b"\n") + 1
    assert report.notes[0] == "decoded as utf-16-le"
