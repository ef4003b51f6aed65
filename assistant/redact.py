"""Takes out of a text what nobody but its owner should see, before it is kept anywhere."""

from __future__ import annotations

import re

_RULES = (
    (re.compile(r"\b(?:hf_[A-Za-z0-9]{20,}|sk-[\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}"
                r"|AKIA[A-Z0-9]{16}|AIza[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)"), "<token>"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL), "<private key>"),
    (re.compile(r"(?i)\b(authorization\s*[:=]\s*(?:bearer|basic)\s+)\S+"), r"\1<token>"),
    (re.compile(r"(?i)\b((?:\w*(?:password|passwd|secret|api_?key|access_?key|auth_?token|_token))['\"]?\s*[:=]\s*['\"]?)"
                r"[^\s'\",;]{4,}"), r"\1<secret>"),
    (re.compile(r"(?i)(\w+://)[^\s/:@]+:[^\s/@]+@"), r"\1<user>@"),
    (re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b"), "<address>"),
    (re.compile(r"(?<![\w.])(?<!==)(?!127\.|0\.0\.0\.0)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.])"),
     "<ip>"),
    (re.compile(r"(?<![\w.])((?:/home|/Users|/export/home|/data/home)/)[^/\s:'\"]+"), r"\1<user>"),
    (re.compile(r"(?i)(\b[a-z]:\\(?:users|documents and settings)\\)[^\\\s:'\"]+"), r"\1<user>"),
)  # fmt: skip


def redacted(text: str) -> str:
    """The text without tokens, passwords, keys, mail and network addresses, and the names of users in paths.

    What is not recognised stays: this makes a text fit to be kept on the machine it comes from, not to be published.
    """
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
