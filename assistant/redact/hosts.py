"""Machines by name: those of a private network, of a prompt, and whatever a variable or a log calls a host."""

from __future__ import annotations

import re

from .harmless import is_harmless
from .rule import Rule

_PRIVATE_ENDS = r"local|internal|lan|corp|intra|intranet|localdomain"
_COMPUTE = (
    r"(?:gpu|node|compute|worker|dgx|hgx|hpc|cluster|login|srv|server|host|slurm|nid|cn|head|master|desktop|laptop)"
)
_LABEL = r"[A-Za-z0-9][\w-]{0,62}"
_NAME = rf"{_LABEL}(?:\.{_LABEL}){{0,7}}"
_START = r"(?<![\w.-])(?<![^/]/)(?<!^/)"

_GENERIC = frozenset(
    (
        "localhost",
        "localhost.localdomain",
        "localhost4",
        "localhost6",
        "ip6-localhost",
        "broadcasthost",
        "none",
        "null",
        "host.docker.internal",
        "gateway.docker.internal",
        "kubernetes.docker.internal",
        "metadata.google.internal",
        "host.containers.internal",
        "cpu",
        "gpu",
        "cuda",
        "self",
        "str",
        "string",
        "x86_64",
        "aarch64",
        "unknown",
    )
)
_PUBLIC = re.compile(
    r"(?:^|\.)(?:huggingface\.co|hf\.co|hf-mirror\.com|hf\.space|github\.com|github\.io|githubusercontent\.com|ghcr\.io|gitlab\.com"
    r"|gitee\.com|pypi\.org|pythonhosted\.org|python\.org|pytorch\.org|tensorflow\.org|anaconda\.(?:org|com)|nvidia\.(?:com|cn)"
    r"|nvcr\.io|docker\.(?:io|com)|quay\.io|ollama\.(?:ai|com)|modelscope\.(?:cn|ai)|openai\.com|openai\.azure\.com|anthropic\.com"
    r"|openrouter\.ai|deepseek\.com|mistral\.ai|together\.(?:ai|xyz)|groq\.com|wandb\.ai|googleapis\.com|google\.com|gstatic\.com"
    r"|cloudfront\.net|fbaipublicfiles\.com|core\.windows\.net|aliyun(?:cs)?\.com|baidu\.com|tencent\.com|tsinghua\.edu\.cn"
    r"|ustc\.edu\.cn|readthedocs\.io|vllm\.ai|unsloth\.ai|lmstudio\.ai|kaggle\.com|civitai\.com|example\.(?:com|org|net)"
    r"|s3[\w.-]{0,20}\.amazonaws\.com|ubuntu\.com|debian\.org|microsoft\.com|intel\.com|amd\.com)$",
    re.IGNORECASE,
)
_TUNNEL = re.compile(
    r"\.(?:compute[\w.-]{0,24}\.amazonaws\.com|compute\.internal|cloudapp\.(?:net|azure\.com)|googleusercontent\.com|runpod\.(?:net|io)"
    r"|ngrok(?:-free)?\.(?:app|io|dev)|trycloudflare\.com|gradio\.live|loca\.lt|ts\.net|seetacloud\.com)$",
    re.IGNORECASE,
)
_TOP = r"(?:com|org|net|edu|gov|io|ai|cloud|dev|app|info|[a-z]{2})"
_NO_TOP = r"(?:py|rs|cc|so|md|js|ts|sh|go|pt|pb|gz|id|to|is|it|in|at|no|do|my|ml|cu)"
_PRIVATE_PART = re.compile(
    rf"\.(?:corp|internal|intra|intranet|vpn|priv)\.(?:.*\.)?(?!{_NO_TOP}$){_TOP}$", re.IGNORECASE
)
_MACHINE = re.compile(rf"^(?:[a-z0-9]+-)*{_COMPUTE}[a-z-]*\d[\w-]*\..*\.(?!{_NO_TOP}$){_TOP}$", re.IGNORECASE)
_PRIVATE_END = re.compile(rf"\.(?:{_PRIVATE_ENDS})$", re.IGNORECASE)
_PROSE = re.compile(r"[ \t]+[A-Za-z]|[ \t]*\(|\[")


def _private(match: re.Match[str]) -> str:
    """A name with dots, where it says itself that it is of no public host."""
    return "<host>" if _is_private(match) else match[0]


def _is_private(match: re.Match[str]) -> bool:
    name = match[0]
    if name.lower() in _GENERIC:
        return False
    if _TUNNEL.search(name) or _PRIVATE_PART.search(name) or _MACHINE.search(name):
        return True
    return _PRIVATE_END.search(name) is not None and _is_no_attribute(match)


def _is_no_attribute(match: re.Match[str]) -> bool:
    """`threading.local` is of Python; `nas.local:80` is a machine."""
    first, dots = match[0].split(".")[0], match[0].count(".")
    before, after = match.string[max(0, match.start() - 2) : match.start()], match.string[match.end() : match.end() + 2]
    told = before.endswith(("//", "@")) or re.match(r":\d", after)
    return "_" not in match[0] and bool(told or dots > 1 or re.search(r"[\d-]", first))


def _named(match: re.Match[str]) -> str:
    """A name that is said to be one of a host."""
    name, after = match["name"], match.string[match.end() : match.end() + 8]
    plain = name.lower()
    stays = (
        plain in _GENERIC
        or _PUBLIC.search(name)
        or is_harmless(name)
        or not re.search("[A-Za-z]", name)
        or re.match(r"x86|aarch64|[a-z_]+\.[a-z_]+$", plain)
        or ("=" not in match["is"] and _PROSE.match(after))
    )
    return match[0] if stays else _without(match, "name")


def _not_resolved(match: re.Match[str]) -> str:
    """A name that was not found: a public one is what the error is about."""
    name = match["name"]
    public = "." in name and not _PRIVATE_END.search(name)
    return match[0] if public or name.lower() in _GENERIC or name.isdigit() else _without(match, "name")


def _of_line(match: re.Match[str]) -> str:
    """The name in a line of NCCL, the system's log, `uname -a` or Slurm."""
    group = str(match.lastgroup)
    return match[0] if match[group].lower() in _GENERIC or match[group].isdigit() else _without(match, group)


def _without(match: re.Match[str], group: str) -> str:
    start, end = (place - match.start() for place in match.span(group))
    return f"{match[0][:start]}<host>{match[0][end:]}"


def _prompt(match: re.Match[str]) -> str:
    user = match["user"] if match["user"] in {"root", "<user>"} else "<user>"
    return f"{user}@<host>"


_ENDS_SIGN = (
    rf"\.(?:{_PRIVATE_ENDS}|vpn|priv|amazonaws|cloudapp|googleusercontent|runpod|ngrok|ngrok-free|trycloudflare|gradio|loca|ts"
    rf"|seetacloud)\b|{_COMPUTE}[a-z-]{{0,12}}\d[\w-]{{0,20}}\.[a-z]"
)
_CALLED = r"(?:master[_-]addr|hostname|host_name|host|node_?name|nodelist|[a-z]_node|computername|rdzv[_-]endpoint)"
_PROMPTS = (
    r"(?=:[~/][^\n]{0,120}?[$#](?:\s|$)"  # bash
    r"|:?[ \t][^\n\]]{0,120}\][$#]"  # in brackets
    r"|[ \t][~/][^\n]{0,120}?[$#%>❯](?:\s|$)"  # zsh, fish
    r"|:[~/]|:(?:\s|$))"  # scp
)
_LOGGED = (
    r"(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.+-]{8,24}Z?) (?!(?:[A-Z]{4,8}|info|warn|error)\b)"
)

HOSTS = (
    Rule(
        r"\b(?:ip|ec2)(?:-\d{1,3}){4}",
        rf"(?i){_START}(?:ip|ec2)(?:-\d{{1,3}}){{4}}(?:\.{_LABEL}){{0,5}}",
        "<host>",
    ),
    Rule(_ENDS_SIGN, rf"{_START}{_LABEL}(?:\.{_LABEL}){{1,7}}(?![\w(])(?!\.\w)", _private),
    Rule(
        r"(?:^|[\s(\[])[a-z_<][\w.>-]{0,31}@[\w.<>-]+(?:[: ][~/]|:| )",
        rf"(?m)(?:^|(?<=[\s(\[]))(?P<user>[A-Za-z_][\w.-]{{0,31}}|<user>)@(?!<host>)(?:{_NAME}|<ip>){_PROMPTS}",
        _prompt,
    ),
    Rule(
        r"\b(?:ssh|scp|rsync|sftp|ssh-copy-id)\b[^\n]{0,160}@",
        r"(?i)(\b(?:ssh|scp|rsync|sftp|ssh-copy-id)\b[^\n]{0,120}? )(?!git@)[A-Za-z_][\w.-]{0,31}@"
        rf"(?:{_NAME}|<ip>|<host>)",
        r"\1<user>@<host>",
    ),
    Rule(r"\w@[\w<]", r"(?<![\w.-])(?!root@|git@)[\w.-]{1,64}@(?=<ip>|<host>)", "<user>@"),
    Rule(
        rf"{_CALLED}\\?[\"']?[ \t]{{0,12}}[:= ][ \t]{{0,12}}\\?[\"']?[a-z0-9]",
        rf"(?i)(?<![A-Za-z.])(?:\w{{0,20}}_)?{_CALLED}"
        r"(?P<is>\\?[\"']?[ \t]{0,12}[:=][ \t]{0,12}|(?:(?<=addr)|(?<=endpoint)|(?<=--host))[ \t]{1,4})\\?[\"']?"
        rf"(?P<name>{_NAME})(?![\w(/.@-])",
        _named,
    ),
    Rule(
        r"resolv|getaddrinfo|connect to host",
        r"(?i)(?:\b(?:resolve|resolving|getaddrinfo)(?: (?:host|hostname|address|name))?[:(]?[ \t]?[\"'`\[]"
        r"|\bresolve (?:host|hostname)(?::[ \t]|[ \t])|\bconnect to host )"
        rf"(?P<name>{_NAME})(?=[\"'`\])]|[ \t]*$|[ \t]port\b|[:;])",
        _not_resolved,
    ),
    Rule(
        r"[\w-]:\d{1,8}:\d{1,8} \[\d+\]|\d:\d\d [\w.-]+ [\w.-]{1,32}(?:\[\d+\])?:|\d\dT[\d:.+-]{8,24}Z? [\w.-]+ "
        r"[\w.-]{1,32}(?:\[\d+\])?:|linux [\w.-]+ \d|srun: error| on [\w.-]+ cancelled",
        rf"(?m)^(?:(?P<nccl>{_NAME})(?=:\d{{1,8}}:\d{{1,8}} \[\d+\])"
        rf"|{_LOGGED}(?P<log>{_NAME})(?= [\w.-]{{1,32}}(?:\[\d+\])?:)"
        rf"|Linux (?!version\b)(?P<uname>{_NAME})(?= \d+\.\d+[.\d]*\S* ))"
        rf"|\bsrun: error: (?P<task>{_NAME})(?=: tasks?\b)|(?<= ON )(?P<step>{_NAME})(?= CANCELLED)",
        _of_line,
    ),
)
