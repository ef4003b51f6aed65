"""What the routes answer, beside the Diagnosis and the Case, which are the core's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field

from ...index.store import CaseFacts
from ...kb import Case, load_taxonomy, load_vocabulary
from ...kb.taxonomy import within

_LABEL = 'A label, or its beginning: "Crash - CUDA Error".'


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case in a list; /v1/cases/{id} has all of it."""

    id: str
    title: str
    symptom: str
    root_cause: str
    stage: list[str]
    stack: list[str]
    confidence: str
    cause: str

    @classmethod
    def of(cls, case: Case) -> CaseSummary:
        """The case in short."""
        stage, stack = list(case.stage), list(case.stack)
        return cls(
            case.id, case.title, case.symptom, case.root_cause, stage, stack, case.confidence, case.cause
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A case found, and how probably it is the one, 0 to 1."""

    score: float
    case: CaseSummary


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The cases nearest to a question, best first."""

    hits: list[SearchHit]


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some of the cases that fit, by id."""

    total: int
    """All that fit."""
    limit: int
    offset: int
    cases: list[CaseSummary]


class CaseQuery(BaseModel):
    """Which cases to list."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    symptom: Annotated[str | None, Field(description=_LABEL)] = None
    root_cause: Annotated[str | None, Field(description=_LABEL)] = None
    stack: Annotated[str | None, Field(description="A program or library: vllm.")] = None
    stage: Annotated[str | None, Field(description="Inference or Fine-tuning.")] = None

    def fits(self, facts: CaseFacts) -> bool:
        """Whether a case has all that is asked for."""
        return (
            within(facts.symptom, self.symptom or "")
            and within(facts.root_cause, self.root_cause or "")
            and (self.stack is None or self.stack.lower() in facts.stack)
            and (self.stage is None or self.stage in facts.stage)
        )


@dataclass(frozen=True, slots=True)
class TaxonomyAnswer:
    """The closed lists: labels with their meaning; programs and model families with their names."""

    symptom: Mapping[str, str]
    root_cause: Mapping[str, str]
    stage: Mapping[str, str]
    stack: Mapping[str, str]
    models: Mapping[str, str]
    platform: list[str]

    @classmethod
    def shipped(cls) -> TaxonomyAnswer:
        """The lists of this release."""
        labels, names = load_taxonomy(), load_vocabulary()
        return cls(
            symptom=labels.symptom,
            root_cause=labels.root_cause,
            stage=labels.stage,
            stack={name: names.titles[name] for name in names.stack},
            models={name: names.titles[name] for name in names.model},
            platform=sorted(names.platform),
        )


@dataclass(frozen=True, slots=True)
class Health:
    """The server answers."""

    status: str
    version: str
