"""What is a secret by what stands before it: a name, a header, a flag, an address."""

from __future__ import annotations

import re

from .harmless import is_code, is_harmless, is_prose, is_sure, looks_random
from .rule import Rule

_NAME = (
    r"(?=[PpSsKkCcTtWw])(?P<name>pass(?:word|wd|phrase|code)|pwd|secret|key(?:[ _-]?id)?|credentials?|token"
    r"|sess(?:ion)?(?:[_-]?id)?|sessdata|sid|webhook_url)"
)
_NAME_SIGN = _NAME.partition(")")[2].replace("?P<name>", "?:")
_CLOSED = r"(?:[_-]?\d{1,2})?(?: provided)?(?: \[[^\]\n]{0,24}\])?[\"'\\\]]{0,6}"
_TYPED = r"(?:[ \t]{0,8}:[ \t]{0,8}(?:str|bytes|SecretStr|Optional\[str\]|str \| None)(?=[ \t]*=))?"
_IS = r"[ \t]{0,8}(?::=|=>|[:=])[ \t]{0,8}"
_VALUE = (
    r"(?:[fFbBrRuU]{0,2}(?P<quote>\\{0,3}[\"'])(?P<quoted>[^\n\"'\\]{1,400})(?P=quote)"
    r"|(?:\\{0,3}[\"'])?(?P<bare>[^\s'\",;&\\]{3,}(?<![)\]}.:])))"
)
_BACK = 24
"""Characters in front of a name that say of what it is."""


def _judged(match: re.Match[str]) -> str:
    """The name with its value taken out, or all as it stands where that is no secret."""
    return match[0] if _stays(match) else _taken_out(match, "bare" if match["quoted"] is None else "quoted")


def _stays(match: re.Match[str]) -> bool:
    value = match["quoted"] or match["bare"]
    if is_harmless(value):
        return True
    start, end = match.start("name"), match.end()
    before, after = match.string[max(0, start - _BACK) : start], match.string[end : end + _BACK]
    if not is_sure(before, match["name"]) and not looks_random(before, match["name"], value):
        return True
    return match["quoted"] is None and (is_code(value, after) or is_prose(match["is"], value, after))


def _taken_out(match: re.Match[str], group: str) -> str:
    start, end = (place - match.start() for place in match.span(group))
    return f"{match[0][:start]}<secret>{match[0][end:]}"


_AUTHORIZATION = r"authorization[\"'\\\]]{0,6}[ \t]{0,8}[:=]"
_SCHEME = r"(?:bearer|basic|token|digest|negotiate|apikey|api-key|ntlm|bot)"
_QUERY = (
    r"(?:x-(?:amz|goog)-(?:signature|credential|security-token)|sig|signature|policy|key-pair-id|awsaccesskeyid"
    r"|googleaccessid|[\w.-]{0,24}token|auth|[\w-]{0,24}key|password|passwd|pass|pwd|[\w-]{0,24}secret|session\w{0,8}"
    r"|sid|jwt|ticket)(?:=|%3d)"
)

ASSIGNED = (
    Rule(
        _AUTHORIZATION,
        rf"(?i)\b({_AUTHORIZATION}[ \t]{{0,8}}[\"'\\]{{0,4}}{_SCHEME}[ \t]{{1,8}})(?!<)[^\s'\",\\]+",
        r"\1<token>",
    ),
    Rule(
        _AUTHORIZATION,
        rf"(?i)\b({_AUTHORIZATION}[ \t]{{0,8}}[\"'\\]{{0,4}})(?!<|{_SCHEME}\b)"
        r"(?=[^\s'\",\\]{0,80}[0-9])[^\s'\",\\]{8,}",
        r"\1<token>",
    ),
    Rule(
        r"\b(?:bearer|basic)[ \t]+[\w.~+/=-]{8}",
        r"(?i)\b((?:bearer|basic)[ \t]{1,8})(?=[\w.~+/=-]{0,80}[\d=])[\w.~+/=-]{8,}",
        r"\1<token>",
    ),
    Rule(
        r"cookie\\?[\"']?[ \t]{0,8}[:=]",
        r"(?i)\b((?:set-)?cookie\\?[\"']?[ \t]{0,8}[:=](?>[ \t]{0,8}\\?[\"']?))(?!<)(?=[^\n;]{0,80}=)[^\n\"']+",
        r"\1<cookie>",
    ),
    Rule(
        r"://[^\s/]{1,300}@",
        r"(?<=://)(?!git@|<)[^\s/'\"<>?#@]{0,300}(?:@[^\s/'\"<>?#@]{0,100})?@",
        "<user>@",
    ),
    Rule(rf"[?&](?:amp;)?{_QUERY}", rf"(?i)([?&](?:amp;)?{_QUERY})(?!<)[^\s&#'\"<>()\\,\]]{{8,}}", r"\1<secret>"),
    Rule(
        r"machine\s{1,8}\S{1,200}\s{1,8}login\s",
        r"(?i)(\bmachine\s{1,8}\S{1,200}\s{1,8}login\s{1,8})(?!<)\S{1,200}(\s{1,8}password\s{1,8})(?!<)\S+",
        r"\1<user>\2<secret>",
    ),
    Rule(
        r"(?:^|\s)login[ \t]+\S{1,200}\s{1,8}password[ \t]",
        r"(?im)^([ \t]{0,8}(?:default[ \t]{1,8})?login[ \t]{1,8})(?!<)\S{1,200}(\s{1,8}password[ \t]{1,8})(?!<)\S+",
        r"\1<user>\2<secret>",
    ),
    Rule(rf"{_NAME_SIGN}{_CLOSED}[ \t]{{0,8}}[:=]", rf"(?i){_NAME}{_CLOSED}{_TYPED}(?P<is>{_IS}){_VALUE}", _judged),
    Rule(
        rf"--[\w-]{{0,40}}{_NAME_SIGN}[ \t]",
        rf"(?i)(?<![\w-])--[\w-]{{0,40}}?{_NAME}(?P<is>[ \t]{{1,8}}){_VALUE}",
        _judged,
    ),
    Rule(
        r"(?:curl|sshpass|mysql(?:dump)?|redis-cli|docker|podman|twine|wget)\b[^\n]{0,240} -",
        r"(?i)(\b(?:curl\b[^\n]{0,200}? (?:-u|--user|--proxy-user)|sshpass -p|mysql(?:dump)?\b[^\n]{0,200}? -p(?=\S)"
        r"|redis-cli\b[^\n]{0,200}? -a|(?:docker|podman|twine)\b[^\n]{0,60} (?:login|upload)\b[^\n]{0,200}? -p)"
        r"[ =]{0,4}[\"']?)(?![<$\"'])[^\s'\"]{3,}",
        r"\1<secret>",
    ),
)
