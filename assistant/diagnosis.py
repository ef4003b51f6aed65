"""The diagnosis: what every door returns. These dataclasses are the JSON of schema "firstaid.diagnosis/1"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

SCHEMA = "firstaid.diagnosis/1"

Status = Literal["confirmed", "contradicted", "unknown"]
Origin = Literal["report", "machine"]
FoundBy = Literal["option", "run", "report", "active"]


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the taxonomy with its share of the vote, 0 to 1; no label where nothing is known."""

    label: str | None
    score: float


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What was understood of the report."""

    error: str | None
    message: str | None
    lines: list[tuple[int, int]]
    """The user's lines that count, first and last of each stretch, 1-based."""
    stack: list[str]
    versions: dict[str, str]
    models: list[str]
    gpus: list[str]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One machine-checkable condition of a case, and what is known of it."""

    check: str
    status: Status
    detail: str
    source: Origin | None = None
    """Where what is known comes from; None where nothing is known."""


@dataclass(frozen=True, slots=True)
class Step:
    """One fix step; the commands are shown, never run."""

    do: str
    run: str | None
    verify: str | None
    shell: str
    expect: str | None
    when: str | None
    confidence: str
    already: str | None = None
    """What of it is so in the environment now, as a sentence."""
    condition: Evidence | None = None
    """What is known of `when`: confirmed, it holds here; contradicted, it does not."""


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case as an answer to this report."""

    id: str
    title: str
    score: float
    symptom: str
    root_cause: str
    stage: list[str]
    confidence: str
    cause: str
    fix: list[Step]
    do_not: list[str]
    why: list[str]
    evidence: list[Evidence]
    sources: list[str]
    see_also: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The Python environment that evidence was read from, or could not be."""

    path: str
    """Its folder, or as the report names it where that is not on this machine."""
    found_by: FoundBy
    """The user named it, `firstaid run` saw it, the report's paths lead to it, or it is the active one."""
    here: bool
    """Whether it is on this machine; elsewhere nothing of this machine is taken for evidence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the local LLM made of it."""

    text: str
    model: str
    cites: list[str]
    grounded: bool


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds by stage."""

    parse: float
    search: float
    rank: float
    total: float
    llm: float | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything firstaid has to say to one report."""

    verdict: Literal["match", "possible", "none"]
    symptom: Label
    root_cause: Label
    stage: Label
    report: ReportFacts
    cases: list[FoundCase]
    """Best first, at most five unless more were asked for."""
    next: list[str]
    timing_ms: Timing
    id: str | int | float | None = None
    """Whatever name or number the caller gave the report."""
    answer: Answer | None = None
    environment: Whereabouts | None = None
    """None where evidence was sought in the report alone."""
    schema: str = field(default=SCHEMA)

    def to_dict(self) -> dict[str, Any]:
        """The diagnosis as plain lists, dicts and numbers, ready for JSON, `schema` and `id` first."""
        data = asdict(self)
        return {"schema": data.pop("schema"), "id": data.pop("id"), **data}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Diagnosis:
        """The diagnosis that became such data."""
        labels = {name: Label(**data[name]) for name in ("symptom", "root_cause", "stage")}
        report = ReportFacts(**{**data["report"], "lines": [(first, last) for first, last in data["report"]["lines"]]})
        answer = Answer(**data["answer"]) if data["answer"] else None
        cases, timing = [_found(case) for case in data["cases"]], Timing(**data["timing_ms"])
        place = Whereabouts(**data["environment"]) if data.get("environment") else None
        parts = {"report": report, "cases": cases, "timing_ms": timing, "answer": answer, "environment": place}
        return cls(**{**data, **labels, **parts})


def _found(data: Mapping[str, Any]) -> FoundCase:
    steps, evidence = [_step(step) for step in data["fix"]], [Evidence(**one) for one in data["evidence"]]
    return FoundCase(**{**data, "fix": steps, "evidence": evidence})


def _step(data: Mapping[str, Any]) -> Step:
    condition = Evidence(**data["condition"]) if data.get("condition") else None
    return Step(**{**data, "condition": condition})
