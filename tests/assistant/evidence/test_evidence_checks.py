"""Checks of a case against the versions that the report prints."""

from __future__ import annotations

import pytest

from firstaid.assistant.evidence import Facts, decided, describe, evaluate
from firstaid.kb import Check

TOO_OLD = Check("package", "transformers", broken="<4.37", fixed=">=4.38")


def facts(captured: dict[str, str] | None = None, **versions: str) -> Facts:
    return Facts({name.replace("_", "-"): version for name, version in versions.items()}, captured or {})


@pytest.mark.parametrize(
    ("version", "status", "detail"),
    [
        ("4.36.2", "confirmed", "transformers 4.36.2 is <4.37"),
        ("4.37.0.dev0", "unknown", "transformers 4.37.0.dev0 is neither known to fail nor known to work"),
        ("4.37.1", "unknown", "transformers 4.37.1 is neither known to fail nor known to work"),
        ("4.38", "contradicted", "transformers 4.38 is >=4.38"),
        ("4.36.2+local", "confirmed", "transformers 4.36.2+local is <4.37"),
        ("abc", "unknown", "transformers abc is no version that can be compared"),
    ],
)
def test_a_package(version: str, status: str, detail: str) -> None:
    found = evaluate([TOO_OLD], facts(transformers=version))[0]
    assert (found.check, found.status, found.detail) == ("package transformers <4.37", status, detail)


def test_only_a_known_good_range_contradicts() -> None:
    checks = [Check("package", "numpy", broken=">=2"), Check("package", "numpy", broken=">=2", fixed="<2")]
    found = evaluate(checks, facts(numpy="1.26.4"))
    assert [evidence.status for evidence in found] == ["unknown", "contradicted"]
    assert found[1].detail == "numpy 1.26.4 is <2"


def test_what_the_report_does_not_say_is_unknown() -> None:
    found = evaluate([TOO_OLD, Check("gpu_capability", broken="<8.0"), Check("platform", "windows")], facts())
    assert [evidence.status for evidence in found] == ["unknown"] * 3


def test_kinds_with_one_subject() -> None:
    checks = [
        Check("python", broken="<3.9"),
        Check("cuda", broken="<12"),
        Check("driver", broken="<525", fixed=">=525"),
    ]
    found = evaluate(checks, facts(python="3.8", cuda="11.8", nvidia_driver="535.104"))
    assert [evidence.status for evidence in found] == ["confirmed", "confirmed", "contradicted"]


def test_all_of_several() -> None:
    both = Check("all", all=(TOO_OLD, Check("python", broken="<3.9")))
    assert describe(both) == "package transformers <4.37 and python <3.9"
    assert evaluate([both], facts(transformers="4.30", python="3.8"))[0].status == "confirmed"
    assert evaluate([both], facts(transformers="4.30"))[0].status == "unknown"
    assert evaluate([both], facts(transformers="4.40", python="3.8"))[0].status == "contradicted"


def test_a_condition_on_what_was_captured() -> None:
    given = Check("package", "transformers", broken="<4.51", given={"model_type": "qwen3|llama4"})
    assert evaluate([given], facts({"model_type": "Qwen3"}, transformers="4.40"))[0].status == "confirmed"
    assert evaluate([given], facts({"model_type": "qwen2"}, transformers="4.40")) == []
    assert evaluate([given], facts(transformers="4.40")) == []


def test_only_checks_that_decide_decide() -> None:
    deciding = Check("package", "transformers", broken="<4.37", fixed=">=4.37", decides=True)
    assert decided([TOO_OLD], facts(transformers="4.30")) is None
    assert decided([deciding], facts(transformers="4.30")) == "confirmed"
    assert decided([deciding], facts(transformers="4.40")) == "contradicted"
    assert decided([deciding], facts()) is None
