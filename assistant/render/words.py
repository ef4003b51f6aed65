"""Words that the text and the Markdown forms share."""

from __future__ import annotations

from ..diagnosis import Diagnosis, Evidence, FoundCase, Step

VERDICTS = {
    "match": "This is a known failure",
    "possible": "This may be a known failure",
    "none": "Not known",
}
CONFIDENCE = {
    "confirmed": "confirmed by a maintainer or several users",
    "reported": "reported by one user",
    "derived": "derived from documentation or code",
}


OTHERS = {"match": "Less likely", "possible": "Or", "none": "Nearest, though unlikely"}
_NEAREST = "Nothing known fits well; the nearest is"
_WEAK = 0.1
"""Nine of ten answers with such a score are wrong."""
_WORTH_TELLING = 0.5
"""Beside a sure answer only cases are named that fit at least half as well."""


def others(diagnosis: Diagnosis) -> list[FoundCase]:
    """The cases to name beside the answer."""
    if diagnosis.verdict == "none":
        return diagnosis.cases
    least = _WORTH_TELLING * diagnosis.cases[0].score if diagnosis.verdict == "match" else 0.0
    return [case for case in diagnosis.cases[1:] if case.score >= least]


def headline(diagnosis: Diagnosis) -> str:
    """The verdict in a few words."""
    weak = diagnosis.verdict == "possible" and diagnosis.cases and diagnosis.cases[0].score < _WEAK
    return _NEAREST if weak else VERDICTS[diagnosis.verdict]


def arrows(label: str | None) -> str:
    """A label as people read it: "Crash › CUDA Error › Out of Memory"."""
    return (label or "not known").replace(" - ", " › ")


def sureness(case: FoundCase) -> str:
    """How sure the case itself is."""
    return CONFIDENCE[case.confidence]


def condition(step: Step) -> str:
    """When a step applies, and what is known of that here, as the end of its sentence."""
    when = f" (when: {step.when}{_known(step.condition)})" if step.when else ""
    return f"{when} [already so: {step.already}]" if step.already else when


def _known(condition: Evidence | None) -> str:
    if condition is None:
        return ""
    return f"; it is: {condition.detail}" if condition.status == "confirmed" else f"; not here: {condition.detail}"


_FOUND_BY = {
    "option": "the one that was named",
    "run": "it ran there",
    "report": "named in the report",
    "active": "the active environment",
}


def looked_at(diagnosis: Diagnosis) -> str | None:
    """Which environment was asked beside the report; None where that tells nothing about this answer."""
    where = diagnosis.environment
    if where is None:
        return None
    if not where.here:
        return f"only the report: {where.path} is not on this machine"
    asked = any(found.source == "machine" for case in diagnosis.cases[:1] for found in case.evidence)
    return f"{where.path} ({_FOUND_BY[where.found_by]})" if asked or where.found_by != "active" else None


def shortened(text: str, most: int) -> str:
    """As many whole sentences as fit `most` characters, at least the first."""
    if len(text) <= most:
        return text
    end = max(text.rfind(mark, 0, most) for mark in (". ", "; ", "。"))
    return text[: end + 1] + " …" if end > most // 3 else text[: most - 1] + "…"
