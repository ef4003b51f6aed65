"""Checks of a case, kind by kind, against facts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from stated import Stated, facts

from firstaid.assistant.evidence import Facts, describe, evaluate
from firstaid.kb import Check
from firstaid.kb.check_format import CHECK_KINDS

TOO_OLD = Check("package", "transformers", broken="<4.37", fixed=">=4.38")


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
    found = evaluate(checks, facts(python="3.8", cuda="11.8", driver="535.104"))
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


def status(check: Check, *sources: Stated) -> str:
    return evaluate([check], Facts(sources))[0].status


def detail(check: Check, *sources: Stated) -> str:
    return evaluate([check], Facts(sources))[0].detail


def test_the_report_comes_before_the_machine_and_both_are_told() -> None:
    report = Stated({"transformers": "4.36.2"}, origin="report")
    found = evaluate([TOO_OLD], Facts((report, Stated({"transformers": "4.51.3"}))))[0]
    assert (found.status, found.source) == ("confirmed", "report")
    assert found.detail == "transformers 4.36.2 is <4.37; by now transformers 4.51.3"


def test_where_the_report_is_silent_the_machine_is_asked() -> None:
    found = evaluate([TOO_OLD], Facts((Stated(origin="report"), Stated({"transformers": "4.36.2"}))))[0]
    assert (found.status, found.source, found.detail) == ("confirmed", "machine", "transformers 4.36.2 is <4.37")


def test_a_package_that_is_not_there() -> None:
    assert status(TOO_OLD, Stated(absent=frozenset({"transformers"}))) == "unknown"
    assert detail(TOO_OLD, Stated(absent=frozenset({"transformers"}))) == "transformers is not installed"
    missing = Check("package", "hf-transfer", detail={"missing": "true"})
    assert status(missing, Stated(absent=frozenset({"hf-transfer"}))) == "confirmed"
    assert status(missing, Stated({"hf-transfer": "0.1.8"})) == "contradicted"
    assert status(missing, Stated()) == "unknown"


@pytest.mark.parametrize("kind", ["gpu_capability", "gpu_memory_gb", "ram_gb"])
@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (["7.5"], "confirmed"),
        (["8.6"], "contradicted"),
        (["7.5", "7.0"], "confirmed"),
        (["7.5", "8.6"], "unknown"),  # which of them was used is not known
        ([], "unknown"),
    ],
)
def test_amounts(kind: str, amounts: list[str], expected: str) -> None:
    check = Check(kind, broken="<8.0", fixed=">=8.0")
    assert status(check, Stated(measured={kind: amounts})) == expected


def test_a_platform_is_confirmed_or_unknown() -> None:
    assert status(Check("platform", "wsl"), Stated(on=frozenset({"wsl"}))) == "confirmed"
    assert status(Check("platform", "windows"), Stated(on=frozenset({"linux"}))) == "unknown"


@pytest.mark.parametrize(
    ("broken", "value", "expected"),
    [
        ("unset", "", "confirmed"),
        ("unset", "1", "unknown"),
        ("1|true", "TRUE", "confirmed"),
        ("1|true", "10", "unknown"),  # the whole value counts
        ("socks.*", "socks5://127.0.0.1:1080", "confirmed"),
        (".+", "", "unknown"),
        ("1", None, "unknown"),
    ],
)
def test_a_variable(broken: str, value: str | None, expected: str) -> None:
    known = Stated(variables={} if value is None else {"X": value})
    assert status(Check("env", "X", broken=broken), known) == expected


def file_check(name: str = "config.json", broken: str | None = None, **detail: str) -> Check:
    return Check("file", name, broken=broken, detail=detail)


def test_a_file(tmp_path: Path) -> None:
    config = {"architectures": ["QWenLMHeadModel"], "quantization_config": {"quant_method": "gptq"}, "eos_token_id": 2}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"x" * 135)
    here = Stated(folder=tmp_path)
    assert status(file_check(broken="QWenLMHeadModel", key="architectures"), here) == "confirmed"
    assert status(file_check(broken="awq|GPTQ", key="quantization_config.quant_method"), here) == "confirmed"
    assert status(file_check(broken="^2$", key="eos_token_id"), here) == "confirmed"
    assert status(file_check(broken="^3$", key="eos_token_id"), here) == "unknown"
    assert status(file_check(key="rope_scaling", missing="true"), here) == "confirmed"
    assert status(file_check(key="eos_token_id", missing="true"), here) == "unknown"
    assert status(file_check("tokenizer.model", missing="true"), here) == "confirmed"
    assert status(file_check("config.json", missing="true"), here) == "unknown"
    assert status(file_check("model.safetensors", size="<1KB"), here) == "confirmed"
    assert status(file_check("model.safetensors", size="<0.1KB"), here) == "unknown"
    assert status(file_check("tokenizer.model", missing="true"), Stated()) == "unknown"
    assert "quantization_config.quant_method is gptq in " in detail(
        file_check(broken="awq|gptq", key="quantization_config.quant_method"), here
    )


def test_a_file_that_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("version https://git-lfs.github.com/spec/v1", encoding="utf-8")
    found = evaluate([file_check(broken="x", key="model_type")], Facts((Stated(folder=tmp_path),)))[0]
    assert (found.status, "cannot be read" in found.detail) == ("unknown", True)


def test_every_kind_of_the_format_is_evaluated() -> None:
    for kind in CHECK_KINDS:
        found = evaluate([Check(kind, "x", broken="<1", all=(Check("platform", "x"),))], Facts((Stated(),)))[0]
        assert found.status == "unknown", kind
        assert found.detail, kind


def test_part_of_a_version_is_compared_only_where_the_rest_does_not_matter() -> None:
    told = Stated({"python": "3.12"}, whole=False)
    assert status(Check("python", broken=">=3.12"), told) == "confirmed"
    assert status(Check("python", broken="<3.12", fixed=">=3.12"), told) == "contradicted"
    assert status(Check("python", broken=">=3.12.4"), told) == "unknown"
    assert status(Check("python", broken=">=3.12.4", fixed="<3.12.4"), told) == "unknown"
    assert status(Check("python", broken=">=3.12.4"), Stated({"python": "3.12.6"}, whole=False)) == "confirmed"
    assert status(Check("python", broken=">=3.12.4"), Stated({"python": "3.12"})) == "unknown"
