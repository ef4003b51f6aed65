"""Lines that name an exception, and the lines that belong to its message."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from .frames import is_frame

if TYPE_CHECKING:
    from .clean import CleanLine

_NAMED = (
    r"(?:Error|Exception|Interrupt|Timeout|Exit|Fault|NotFound|Iteration|Expired|Refused|Reset|Unsupported|Abort"
    r"|OutOfResources|RepositoryNotFound|Failed|Failure|RemoteTraceback|ExceptionGroup|RayTaskError\(\w{1,60}\)"
    r"|RayActorError|HTTPStatus\w{0,20}|BrokenPipe|ProcessExitedException|Died)"
)
_RAISED = (
    rf"(?P<name>(?:[A-Za-z_][\w<>]{{0,80}}\.){{0,8}}_?[A-Z]\w{{0,80}}?{_NAMED}|Exception|(?:Base)?ExceptionGroup"
    r"|queue\.(?:Empty|Full)|zmq\.error\.Again)(?:: ?(?P<message>.*)|\s*$)"
)
_ANY = r"(?P<name>(?:[A-Za-z_]\w{0,80}\.){0,8}[A-Za-z_]\w{0,80})(?:: (?P<message>.*)|:?$)"
HEADER = "Traceback (most recent call last)"
CAUSE = "The above exception was the direct cause of the following exception"
CONTEXT = "During handling of the above exception, another exception occurred"
_FOLLOWS = (
    "CUDA kernel errors might",
    "For debugging consider",
    "Compile with `TORCH_USE_CUDA_DSA`",
    "Device-side assert",
)
_BORDER = re.compile(
    r"```|\"\"\"|#|\(base\)|[\w.@~/-]{1,80}[$#%>] |wandb:|\d+%|\[?[IWE]\d{4} |\s*[-=*_+]{4,}|<|\s*\[end of output\]"
    r"|PS [A-Z]:\\|Process [\w-]{1,60}:$"
)
_PRINTED = re.compile(
    r"(?:Error|Exception|Uncaught exception|ERROR|error|Unhandled exception): (?=[A-Za-z_.]{3,120}: )"
)
MESSAGE_LINES, FREE_LINES = 30, 12
"""Lines a message may have: indented, or known to belong to it; and not indented."""


def read_message(lines: list[CleanLine], index: int, first: str) -> tuple[str, int]:
    """The message with the lines that belong to it, and the index of the last of them."""
    parts, free, open_ended = [first], 0, not first or first.endswith((":", ".", ",", "("))
    own = lines[index]
    last = index
    for at in range(index + 1, min(len(lines), index + 1 + MESSAGE_LINES)):
        line = lines[at]
        text = line.text
        if _ends_message(text) or line.level != own.level:
            break
        if not text.startswith((" ", "\t", *_FOLLOWS)):
            free += 1
            indented = len(parts) > free  # what follows an indented list is not part of it
            if not open_ended or indented or free > FREE_LINES:
                break
        parts.append(text)
        last = at
    return "\n".join(parts).strip("\n"), last


def _ends_message(text: str) -> bool:
    return not text.strip() or HEADER in text or is_frame(text) or bool(_BORDER.match(text)) or bool(raised(text))


def raised(text: str) -> re.Match[str] | None:
    """A line that begins with the name of an exception."""
    if (lead := _PRINTED.match(text)) is not None:
        text = text[lead.end() :]
    if not text or not (text[0].isalpha() or text[0] == "_"):
        return None
    return _raised_pattern().match(text)


@cache
def _raised_pattern() -> re.Pattern[str]:
    return re.compile(_RAISED)


@cache
def any_name() -> re.Pattern[str]:
    """Whatever can be a name, for the line right after the frames."""
    return re.compile(_ANY)
