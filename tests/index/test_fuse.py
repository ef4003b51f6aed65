"""Reciprocal-rank fusion."""

from __future__ import annotations

from firstaid.index.fuse import reciprocal_rank


def test_first_in_every_channel_is_one() -> None:
    assert reciprocal_rank({"a": ["x", "y"], "b": ["x"]}, {"a": 1.0, "b": 2.0})["x"] == 1.0


def test_two_channels_that_agree_beat_one_that_is_sure() -> None:
    fused = reciprocal_rank({"a": ["alone", "both"], "b": ["both", "other"]}, {"a": 1.0, "b": 1.0})
    assert max(fused, key=lambda case: fused[case]) == "both"


def test_weights_count_and_unknown_channels_do_not() -> None:
    rankings = {"heavy": ["x"], "light": ["y"], "unknown": ["z"]}
    fused = reciprocal_rank(rankings, {"heavy": 2.0, "light": 1.0})
    assert fused["x"] > fused["y"] > fused["z"] == 0


def test_nothing_gives_nothing() -> None:
    assert reciprocal_rank({}, {"a": 1.0}) == {}
