"""The made-up secrets of `secrets.jsonl`: ‹hf› and the like stand for tokens that no scanner may find in a file."""

from __future__ import annotations

import json
import random
import re
import string
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_ALNUM = string.ascii_letters + string.digits
_UPPER = string.ascii_uppercase + string.digits
_HEX = "0123456789abcdef"
_SHAPES = {
    "hf": ("hf_", 34, _ALNUM), "hforg": ("api_org_", 34, _ALNUM), "openai": ("sk-", 48, _ALNUM),
    "openai_proj": ("sk-proj-", 60, _ALNUM + "-_"), "anthropic": ("sk-ant-api03-", 80, _ALNUM + "-_"),
    "openrouter": ("sk-or-v1-", 64, _HEX), "ghp": ("ghp_", 36, _ALNUM), "gho": ("gho_", 36, _ALNUM),
    "ghs": ("ghs_", 36, _ALNUM), "ghu": ("ghu_", 36, _ALNUM), "ghr": ("ghr_", 36, _ALNUM),
    "github_pat": ("github_pat_", 70, _ALNUM + "_"), "glpat": ("glpat-", 20, _ALNUM), "glrt": ("glrt-", 20, _ALNUM),
    "akia": ("AKIA", 16, _UPPER), "asia": ("ASIA", 16, _UPPER), "google": ("AIza", 35, _ALNUM),
    "ya29": ("ya29.", 60, _ALNUM), "gocspx": ("GOCSPX-", 28, _ALNUM), "xoxb": ("xoxb-", 40, _ALNUM),
    "xoxp": ("xoxp-", 40, _ALNUM), "xapp": ("xapp-", 40, _ALNUM), "npm": ("npm_", 36, _ALNUM),
    "pypi": ("pypi-", 80, _ALNUM), "docker": ("dckr_pat_", 27, _ALNUM), "wandbv1": ("wandb_v1_", 60, _ALNUM),
    "groq": ("gsk_", 52, _ALNUM), "replicate": ("r8_", 37, _ALNUM), "nvapi": ("nvapi-", 64, _ALNUM),
    "xai": ("xai-", 80, _ALNUM), "perplexity": ("pplx-", 48, _ALNUM), "databricks": ("dapi", 32, _HEX),
    "stripe": ("sk_live_", 24, _ALNUM), "langsmith": ("lsv2_pt_", 42, _HEX), "tavily": ("tvly-", 32, _ALNUM),
    "vault": ("hvs.", 40, _ALNUM), "pinecone": ("pcsk_", 60, _ALNUM), "rand": ("q7", 30, _ALNUM),
    "rand2": ("z3", 20, _ALNUM), "hex40": ("1a", 38, _HEX), "hex32": ("2b", 30, _HEX), "hex26": ("3c", 24, _HEX),
    "aws": ("w0", 38, _ALNUM + "/+"), "aws39": ("x1", 37, _ALNUM), "b64": ("b6", 60, _ALNUM + "+/"),
    "key": ("MIIf", 60, _ALNUM + "+/"),
}  # fmt: skip
"""Name to prefix, and so many random ones of these."""
_JOINED = {"sendgrid": ("SG.", 22, ".", 43), "huggingjwt": ("eyJ", 30, ".eyJ", 60)}
FILE = Path(__file__).with_name("secrets.jsonl")


@dataclass(frozen=True, slots=True)
class Line:
    """A text of a log, what must vanish from it, and what must stay; where nothing must vanish, all stays."""

    text: str
    gone: tuple[str, ...]
    stay: tuple[str, ...]


def corpus() -> list[Line]:
    """All lines."""
    return [_line(json.loads(line)) for line in FILE.read_text(encoding="utf-8").splitlines()]


def _line(fields: dict[str, object]) -> Line:
    gone, stay = (tuple(map(made_up, fields.get(name) or ())) for name in ("gone", "stay"))  # type: ignore[arg-type]
    return Line(made_up(str(fields["text"])), gone, stay)


def made_up(text: str) -> str:
    """The text with its tokens."""
    return re.sub("‹([a-z0-9_]+)›", lambda match: _token(match[1]), text)


@cache
def _token(name: str) -> str:
    rng = random.Random(name)
    if name == "modelscope":
        return "ms-" + "-".join("".join(rng.choices(_HEX, k=length)) for length in (8, 4, 4, 4, 12))
    if name in _JOINED:
        first, long, second, longer = _JOINED[name]
        return first + "".join(rng.choices(_ALNUM, k=long)) + second + "".join(rng.choices(_ALNUM, k=longer))
    prefix, length, letters = _SHAPES[name]
    return prefix + "".join(rng.choices(letters, k=length))
