"""Facts of a machine as Markdown, for an issue."""

from __future__ import annotations

from ..machine.fact import FactGroup
from ..safe import one_line


def facts_to_markdown(groups: list[FactGroup]) -> str:
    """A list for each group; the values stand as code, so that nothing in them is markup."""
    parts = [
        f"### {group.title}\n\n" + "".join(_line(fact.name, fact.shown) for fact in group.facts) for group in groups
    ]
    return "\n".join(parts)


def _line(name: str, value: str) -> str:
    quoted = one_line(value).replace("`", "'")
    return f"- {one_line(name)}: `{quoted}`\n"
