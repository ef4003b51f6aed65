"""Which versions a report says are installed; never those it demands, recommends or complains of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from ...kb.vocabulary import load_vocabulary

_NUMBER = (
    r"v?(\d{1,5}(?:\.\d{1,5}){1,3}(?:[.-]?(?:dev|post|rc|a|b|alpha|beta)\.?\d{0,9})?(?:\+[\w.]{1,40})?)(?![\w.]*[\w])"
)
_ADVICE = re.compile(
    r"upgrad|update|downgrad|install(?!ed)|requir|need|should|must|please|try |at least|or (?:later|newer|higher"
    r"|above)|deprecat|removed in"
    r"|support(?:s|ed)? (?:in|from|since)|since|recommend|>=|<=|~=|!=|[<>]\s?\d|fixed in|works (?:with|in|on)|expected"
    r"|升级|安装(?!了|的)|需要|建议|至少|要求|推荐|以上|降级|改成|换成",
    re.IGNORECASE,
)
_CUDA = r"v?(\d{1,2}\.\d{1,2}(?:\.\d{1,3})?)(?![\d.])"
_DRIVER = r"(\d{3}\.\d{2,3}(?:\.\d{1,3})?)"
_BUILD = r"(\d{3,6}) \([0-9a-f]{6,10}\)"
_SPECIAL = (
    # name, how clearly it tells (0 best), pattern
    ("python", 1, rf"[Pp]ython(?: version)?\s{{0,3}}[:=]?\s{{0,20}}{_NUMBER}"),
    ("nvidia-driver", 1, rf"[Dd]river(?: [Vv]ersion)?s?:?\s{{1,3}}{_DRIVER}"),
    ("nvidia-driver", 1, rf"NVIDIA-SMI\s+{_DRIVER}"),
    ("nvidia-driver", 1, rf"NVRM version:[^\n]{{0,80}}?\s{_DRIVER}"),
    # The CUDA that torch was built with decides more than the toolkit, and the toolkit more than the driver's limit.
    ("cuda", 0, rf"CUDA used to build PyTorch\s{{0,3}}: ?{_CUDA}"),
    ("cuda", 1, r"\+cu(\d{2,3})\b"),
    ("cuda", 2, rf"CUDA(?: runtime version| toolkit| Toolkit|_VERSION)?\s{{0,3}}[:=]?\s{{0,3}}{_CUDA}"),
    ("cuda", 2, rf"(?:CUDA|cuda)(?: version|版本)[ :=是为：]{{0,3}}{_CUDA}"),
    ("cuda", 2, r"Cuda compilation tools, release (\d{1,2}\.\d)"),
    ("cuda", 3, rf"CUDA Version\s{{0,3}}[:=]?\s{{0,3}}{_CUDA}"),
    ("glibc", 1, r"(?:Libc version|GLIBC|glibc)[:\s-]{1,3}(?:glibc-)?(\d\.\d{1,3})(?![\d.])"),
    ("vllm", 1, rf"vLLM (?:API server|engine)[^\n]{{0,20}}? (?:version )?\(?{_NUMBER}"),
    ("vllm", 1, rf"LLM engine \({_NUMBER}"),
    ("llama.cpp", 1, rf"\b(?:build(?: ?[:=] ?|\s+)b?|version: ){_BUILD}"),
    ("llama.cpp", 1, r"(?:llama\.cpp|llama-server|llama-cli)[^\n]{0,40}?\bb(\d{4,6})\b"),
    ("llama.cpp", 1, r"\b(?:release|tag|build) b(\d{4,6})\b"),
    ("ollama", 1, rf"\b[Oo]llama(?: client| server)?(?: version)?(?: is)?[ :=]{{1,3}}{_NUMBER}"),
    ("ollama", 1, rf"Listening on \S{{1,80}} \(version {_NUMBER}"),
    ("rocm", 1, rf"\b(?:ROCm|rocm|HIP runtime)(?: version)?[ :=]{{1,3}}{_NUMBER}"),
)
_PYTHON_PATH = r"[/\\](?:lib[/\\]|envs[/\\][^/\\\n]{1,60}[/\\]lib[/\\])?[Pp]ython-?(3\.?\d{1,2})[/\\]"
_NOT_VERSIONED = {
    "docker",
    "colab",
    "kubernetes",
    "slurm",
    "wsl",
    "openai",
    "git-lfs",
    "cuda",
    "python",
    "rocm",
    "nvidia-driver",
}
_LESS = {
    "awq",
    "mlx",
    "swift",
    "ggml",
    "gguf",
    "nvidia-smi",
    "tgi",
    "flash_attention_2",
    "flash_attn_2_cuda",
    "safetensors_rust",
}


def find_versions(text: str) -> Mapping[str, str]:
    """Vocabulary name -> version, as first and most clearly told in the cleaned text."""
    found: dict[str, tuple[int, int, str]] = {}
    for name, version, clearness, offset in _told(text):
        if name not in found or (clearness, offset) < found[name][:2]:
            found[name] = (clearness, offset, version)
    return {name: version for name, (_, _, version) in sorted(found.items())}


def _told(text: str) -> Iterator[tuple[str, str, int, int]]:
    spellings = _spellings()
    for match in _package().finditer(text):
        name, version = spellings[match["name"].lower()], match["version"]
        if not _is_advice(text, match):
            yield name, version, 0 if match["table"] else 1, match.start()
    for name, clearness, pattern in _special():
        for match in pattern.finditer(text):
            if not _is_advice(text, match):
                yield name, _dotted(name, match[1]), clearness, match.start()
    for match in re.finditer(_PYTHON_PATH, text):
        yield "python", _dotted("python", match[1]), 9, match.start()


def _dotted(name: str, version: str) -> str:
    """`+cu118` is CUDA 11.8, and `Python310` is 3.10."""
    if name == "cuda" and "." not in version:
        return f"{version[:-1]}.{version[-1]}"
    if name == "python" and "." not in version:
        return f"{version[0]}.{version[1:]}"
    return version


def _is_advice(text: str, match: re.Match[str]) -> bool:
    """Whether the sentence around a version demands it instead of reporting it."""
    start = max(text.rfind("\n", 0, match.start()) + 1, match.start() - 100)
    end = text.find("\n", match.end())
    around = text[start : min(match.end() + 40, end if end >= 0 else len(text))]
    return len(around) > len(match[0]) and _ADVICE.search(around) is not None


@cache
def _spellings() -> dict[str, str]:
    stack = load_vocabulary().stack
    return {
        spelling: name
        for name, spellings in stack.items()
        if name not in _NOT_VERSIONED
        for spelling in (*spellings, name.replace("-", "_"))
        if spelling not in _LESS
    }


@cache
def _package() -> re.Pattern[str]:
    """`name==1.2`, `name version: 1.2`, `name   1.2`, `name 1.2`, `- name: 1.2`, `name版本是1.2`."""
    names = "|".join(sorted(map(re.escape, _spellings()), key=len, reverse=True))
    table = r"\s?===?\s?|[ \t]{2,40}|\s?[-_ ]?\(?version\)?\s?[:=]?\s?|\s?[:：]\s{0,10}|\s\|\s{0,40}"
    between = rf"[`*\"']{{0,2}}(?:(?P<table>{table})|\s?(?:的)?版本(?:号)?(?:是|为|：|:)?\s?|[ =@(]{{1,2}})"
    return re.compile(
        rf"(?<![\w./-])(?<!build )(?P<name>{names}){between}[`\"']?v?(?P<version>{_NUMBER[2:]})", re.IGNORECASE
    )


@cache
def _special() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    return tuple((name, clearness, re.compile(pattern)) for name, clearness, pattern in _SPECIAL)
