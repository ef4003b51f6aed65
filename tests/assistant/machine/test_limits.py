"""A probe that hangs costs its limit, and one that fails says why."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from firstaid.assistant.machine import facts
from firstaid.assistant.machine.fact import Fact
from firstaid.assistant.machine.limits import CutError, Probe, within


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """What a hanging probe waits for; set when the test ends, so that its thread does too."""
    event = threading.Event()
    yield event
    event.set()


def test_an_answer_is_passed_on() -> None:
    assert within(5, divmod, 7, 2) == (3, 1)


def test_one_that_hangs_is_cut(never: threading.Event) -> None:
    with pytest.raises(CutError, match=r"no answer within 0\.01 s"):
        within(0.01, never.wait)


def test_what_it_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        within(5, divmod, 7, 0)


def test_a_timeout_of_its_own_is_told_from_ours() -> None:
    def times_out() -> None:
        raise TimeoutError("the disk did not answer")

    with pytest.raises(TimeoutError, match="the disk did not answer"):
        within(5, times_out)


def test_the_limit_counts_from_the_start(never: threading.Event) -> None:
    hanging = Probe(never.wait)
    with pytest.raises(CutError):
        hanging.within(0.01)
    with pytest.raises(CutError):
        hanging.within(0)
    never.set()
    assert hanging.within(5), "who waits longer has its answer"


def test_where_no_thread_is_to_be_had_it_is_done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    assert within(5, divmod, 7, 2) == (3, 1)


def test_a_group_that_hangs_is_unknown_and_takes_nothing_else_away(
    monkeypatch: pytest.MonkeyPatch, never: threading.Event
) -> None:
    def hanging() -> list[Fact]:
        never.wait()
        return []

    def broken() -> list[Fact]:
        raise OSError("the driver is gone")

    monkeypatch.setattr(facts, "_SECONDS", 1.5)
    monkeypatch.setattr(facts, "disks", hanging)
    monkeypatch.setattr(facts, "cpu", broken)
    groups = {group.title: group.facts for group in facts.read_facts()}
    assert groups["Disks"] == [Fact("not read", None, "no answer within 1.5 s")]
    assert groups["Processor"] == [Fact("not read", None, "OSError: the driver is gone")]
    assert groups["System"][0].name == "operating system"
