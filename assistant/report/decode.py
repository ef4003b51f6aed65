"""Bytes to characters: which encoding a report is in, and whether it is text at all."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from ...kb.errors import InputError

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_MAGIC = (
    (0, b"\x1f\x8b", "a gzip archive", "unpack it first: zcat FILE | firstaid"),
    (0, b"PK\x03\x04", "a zip archive or a PyTorch checkpoint", "unpack it, and give the log inside"),
    (0, b"(\xb5/\xfd", "a zstd archive", "unpack it first: zstdcat FILE | firstaid"),
    (0, b"\xfd7zXZ", "an xz archive", "unpack it first: xzcat FILE | firstaid"),
    (0, b"BZh", "a bzip2 archive", "unpack it first: bzcat FILE | firstaid"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive", "unpack it, and give the log inside"),
    (257, b"ustar", "a tar archive", "unpack it, and give the log inside"),
    (0, b"\x7fELF", "a program or shared library (ELF)", "run it and give what it prints: PROGRAM 2>&1 | firstaid"),
    (0, b"MZ", "a Windows program or library", "run it and give what it prints"),
    (0, b"GGUF", "a GGUF model file", "give what the program that loads it prints"),
    (8, b'{"', "a safetensors model file", "give what the program that loads it prints"),
    (0, b"\x80\x02", "a Python pickle or an old PyTorch checkpoint", "give what the program that loads it prints"),
    (0, b"\x89PNG", "a PNG picture", "copy the text out of the terminal instead of taking a screenshot"),
    (0, b"\xff\xd8\xff", "a JPEG picture", "copy the text out of the terminal instead of taking a screenshot"),
    (0, b"RIFF", "a picture, sound or video (RIFF)", "copy the text out of the terminal"),
    (0, b"%PDF-", "a PDF document", "copy the text out of it"),
    (0, b"SQLite format 3", "an SQLite database", "give the log of the program that uses it"),
)
_SURE = (b"\x1f\x8b", b"PK\x03\x04", b"(\xb5/\xfd", b"\xfd7zXZ", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"%PDF-")
"""Magic that no text begins with, so that even a short file is recognised."""
_WIDE_UNITS = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}
_CONTROL = bytes(set(range(32)) - set(b"\0\t\n\r\b\a\f\x0b\x1b")) + b"\x7f"
_HINT = "give the text that the failing command printed: COMMAND 2>&1 | firstaid"


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32 by mark, or by alternating NULs; None for encodings in which a newline is one byte."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name if name in _WIDE_UNITS else None
    sample = head[:4096]
    if len(sample) < 4:
        return None
    even, odd = sample[::2], sample[1::2]
    if odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


def to_utf8(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Blocks of a wide encoding as UTF-8; broken units become U+FFFD, and the byte order mark goes."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    first = True
    for block in blocks:
        text = decoder.decode(block)
        if first and text:
            text, first = text.removeprefix("\ufeff"), False
        yield text.encode("utf-8", errors="replace")
    yield decoder.decode(b"", final=True).encode("utf-8", errors="replace")


def refuse_binary(head: bytes) -> None:
    """Raise InputError when the first bytes of the input (UTF-16 already undone) are not text."""
    sample = head[: 64 << 10]
    control = len(sample) - len(sample.translate(None, _CONTROL))
    nuls = sample.count(0)
    binary = control > 0.05 * len(sample) or nuls > 0.3 * len(sample)
    for offset, magic, what, hint in _MAGIC:
        if sample.startswith(magic, offset) and (magic in _SURE or binary or (control and nuls)):
            raise InputError(f"this is not text: it looks like {what}", context="the input", hint=hint)
    if binary:
        raise InputError("this is not text: most of it cannot be printed", context="the input", hint=_HINT)


def narrow_encoding(sample: bytes) -> str:
    """`utf-8` or `gb18030` for bytes without NULs; UTF-8 unless Chinese is the better reading."""
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030" if _is_chinese(sample) else "utf-8"
    return "utf-8"


def _is_chinese(sample: bytes) -> bool:
    utf8 = [char for char in sample.decode("utf-8", errors="replace") if char > "\x7f"]
    broken = utf8.count("\ufffd")
    if broken * 10 <= len(utf8):  # a few broken bytes in real UTF-8, such as a progress bar cut in the middle
        return False
    wide = [char for char in sample.decode("gb18030", errors="replace") if char > "\x7f"]
    # Accented Latin letters also pair up to rare characters: only the common ones (GB 2312) count.
    common = "".join(wide).encode("gb2312", errors="ignore").decode("gb2312")
    return len(common) >= 2 and len(common) > 0.8 * len(wide)
