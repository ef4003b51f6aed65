"""What labelled failures have in common: which causes stand behind which symptoms, by stage and by model series."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .labelled import Labelled
from .taxonomy import top_level

INFRASTRUCTURE = (
    "Environment Compatibility Issues",
    "Distributed and Parallel Computing Issues",
    "Hardware and Resource Limitations",
)
"""The causes that lie in the deployment stack rather than in model, data or use."""
TOKENIZER = "Tokenizer and Text Processing Issues"
CONFIGURATION = "Configuration and Parameter Setting Errors"
ENVIRONMENT = "Environment Compatibility Issues"
WRONG_OUTPUT = "Incorrect Functionality"
CRASH = "Crash"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    what: str
    count: int
    of: int

    @property
    def share(self) -> float:
        """count / of, 0 to 1; 0 of nothing is 0."""
        return self.count / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement about the failures, whether they bear it out, and the numbers it rests on."""

    claim: str
    holds: bool
    numbers: list[Share]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts over labelled failures."""

    failures: int
    cells: dict[str, dict[str, int]]
    """Symptom -> top-level root cause -> failures."""
    causes: list[str]
    """The top-level root causes, the most frequent first."""
    stages: dict[str, dict[str, int]]
    """Stage -> top-level root cause -> failures."""
    series: dict[str, dict[str, int]]
    """Model series -> top-level root cause -> failures."""
    leading: dict[str, list[tuple[str, int]]]
    """Symptom -> its most frequent root causes in full, at most three."""
    findings: list[Finding]


def count(rows: Sequence[Labelled]) -> Stats:
    """The statistics of labelled failures; a thread that stands in two cases counts once in each."""
    causes = Counter(top_level(row.root_cause) for row in rows)
    in_full: dict[str, Counter[str]] = {}
    for row in rows:
        in_full.setdefault(row.symptom, Counter())[row.root_cause] += 1
    return Stats(
        failures=len(rows),
        cells=_cross(rows, lambda row: row.symptom),
        causes=[name for name, _ in causes.most_common()],
        stages=_cross(rows, lambda row: row.stage),
        series=_cross(rows, lambda row: row.series),
        leading={symptom: found.most_common(3) for symptom, found in sorted(in_full.items())},
        findings=[_crash_and_output(rows), _same_across_series(rows), _stage_and_cause(rows)],
    )


def priors(rows: Sequence[Labelled], smoothing: float = 1.0) -> dict[tuple[str, str], dict[str, float]]:
    """P(top-level root cause | top-level symptom, stage), by counting with additive smoothing over the causes seen."""
    causes = sorted({top_level(row.root_cause) for row in rows})
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        if row.stage:
            counts.setdefault((top_level(row.symptom), row.stage), Counter())[top_level(row.root_cause)] += 1
    return {
        given: {
            cause: (found[cause] + smoothing) / (found.total() + smoothing * len(causes)) for cause in causes
        }
        for given, found in counts.items()
    }  # fmt: skip


def _cross(rows: Sequence[Labelled], key: Callable[[Labelled], str | None]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for row in rows:
        if name := key(row):
            found.setdefault(name, Counter())[top_level(row.root_cause)] += 1
    return {name: dict(found[name]) for name in sorted(found)}


def _part(rows: Sequence[Labelled], what: str, where: Callable[[Labelled], bool], causes: Sequence[str]) -> Share:
    chosen = [row for row in rows if where(row)]
    return Share(what, sum(top_level(row.root_cause) in causes for row in chosen), len(chosen))


def _crash_and_output(rows: Sequence[Labelled]) -> Finding:
    infra_crash = _part(rows, "infrastructure behind crashes", _symptom_is(CRASH), INFRASTRUCTURE)
    infra_output = _part(rows, "infrastructure behind wrong output", _symptom_is(WRONG_OUTPUT), INFRASTRUCTURE)
    token_output = _part(rows, "tokenizer behind wrong output", _symptom_is(WRONG_OUTPUT), (TOKENIZER,))
    token_crash = _part(rows, "tokenizer behind crashes", _symptom_is(CRASH), (TOKENIZER,))
    return Finding(
        "A crash points to infrastructure, wrong output to the tokenizer",
        infra_crash.share > infra_output.share and token_output.share > token_crash.share,
        [infra_crash, infra_output, token_output, token_crash],
    )


def _symptom_is(top: str) -> Callable[[Labelled], bool]:
    return lambda row: top_level(row.symptom) == top


_ALIKE = 0.8
"""Cosine from which two distributions of causes are called the same."""
_ENOUGH = 50
"""Failures a series must have to be judged."""


def _same_across_series(rows: Sequence[Labelled]) -> Finding:
    """The causes of each series beside those of all others, as the cosine of their counts."""
    series = Counter(row.series for row in rows if row.series)
    series = Counter({name: size for name, size in series.items() if size >= _ENOUGH})
    named = [row for row in rows if row.series]
    numbers: list[Share] = []
    cosines: list[float] = []
    for name, size in series.most_common(5):
        own = Counter(top_level(row.root_cause) for row in named if row.series == name)
        others = Counter(top_level(row.root_cause) for row in named if row.series != name)
        cosines.append(_cosine(own, others))
        cause, most = own.most_common(1)[0]
        numbers.append(Share(f"{name}: {cause}, its first cause", most, size))
    listed = ", ".join(f"{name} {cosine:.2f}" for (name, _), cosine in zip(series.most_common(5), cosines, strict=True))
    return Finding(
        "The causes are the same across model series",
        len(cosines) > 1 and min(cosines) >= _ALIKE,
        numbers,
        f"cosine of its causes to those of all others: {listed}" if listed else f"no series has {_ENOUGH} failures",
    )


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    dot = sum(one[name] * other[name] for name in one)
    size = math.hypot(*one.values()) * math.hypot(*other.values())
    return dot / size if size else 0.0


def _stage_and_cause(rows: Sequence[Labelled]) -> Finding:
    stages = ("Fine-tuning", "Inference")
    numbers = [
        _part(rows, f"{name} behind {stage}", lambda row, stage=stage: row.stage == stage, (cause,))
        for name, cause in (("configuration", CONFIGURATION), ("environment", ENVIRONMENT))
        for stage in stages
    ]
    tuning_config, inference_config, tuning_env, inference_env = (number.share for number in numbers)
    return Finding(
        "Fine-tuning fails on configuration, inference on the environment",
        tuning_config > inference_config and inference_env > tuning_env,
        numbers,
    )
