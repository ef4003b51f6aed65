"""Who it was: mail addresses, the names of users in paths and variables."""

from __future__ import annotations

from .rule import Rule

_NOBODY = r"(?!(?:<|root|linuxbrew|Shared|Public|Default|All Users)\b|<)"
_NAME = r"[^/\\\s:'\"<>|*?,;)\]}]{1,64}"
_WINDOWS_NAME = r"[^/\\\s:'\"<>|*?]{1,64}(?:(?: [^/\\\s:'\"<>|*?]{1,32}){1,2}(?=[\\/]))?"
_SEPARATOR = r"(?:\\{1,4}|/)"

PEOPLE = (
    Rule(
        r"[\w.+%-]@[\w-]+\.",
        r"(?<![\w.+%-])(?!git@)[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.[A-Za-z]{2,24}\b(?!\.\w)",
        "<address>",
    ),
    Rule(
        r"/(?:home\d{0,2}|users)/",
        r"((?:(?<![\w.~<>%/-])|(?<=://))(?:/(?:mnt|cygdrive))?(?:/[\w.-]{1,32}){0,4}?(?:/home\d{0,2}|/Users|/users)/)"
        rf"{_NOBODY}{_NAME}",
        r"\1<user>",
    ),
    Rule(
        r"%2fhome%2f|%2fusers%2f",
        r"(?i)(%2F(?:home|Users)%2F)(?!<)[^%\s&'\"]{1,64}",
        r"\1<user>",
    ),
    Rule(
        r":[\\/]{1,4}(?:users|documents and settings)[\\/]",
        rf"(?i)(\b[a-z]:{_SEPARATOR}(?:users|documents and settings){_SEPARATOR}){_NOBODY}{_WINDOWS_NAME}",
        r"\1<user>",
    ),
    Rule(
        r"\\home\\",
        rf"(?i)(\\{{1,4}}home\\{{1,4}}){_NOBODY}[^/\\\s:'\"<>|*?]{{1,64}}",
        r"\1<user>",
    ),
    Rule(
        r"(?:^|[\s\"'=(])\\\\[a-z][\w.-]{2}",
        r"(?m)(^|[\s\"'=(])(\\{2}|\\{4})(?!wsl)([A-Za-z][\w.-]{2,62})(?=\\{1,2}[A-Za-z][\w$ -]{1,60}(?:\\|[\s'\")]|$))",
        r"\1\2<host>",
    ),
    Rule(
        r"(?:^|[\s='\"(:])~[a-z_]",
        r"(?m)(^|[\s='\"(:])~(?!(?:s|sec|it|its|step|steps|tok|tokens?|min|h|hour|day|gpu|epoch)/(?=\s|$))[a-z_][\w.-]{1,31}(?=/[\w.])"
        r"(?!/(?:s|sec|step|it|token|min|h|hour|day|GPU|epoch)\b)",
        r"\1~<user>",
    ),
    Rule(
        r"\b\w{0,12}(?:USER|LOGNAME|USERNAME)=",
        r"\b((?:[A-Z]{1,12}_)?(?:USER|LOGNAME|USERNAME)=[\"']?)(?!(?:root|ubuntu|user|admin|runner|jovyan|None|none|null)\b)[A-Za-z_][\w.-]{1,63}",
        r"\1<user>",
    ),
)
