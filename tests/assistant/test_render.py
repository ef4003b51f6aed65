"""Golden files of every form of an answer.

After a wanted change: FIRSTAID_UPDATE_GOLDEN=1 pytest tests/assistant/test_render.py, then read the diff.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from firstaid.assistant.diagnosis import Diagnosis, Evidence, FoundCase, Label, ReportFacts, Step, Timing
from firstaid.assistant.render import Screen, render
from firstaid.assistant.render.words import shortened

GOLDEN = Path(__file__).parents[1] / "golden"


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


SAMPLES = {
    "match": diagnosis(),
    "possible": diagnosis("possible"),
    "none": diagnosis("none"),
    "empty": diagnosis("none", []),
}
FORMS = {
    "text": ("text", Screen()),
    "verbose": ("text", Screen(verbose=True)),
    "narrow": ("text", Screen(width=60, height=24)),
    "colour": ("text", Screen(width=80, height=24, colour=True)),
    "md": ("md", Screen()),
    "json": ("json", Screen()),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", SAMPLES)
def test_golden(name: str, form: str) -> None:
    path = GOLDEN / f"{name}.{form}"
    text = render(SAMPLES[name], *FORMS[form])
    if os.environ.get("FIRSTAID_UPDATE_GOLDEN"):
        path.write_bytes(text.encode())
    expected = path.read_bytes().decode()
    assert "\r" not in expected
    assert text == expected


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("width", [40, 80, 120])
def test_one_screen(name: str, width: int) -> None:
    text = render(SAMPLES[name], "text", Screen(width=width, height=24))
    commands = ("pip install", "vllm", "python -c", "https://", "check:")
    for line in text.splitlines():
        assert cell_len(line) <= width or any(word in line for word in commands), line
    if width >= 80:
        assert text.count("\n") <= 24


def test_commands_are_never_broken() -> None:
    long = "pip install " + " ".join(f"package-{n}" for n in range(40))
    found = case(fix=[Step("Install.", long, None, "sh", None, None, "confirmed")])
    for form in ("text", "md"):
        assert long in render(diagnosis(cases=[found]), form, Screen(width=60))


HOSTILE = "\x1b[31mred\x1b]0;owned\x07\x9b2J\u202egnp\r\x00"


@pytest.mark.parametrize("form", ["text", "md", "json"])
def test_no_escape_reaches_the_terminal(form: str) -> None:
    hostile = case(
        title=HOSTILE, cause=HOSTILE, do_not=[HOSTILE], why=[HOSTILE], sources=[HOSTILE],
        fix=[Step(HOSTILE, HOSTILE, HOSTILE, "sh", HOSTILE, HOSTILE, "confirmed")],
        evidence=[Evidence(HOSTILE, "confirmed", HOSTILE)], see_also=[{"id": HOSTILE, "tell": HOSTILE}],
    )  # fmt: skip
    facts = ReportFacts(HOSTILE, HOSTILE, [], [], {HOSTILE: HOSTILE}, [HOSTILE], [], [HOSTILE])
    for verdict in ("match", "possible", "none"):
        made = diagnosis(verdict, [hostile, hostile], report=facts, next=[HOSTILE])
        text = render(made, form, Screen(verbose=True))
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
        assert "\u202e" not in text


def test_markup_in_a_report_stays_text() -> None:
    text = render(diagnosis(cases=[case(why=["[bold]x[/bold] :smile:"])]), "text", Screen(colour=False))
    assert "[bold]x[/bold] :smile:" in text
    markdown = render(diagnosis(cases=[case(why=["<script> [a](http://b) `x` **y**"])]), "md", Screen())
    assert "\\<script\\> \\[a\\](http://b) \\`x\\` \\*\\*y\\*\\*" in markdown


def test_a_fence_in_a_command_does_not_end_the_block() -> None:
    found = case(fix=[Step("Do.", "echo '```'\nls", None, "sh", None, None, "confirmed")])
    assert "   ````sh\n   echo '```'\n   ls\n   ````" in render(diagnosis(cases=[found]), "md", Screen())


def test_json_round_trips_and_survives_lone_surrogates() -> None:
    facts = ReportFacts("E", "half \ud83d of a pair", [(1, 2)], [], {}, [], [], [])
    text = render(diagnosis(report=facts), "json", Screen())
    text.encode()
    assert json.loads(text)["report"]["message"] == "half \ud83d of a pair"
    assert list(json.loads(text))[:2] == ["schema", "id"]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("One. Two.", "One. Two."),
        ("The first sentence. The second one is longer.", "The first sentence. …"),
        ("x" * 60, "x" * 29 + "…"),
        ("第一句话说明原因在哪里。第二句话继续说明更多的细节和内容以及更多更多。", "第一句话说明原因在哪里。 …"),
    ],
)
def test_shortened(text: str, short: str) -> None:
    assert shortened(text, 30) == short
