"""Signatures: one pass, where they match, and what they say."""

from __future__ import annotations

import pytest

from firstaid.index.rank import strength
from firstaid.index.signature import SignatureMatcher, StoredSignature


def matcher(*signatures: tuple[str, str]) -> SignatureMatcher:
    return SignatureMatcher([StoredSignature(f"case{n}", regex, role) for n, (regex, role) in enumerate(signatures)])


def test_case_is_ignored_and_lines_bound() -> None:
    text = "info\nKEYERROR: 'Qwen2'\nlast"
    found = matcher(
        (r"^keyerror: '(?P<kind>\w+)'$", "root"), ("info.last", "root"), ("(?s)info.*last", "hint")
    ).matches(text)
    assert [(match.case, match.groups) for match in found] == [("case0", {"kind": "Qwen2"}), ("case2", {})]
    assert text[found[0].start : found[0].end] == "KEYERROR: 'Qwen2'"


def test_offsets_are_characters_not_bytes() -> None:
    text = "错误错误 boom"
    found = matcher(("boom", "root")).matches(text)
    assert text[found[0].start : found[0].end] == "boom"


def test_the_place_in_the_error_is_preferred() -> None:
    text = "boom early\nboom late"
    found = matcher(("boom", "root")).matches(text, [(11, 20)])[0]
    assert (found.start, found.at_error) == (11, True)
    elsewhere = matcher(("early", "root")).matches(text, [(11, 20)])[0]
    assert (elsewhere.start, elsewhere.at_error) == (5, False)
    assert strength(found) > strength(elsewhere) > strength(matcher(("boom", "hint")).matches(text)[0])


def test_the_message_is_preferred_to_the_code_that_raises_it() -> None:
    text = "raise Boom('boom')\nBoom: boom"
    found = matcher(("boom", "root"), ("raise", "root")).matches(text, [(19, 29), (0, 29)])
    assert [(match.start, match.at_error) for match in found] == [(19, True), (0, True)]


def test_advice_never_counts() -> None:
    assert matcher(("boom", "advice")).matches("boom") == []


def test_a_cascade_hardly_counts() -> None:
    assert 0 < strength(matcher(("boom", "cascade")).matches("boom")[0]) < 0.1


@pytest.mark.parametrize("text", ["", "nothing here"])
def test_no_match(text: str) -> None:
    assert matcher(("boom", "root")).matches(text) == []
    assert matcher().matches(text) == []


def test_many_patterns_compile_and_match_at_once() -> None:
    many = matcher(*((rf"error {n}: (out of memory|shape \d+ mismatch) at layer \d+", "root") for n in range(2000)))
    found = many.matches("x\n" * 1000 + "error 1999: shape 3 mismatch at layer 7")
    assert [match.case for match in found] == ["case1999"]


def test_hostile_input_takes_linear_time() -> None:
    assert matcher((r"(a+)+$", "root")).matches("a" * 200_000 + "b") == []
