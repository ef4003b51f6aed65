"""What somebody should know who is about to post a bug report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from .template import Template

_TAKEN_OUT = {
    "token": "token",
    "secret": "secret",
    "private key": "private key",
    "cookie": "cookie",
    "user": "user name",
    "address": "mail address",
    "ip": "network address",
    "mac": "hardware address",
    "host": "host name",
}
_PLACEHOLDER = re.compile(rf"<({'|'.join(_TAKEN_OUT)})>")
_LEFT = re.compile(r"^_(?:Please |请).*_$", re.MULTILINE)
_BOX = re.compile(r"^- \[ \] ", re.MULTILINE)


def posting_note(text: str, template: Template, *, title: str | None, chosen: bool) -> str:
    """What to do before it is posted, where that is, what was taken out, and what is left to write.

    Args:
        text: the report as it was written.
        template: that of its tracker.
        title: the error in a line, where there is one.
        chosen: whether the user named the tracker.
    """
    return "\n".join(_lines(text, template, title, chosen))


def _lines(text: str, template: Template, title: str | None, chosen: bool) -> Iterator[str]:
    yield "read it before you post it: a secret in a form that is not known stays in"
    how = "" if chosen else ", as the error tells; --for NAME takes another"
    yield f"  laid out for   {template.repo or 'no tracker in particular'}{how}"
    if template.page:
        yield f"  post it at     {template.page}"
    if title:
        yield f"  title          {template.title}{title}"
    yield f"  taken out      {taken_out(text)}"
    places, boxes = len(_LEFT.findall(text)), len(_BOX.findall(text))
    yield f"  left to you    {_counted(places, 'place')} in _italics_, {_counted(boxes, 'box')} to tick"


def taken_out(text: str) -> str:
    """How many secrets of which kind were taken out of a text, as the words in their place tell."""
    found = Counter(_TAKEN_OUT[kind] for kind in _PLACEHOLDER.findall(text))
    return ", ".join(_counted(count, kind) for kind, count in found.most_common()) or "nothing"


def _counted(count: int, what: str) -> str:
    plural = f"{what}es" if what.endswith(("s", "x")) else f"{what}s"
    return f"{count} {what if count == 1 else plural}"
