"""The HTML of an answer: golden files, and nothing of a report or a case in it that is markup.

After a wanted change: FIRSTAID_UPDATE_GOLDEN=1 pytest tests/assistant/test_html.py, then read the diff.
"""

from __future__ import annotations

import os
from html.parser import HTMLParser
from pathlib import Path

import pytest
from answers import case, diagnosis

from firstaid.assistant.diagnosis import Answer, Diagnosis, Evidence, ReportFacts, Step
from firstaid.assistant.render.html import to_html

GOLDEN = Path(__file__).parents[1] / "golden"
SAMPLES = {
    "match": diagnosis(answer=Answer("Because of `A & B`.\n1. Upgrade.", "a-model", ["old-transformers"], True)),
    "possible": diagnosis("possible"),
    "none": diagnosis("none"),
    "empty": diagnosis("none", []),
}
ALLOWED = {"div", "p", "strong", "ul", "ol", "li", "pre", "code", "details", "summary", "a", "br"}
HOSTILE = "</pre></div><script>alert(1)</script><img src=x onerror='a()'>\x1b[31m\u202e\" onmouseover=\"b()"


class Read(HTMLParser):
    """Tags, their attributes and the text of a piece of HTML; every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "br":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", SAMPLES)
def test_golden(name: str) -> None:
    path = GOLDEN / f"{name}.html"
    html = to_html(SAMPLES[name])
    if os.environ.get("FIRSTAID_UPDATE_GOLDEN"):
        path.write_bytes(html.encode())
    assert html == path.read_bytes().decode()
    assert set(Read(html).tags) <= ALLOWED


@pytest.mark.parametrize("verdict", ["match", "possible", "none"])
def test_nothing_of_a_report_or_a_case_is_markup(verdict: str) -> None:
    hostile = case(
        title=HOSTILE, cause=HOSTILE, do_not=[HOSTILE], why=[HOSTILE], symptom=HOSTILE,
        sources=["javascript:alert(1)", f"https://example.org/{HOSTILE}", "data:text/html,x"],
        fix=[Step(HOSTILE, HOSTILE, HOSTILE, "sh", HOSTILE, HOSTILE, "confirmed")],
        evidence=[Evidence(HOSTILE, "confirmed", HOSTILE)], see_also=[{"id": HOSTILE, "tell": HOSTILE}],
    )  # fmt: skip
    facts = ReportFacts(HOSTILE, HOSTILE, [], [], {HOSTILE: HOSTILE}, [HOSTILE], [], [HOSTILE])
    answer = Answer(HOSTILE, HOSTILE, [], False)
    html = to_html(diagnosis(verdict, [hostile, hostile], report=facts, next=[HOSTILE], answer=answer))
    read = Read(html)
    assert set(read.tags) <= ALLOWED
    assert {name for name, _ in read.attributes} <= {"class", "style", "href", "rel", "target"}
    assert all((value or "").startswith("https://example.org/") for name, value in read.attributes if name == "href")
    assert "<script>alert(1)</script>" in read.text
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_a_command_is_whole_and_can_be_copied() -> None:
    command = "python - <<'X'\nprint(\"a && b\")\nX"
    html = to_html(diagnosis(cases=[case(fix=[Step("Do.", command, None, "sh", None, None, "confirmed")])]))
    assert command in Read(html).text
    assert "<pre><code>python" in html


def test_a_diagnosis_survives_its_json() -> None:
    for sample in SAMPLES.values():
        assert Diagnosis.from_dict(sample.to_dict()) == sample
