"""The words without which a pattern cannot match."""

from __future__ import annotations

import pytest

from firstaid.index.signature import SignatureMatcher, StoredSignature
from firstaid.kb import load
from firstaid.kb.anchors import anchors
from firstaid.kb.patterns import compile_pattern


@pytest.mark.parametrize(
    ("regex", "words"),
    [
        ("KeyError: 'qwen2'", (("keyerror: 'qwen2'",),)),
        (r"CUDA out of memory\. Tried", (("cuda out of memory. tried",),)),
        (r"size \d+ of memory pool", ((" of memory pool",), ("size ",))),
        ("(alpha|beta) x", (("alpha", "beta"),)),
        ("(alpha|be) x", ()),
        ("(alpha|be) xy", ((" xy",),)),
        ("(alpha)?longer", (("longer",),)),
        ("(?:alpha)+", (("alpha",),)),
        ("(alpha){0,3}xy", ()),
        ("(?s)first.*second!", (("second!",), ("first",))),
        ("(?s)(one|two).*(three|four)", (("four", "three"), ("one", "two"))),
        ("(?P<name>flash_attn|flashinfer)", (("flash",), ("_attn", "infer"))),
        (r"['\"`]?abc['\"`]?", (("abc",),)),
        ("显存.*不均", (("显存",), ("不均",))),
        (r"\bOut ?Of ?Memory\b", (("memory",), ("out",))),
        ("a(?im)lpha", (("alpha",),)),
        ("[", ()),
        (r"\pL+", ()),
    ],
)
def test_anchors(regex: str, words: tuple[tuple[str, ...], ...]) -> None:
    assert anchors(regex) == words


def test_no_signature_is_lost_by_its_anchors() -> None:
    """The short way finds exactly what trying every pattern finds."""
    cases = list(load().cases.values())
    every = [
        StoredSignature(case.id, one.regex, one.role, anchors(one.regex)) for case in cases for one in case.signatures
    ]
    matcher = SignatureMatcher(every)
    spoken = [one for one in every if one.role != "advice"]
    for text in [text for case in cases for text in (*case.hits, *case.misses)]:
        expected = {(one.case, one.role) for one in spoken if compile_pattern(one.regex).search(text)}
        assert {(match.case, match.role) for match in matcher.matches(text)} == expected


def test_nearly_every_signature_has_one() -> None:
    every = [one.regex for case in load().cases.values() for one in case.signatures]
    without = [regex for regex in every if not anchors(regex)]
    assert len(without) < 0.01 * len(every), without
