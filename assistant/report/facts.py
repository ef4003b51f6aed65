"""GPUs and models that a report names."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from ...kb.vocabulary import load_vocabulary

_GPUS = (
    r"\b(?:NVIDIA |GeForce |Tesla |Quadro )*(?:"
    r"(?:RTX|GTX) ?(?:PRO |A)?\d{4}(?: ?(?:Ti SUPER|Ti|SUPER|D|Ada|Max-Q|Laptop GPU|Blackwell)\b)*(?! series)"
    r"|(?:A100|A800|A6000|A5500|A5000|A4500|A4000|A40|A30|A16|A10G?|A2|H100|H800|H200|H20|B300|B200|B100|GB300|GB200|GB10|GH200|V100S?|P100|P40|T4|L40S?|L20|L4|K80|M40)"
    r"(?:[ -](?:SXM\d?|PCIE|PCIe|NVL|HBM3e?))?(?:[ -]\d{2,3} ?(?:GB|G|g|gb)\b)?)(?!\w|\.\w|-\d)"
    r"|(?<=[张块xX×*]) ?(?:30[5-9]0|40[6-9]0|50[6-9]0)(?: ?Ti)?(?![\d.])|(?<![\w.])(?:30[5-9]0|40[6-9]0"
    r"|50[6-9]0)(?: ?Ti)?(?= ?(?:显卡|卡|GPU))"
    r"|\bMI ?\d{2,3}[XA]?\b(?=[ ,;.)\n]|$)|\b(?:Radeon )?RX ?\d{4}(?: ?XTX?)?\b|\bM[1-5] (?:Pro|Max|Ultra)\b"
    r"|\bApple M[1-5]\b(?: (?:Pro|Max|Ultra)\b)?"
    r"|\b(?:Ascend[ -]?)?910[ABC]\d?\b|\bJetson(?: AGX| Orin| Xavier| Nano| NX| Thor)+\b|\bArc A\d{3}\b|\bGaudi ?\d?\b"
)
_OWNERS = r"[A-Za-z0-9][\w.-]{1,60}"
_HUB = rf"(?<![\w./@:~-])({_OWNERS}/[A-Za-z0-9][\w.-]{{2,100}})(?![\w/])"
_TAG = r"(?<![\w./:-])([a-z][a-z0-9._-]{2,60}:(?:\d{1,4}(?:\.\d)?[bm][\w.-]{0,40}|latest))(?![\w:])"
_SIZE = re.compile(r"\d(?:\.\d)?[BbMm]\b|-\d|[a-z]\d|-(?:base|chat|instruct|it)\b", re.IGNORECASE)
_FOLDERS = frozenset(
    [
        "model",
        "models",
        "home",
        "data",
        "checkpoints",
        "checkpoint",
        "ckpt",
        "ckpts",
        "output",
        "outputs",
        "saves",
        "weights",
        "hf",
        "tmp",
        "workspace",
    ]
)
_MOST = 12


def find_gpus(text: str) -> tuple[str, ...]:
    """GPU names as written, the most often named first; a shorter spelling of another one is left out."""
    counts = Counter(re.sub(r"\s+", " ", match[0]).strip(" -") for match in _gpu().finditer(text))
    names = [name for name, _ in counts.most_common(_MOST * 2)]
    return tuple(name for name in names if not any(name != other and _within(name, other) for other in names))[:_MOST]


def _within(name: str, other: str) -> bool:
    return len(name) < len(other) and name.lower() in other.lower()


def find_models(text: str) -> tuple[str, ...]:
    """Hub ids, release names and tags of models of the known families, in the order of the text."""
    found: dict[str, int] = {}
    for pattern in _models():
        for match in pattern.finditer(text):
            name = _released(match[1].rstrip(".-_"))
            if _is_model(name):
                found.setdefault(name, match.start())
    names = sorted(found, key=lambda name: found[name])
    return tuple(name for name in names if not any(name != other and other.endswith("/" + name) for other in names))[
        :_MOST
    ]


def _released(name: str) -> str:
    """Without a folder of the user's that looks like the owner of a hub id, and without the ending of a file."""
    owner, slash, last = name.rpartition("/")
    return re.sub(r"\.gguf$", "", last if slash and owner.lower() in _FOLDERS else name)


def _is_model(name: str) -> bool:
    if re.search(r"\.(?:py|cpp|cu|h|so|json|txt|md|sh|yaml|yml|whl|git|html|log|toml)$", name, re.IGNORECASE):
        return False
    last = name.rpartition("/")[2]
    family = _family().search(last)
    return bool(family and _SIZE.search(last)) and bool(re.search(r"[-/:]|\d[bB]\b", name))


@cache
def _family() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{_families()})", re.IGNORECASE)


def _families() -> str:
    names = {spelling for spellings in load_vocabulary().model.values() for spelling in spellings}
    return "|".join(sorted((re.escape(name).replace(r"\ ", "[ -]") for name in names), key=len, reverse=True))


@cache
def _models() -> tuple[re.Pattern[str], ...]:
    families = _families()
    release = rf"(?<![\w./-])((?:Meta-|DeepSeek-|deepseek-)?(?:{families})[\w.-]{{0,60}}\d[\w.-]{{0,60}})(?![\w/])"
    in_path = rf"[/\\]((?:Meta-)?(?:{families})[\w.]{{0,40}}-[\w.-]{{1,100}})(?=[/\\\s'\"`,;)]|$)"
    return (
        re.compile(_HUB),
        re.compile(release, re.IGNORECASE),
        re.compile(_TAG),
        re.compile(in_path, re.MULTILINE | re.IGNORECASE),
    )


@cache
def _gpu() -> re.Pattern[str]:
    return re.compile(_GPUS)
