"""Golden files of every form of an answer.

After a wanted change: FIRSTAID_UPDATE_GOLDEN=1 pytest tests/assistant/test_render.py, then read the diff.
"""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from answers import case, diagnosis
from rich.cells import cell_len

from firstaid.assistant.diagnosis import Diagnosis, Evidence, ReportFacts, Step, Whereabouts
from firstaid.assistant.render import Screen, render
from firstaid.assistant.render.html import to_html
from firstaid.assistant.render.markdown import to_markdown
from firstaid.assistant.render.text import to_text
from firstaid.assistant.render.words import shortened

GOLDEN = Path(__file__).parents[1] / "golden"


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


WHOLE: tuple[Callable[[Diagnosis], str], ...] = (
    lambda made: to_text(made, Screen(width=300, verbose=True)),
    to_markdown,
    to_html,
)


@pytest.mark.parametrize("form", WHOLE)
def test_what_is_known_of_steps_and_environment_is_told(form: Callable[[Diagnosis], str]) -> None:
    known = Evidence("Windows", "contradicted", "this machine: linux", "machine")
    steps = [
        Step("Upgrade.", "pip install x", None, "sh", None, None, "confirmed", already="x 2 in venv"),
        Step("Turn it off.", None, None, "sh", None, "Windows", "confirmed", condition=known),
        Step("Turn it on.", None, None, "sh", None, "Linux", "confirmed", condition=replace(known, status="confirmed")),
    ]
    here = Whereabouts("venv", "report", here=True)
    shown = html.unescape(form(diagnosis(cases=[case(fix=steps)], environment=here))).replace("\\", "")
    assert "Upgrade. [already so: x 2 in venv]" in shown
    assert "Turn it off. (when: Windows; not here: this machine: linux)" in shown
    assert "Turn it on. (when: Linux; it is: this machine: linux)" in shown
    assert re.search(r"looked at:? +venv \(named in the report\)", shown)


@pytest.mark.parametrize("form", WHOLE)
def test_a_report_from_elsewhere_is_said_to_be(form: Callable[[Diagnosis], str]) -> None:
    there = Whereabouts("/opt/env", "report", here=False)
    assert "only the report: /opt/env is not on this machine" in form(diagnosis(environment=there))


def test_an_active_environment_is_only_named_where_it_tells_something() -> None:
    active = Whereabouts("venv", "active", here=True)
    silent = diagnosis(cases=[case(evidence=[])], environment=active)
    asked = Evidence("package x <1", "unknown", "x 2 in venv is neither known to fail nor known to work", "machine")
    telling = diagnosis(cases=[case(evidence=[asked])], environment=active)
    assert "looked at" not in to_text(silent, Screen())
    assert "looked at venv (the active environment)" in to_text(telling, Screen())


def test_a_very_weak_answer_says_so() -> None:
    assert to_text(diagnosis("possible", [case(score=0.05)]), Screen()).startswith(
        "Nothing known fits well; the nearest"
    )
    assert to_text(diagnosis("possible", [case(score=0.3)]), Screen()).startswith("This may be a known failure")
