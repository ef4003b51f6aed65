"""What stands where a secret could and is none: placeholders, code, prose, special tokens of models."""

from __future__ import annotations

import re

_PLACEHOLDERS = frozenset((
    "empty", "none", "null", "nil", "true", "false", "undefined", "unset", "not-set", "notset", "set",
    "not-needed", "not-required", "no-key", "na", "n/a", "dummy", "fake", "placeholder", "redacted", "hidden",
    "token-abc123", "sk-no-key-required", "ollama", "lm-studio", "lmstudio", "vllm", "str", "string", "text",
    "bytes", "bool", "int", "integer", "float", "object", "any", "optional", "secretstr", "type", "required",
    "missing", "invalid", "incorrect", "expired", "wrong", "yes", "field", "default", "auto", "ignored",
    "nonetype", "self", "prompt", "stdin", "env", "not-found", "not-provided", "provided", "value", "error",
))  # fmt: skip
"""With hyphens for blanks."""
_FILLER = re.compile(
    r"<|\$\{?\w+\}?$|\$\(|%\w+%$|\{|\[|(?:[*x.•…#-])+$|\.{3}"
    r"|(?:your|my|insert|replace|enter|the|some)[ _-][\w -]*(?:token|key|secret|password|here)\b"
    r"|(?:your|xxx)",
    re.IGNORECASE,
)
_PATH = re.compile(r"(?:~|\.{1,2})?/[\w.-]+(?:/|$|\.)|[A-Za-z]:[\\/]|file:|https?://(?![^/]*(?:hooks|webhook|@))")
_CODE = re.compile(
    r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*[\[(]"  # a call, a look-up
    r"|[a-zA-Z_]+(?:\.[a-zA-Z_]+)+$"  # an attribute
    r"|(?:[A-Za-z]+_)*(?:api|hf|access|secret)?(?:token|key|password|passwd|pwd|secret|passphrase|credentials?)s?$"
    r"|-{1,2}[a-z]|&|=|\|",
    re.IGNORECASE,
)
_OF_A_MODEL = re.compile(
    r"(?:eos|bos|pad|unk|sep|cls|mask|image|img|video|audio|vision|stop|next|start|begin|end|special|first|last|new|num|max|min"
    r"|prompt|fim|per|think|thinking|chat|assistant|additional|extra|input|output|tool|turn|text|one|each|an?|the|this"
    r"|mm|placeholder|draft|target|decoded|generated|unknown|bad|single|sampled|cached|tok)[ _-]?\Z",
    re.IGNORECASE,
)
_SURE = re.compile(
    r"(?:pass(?:word|wd|phrase|code)|pwd|secret|credentials?|webhook_url)$"
    r"|(?:api|access|account|private|signing|encryption|subscription|license|auth|master|secret|storage|deploy|service)"
    r"[ _-]?(?:access[ _-]?)?key(?:[ _-]?id)?$"
    r"|(?:access|auth|api|hf|hub|hugging_?face|bearer|refresh|session|secret|security|personal|github|gh|gitlab|slack"
    r"|discord|telegram|bot|wandb|modelscope|openai|oauth|csrf|xsrf|jwt|read|write|jupyter|civitai|kaggle|ngrok"
    r"|(?<!\w)--)(?:[ _-]?(?:hub|api|access|auth|bot))?[_-]?token$",
    re.IGNORECASE,
)
_RANDOM = re.compile(r"(?=[\w.~+/=%-]{0,200}\d)(?=[\w.~+/=%-]{0,200}[A-Za-z])[\w.~+/=%:-]{8,}$")
_KEY = re.compile(r"(?:login\(|wandb[\w. ]{0,12}|openai[_. ]|[?&])$", re.IGNORECASE)
"""Before a plain `key`: most are of a dictionary."""
_SHORTEST = 4
_AWS_SECRET = 40
"""Characters of one; it may begin like a path."""


def is_harmless(value: str) -> bool:
    """Whether a value is a placeholder, a file or too short for a secret."""
    value = value.strip()
    if len(value) < _SHORTEST or re.sub("[ _]", "-", value.lower()) in _PLACEHOLDERS or _FILLER.match(value):
        return True
    return "<token>" in value or "<secret>" in value or (len(value) != _AWS_SECRET and _PATH.match(value) is not None)


def is_code(value: str, after: str) -> bool:
    """Whether a value without quotes is an expression, given what follows it."""
    return _CODE.match(value) is not None or after.startswith(("(", "["))


def is_prose(sign: str, value: str, after: str) -> bool:
    """Whether a value without quotes is the first word of a sentence."""
    return "=" not in sign and value.isalpha() and re.match(r"[ \t]+\w|[ \t]*[:(]", after) is not None


def is_sure(before: str, name: str) -> bool:
    """Whether what has this name, and this before it, is always a secret."""
    return _SURE.search(before + name) is not None


def looks_random(before: str, name: str, value: str) -> bool:
    """Whether the value of a plain `token`, `key` or id gives access; those of a model's vocabulary are words."""
    if name.lower() == "token" and _OF_A_MODEL.search(before):
        return False
    return _RANDOM.match(value) is not None and (name.lower() != "key" or _KEY.search(before) is not None)
