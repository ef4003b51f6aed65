"""A report that is often asked about, and answers made by hand, the same whatever the knowledge base holds."""

from __future__ import annotations

from firstaid.assistant.diagnosis import Diagnosis, Evidence, FoundCase, Label, ReportFacts, Step, Timing

REPORT = """$ python serve.py
Traceback (most recent call last):
  File "/srv/serve.py", line 3, in <module>
    model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
KeyError: 'qwen3'
transformers==4.46.0
"""


def case(case_id: str = "old-transformers", score: float = 0.93, **changes: object) -> FoundCase:
    values: dict[str, object] = {
        "id": case_id,
        "title": "Transformers is too old for this `model_type`",
        "score": score,
        "symptom": "Loading Failure - Model Loading Error - Validation Failed",
        "root_cause": "Environment Compatibility Issues - Dependency Library Compatibility",
        "stage": ["Inference"],
        "confidence": "confirmed",
        "cause": "config.json names a model type that the installed transformers does not contain yet. " * 4,
        "fix": [
            Step("Upgrade transformers.", "pip install -U 'transformers>=4.51'", "python -c 'import transformers'",
                 "sh", "4.51 or later", "you can change the environment", "confirmed"),
            Step("Use `vllm`.", "vllm serve A\nvllm serve B", None, "sh", None, None, "reported"),
            *(Step(f"Another way, number {n}.", None, None, "sh", None, None, "confirmed") for n in range(3, 7)),
        ],
        "do_not": ["Do not edit model_type."],
        "why": ["line 12: KeyError: 'qwen3'", "transformers 4.36.2 is <4.51"],
        "evidence": [Evidence("package transformers <4.51", "confirmed", "transformers 4.36.2 is <4.51")],
        "sources": [f"https://github.com/owner/project/issues/{n}" for n in range(1, 6)],
        "see_also": [{"id": "other-case", "tell": "there the import itself fails"}],
    }  # fmt: skip
    return FoundCase(**(values | changes))  # type: ignore[arg-type]


def diagnosis(verdict: str = "match", cases: list[FoundCase] | None = None, **changes: object) -> Diagnosis:
    found = (
        [case(), case("weights-cut-short", 0.71, title="权重文件不完整"), case("unlikely", 0.2)]
        if cases is None
        else cases
    )
    label = found[0].symptom if found and verdict != "none" else None
    values: dict[str, object] = {
        "verdict": verdict,
        "symptom": Label(label, 0.9),
        "root_cause": Label(found[0].root_cause if label else None, 0.8),
        "stage": Label("Inference" if label else None, 1.0),
        "report": ReportFacts("KeyError", "'qwen3'", [(8, 12)], ["transformers"], {"transformers": "4.36.2"},
                              ["Qwen/Qwen3-8B"], ["A100"], []),
        "cases": found,
        "next": [] if verdict == "match" else ["Add the GPU and driver: nvidia-smi"],
        "timing_ms": Timing(1.0, 2.0, 3.0, 6.0),
        "id": "r1",
    }  # fmt: skip
    return Diagnosis(**(values | changes))  # type: ignore[arg-type]
