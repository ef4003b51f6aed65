"""Takes out of a text what nobody but its owner should see, before it is kept anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_BLOCK = 16_000
"""Bytes: small enough that most blocks of a log hold nothing to look at twice."""


@dataclass(frozen=True, slots=True)
class _Rule:
    tells: tuple[str, ...]
    """In lower case; one of them stands in whatever the pattern matches, and is found ten times sooner than that."""
    pattern: str
    replacement: str

    def may_match(self, lower: str) -> bool:
        return any(tell in lower for tell in self.tells) or (self is _ADDRESS and _NUMBERS.search(lower) is not None)


_NUMBERS = re.compile(r"\.\d{1,3}\.\d{1,3}\.\d")
_ADDRESS = _Rule(
    (),
    r"(?<![\w.])(?<!==)(?!127\.|0\.0\.0\.0)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.])",
    "<ip>",
)


_RULES = (
    _Rule(("hf_", "sk-", "gho_", "ghp_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox", "akia", "aiza", "eyj"),
          r"\b(?:hf_[A-Za-z0-9]{20,}|sk-[\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}"
          r"|AKIA[A-Z0-9]{16}|AIza[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)", "<token>"),
    _Rule(("private key-----",),
          r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", "<private key>"),
    _Rule(("authorization",), r"(?i)\b(authorization\s*[:=]\s*(?:bearer|basic)\s+)\S+", r"\1<token>"),
    _Rule(("password", "passwd", "secret", "apikey", "api_key", "accesskey", "access_key", "authtoken", "_token"),
          r"(?i)\b((?:\w*(?:password|passwd|secret|api_?key|access_?key|auth_?token|_token))['\"]?\s*[:=]\s*['\"]?)"
          r"[^\s'\",;]{4,}", r"\1<secret>"),
    _Rule(("://",), r"(?i)(\w+://)[^\s/:@]+:[^\s/@]+@", r"\1<user>@"),
    _Rule(("@",), r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b", "<address>"),
    _ADDRESS,
    _Rule(("/home/", "/users/"), r"(?<![\w.])((?:/home|/Users|/export/home|/data/home)/)[^/\s:'\"]+", r"\1<user>"),
    _Rule((":\\users\\", ":\\documents and settings\\"),
          r"(?i)(\b[a-z]:\\(?:users|documents and settings)\\)[^\\\s:'\"]+", r"\1<user>"),
)  # fmt: skip


def redacted(text: str) -> str:
    """The text without tokens, passwords, keys, mail and network addresses, and the names of users in paths.

    What is not recognised stays: this makes a text fit to be kept on the machine it comes from, not to be published.
    """
    lower = text.lower()
    for rule in [rule for rule in _RULES if rule.may_match(lower)]:
        text = re.sub(rule.pattern, rule.replacement, text)
    return text


def redacted_log(log: bytes) -> bytes:
    """The same of megabytes in any encoding, in blocks of whole lines: 300 MB of an ordinary log take a second.

    A name at the end of a block and its secret on the next line are not seen together; a private key is.
    """
    blocks = [log] if b"PRIVATE KEY-----" in log else _blocks(log)
    may_hold = _finder() if len(log) > _BLOCK else None
    return b"".join(_redacted_block(block) if may_hold is None or may_hold(block) else block for block in blocks)


def _redacted_block(block: bytes) -> bytes:
    return redacted(block.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _finder() -> Callable[[bytes], object] | None:
    """Finds what may have to be taken out, ten times as fast as a look for each rule; None without google-re2."""
    try:
        import re2
    except ImportError:
        return None
    options = re2.Options()
    options.case_sensitive, options.encoding = False, re2.Options.Encoding.LATIN1
    tells = [re.escape(tell) for rule in _RULES for tell in rule.tells]
    return re2.compile("|".join([*tells, _NUMBERS.pattern]).encode(), options).search


def _blocks(log: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(log):
        end = log.find(b"\n", start + _BLOCK) + 1 or len(log)
        yield log[start:end]
        start = end
