"""Words that the text and the Markdown forms share."""

from __future__ import annotations

from ..diagnosis import Diagnosis, FoundCase, Step

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
    return VERDICTS[diagnosis.verdict]


def arrows(label: str | None) -> str:
    """A label as people read it: "Crash › CUDA Error › Out of Memory"."""
    return (label or "not known").replace(" - ", " › ")


def sureness(case: FoundCase) -> str:
    """How sure the case itself is."""
    return CONFIDENCE[case.confidence]


def condition(step: Step) -> str:
    """When a step applies, as the end of its sentence."""
    return f" (when: {step.when})" if step.when else ""


def shortened(text: str, most: int) -> str:
    """As many whole sentences as fit `most` characters, at least the first."""
    if len(text) <= most:
        return text
    end = max(text.rfind(mark, 0, most) for mark in (". ", "; ", "。"))
    return text[: end + 1] + " …" if end > most // 3 else text[: most - 1] + "…"
