"""The table of known conflicts: it is well-formed, each rule can be found, and healthy stacks are left in peace."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from firstaid.assistant.diagnosis import Origin
from firstaid.assistant.doctor.rules import Rule, check_rules, load_rules, read_rules
from firstaid.assistant.evidence import Facts, Told, evaluate
from firstaid.kb import Check, load
from firstaid.kb.check_format import NAMED_CHECKS, RANGE_CHECKS
from firstaid.kb.parse import ID

RULES = load_rules()
MEASURED = ("gpu_capability", "gpu_memory_gb", "ram_gb")


@dataclass
class Stack:
    """A machine as data; what is not named is not installed, not set, not known."""

    packages: Mapping[str, str] = field(default_factory=dict)
    system: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    on: Iterable[str] = ("linux", "x86_64")
    origin: Origin = "machine"

    def version(self, kind: str, name: str) -> Told | None:
        found = self.packages.get(name) if kind in NAMED_CHECKS else self.system.get(kind)
        return Told(found, f"{name} {found}") if found else None

    def absence(self, package: str) -> str | None:
        return None if package in self.packages else f"{package} is not installed"

    def amounts(self, kind: str) -> Sequence[Told]:
        found = self.system.get(kind)
        return [Told(found, f"{kind} {found}")] if found else []

    def platforms(self) -> Mapping[str, str]:
        return {name: name for name in self.on}

    def variable(self, name: str) -> Told | None:
        value = self.variables.get(name, "")
        return Told(value, f"{name}={value}")

    def files(self, name: str) -> Sequence[Path] | None:
        del name


def found(rule: Rule, stack: Stack) -> bool:
    return all(evidence.status == "confirmed" for evidence in evaluate(rule.checks, Facts((stack,))))


VALUES = (
    "1",
    "126",
    "off",
    "q8_0",
    "INTEL",
    "tcp://10.0.0.1:80",
    "socks5://127.0.0.1:1080",
    "expandable_segments:True",
    "expandable_segments=True",
    "/usr/local/cuda-11.8/lib64",
    "/usr/local/cuda-12.4/lib64",
)


def inside(specifier: str) -> str:
    """A version of this range."""
    named = [one.version.removesuffix(".*") for one in SpecifierSet(specifier)]
    tried = ["0.0.1", "6.5", *named, *(f"{version}.1" for version in named)]
    return next(version for version in tried if SpecifierSet(specifier).contains(version))


def suffering(rule: Rule) -> Stack:
    """A machine on which the rule must be found."""
    packages, system, variables, on = {}, {}, {}, []
    for check in rule.checks:
        if check.kind == "platform":
            on.append(str(check.name))
        elif check.kind == "env" and check.broken != "unset":
            matching = [value for value in VALUES if re.fullmatch(f"(?i:{check.broken})", value)]
            variables[str(check.name)] = matching[0]
        elif check.kind in NAMED_CHECKS and check.broken:
            packages[str(check.name)] = inside(check.broken)
        elif check.kind in RANGE_CHECKS and check.broken:
            system[check.kind] = inside(check.broken)
    return Stack(packages, system, variables, on)


def test_the_table_has_no_fault() -> None:
    assert check_rules() == []
    assert len(RULES) >= 90


def test_ids_are_unique_and_kebab_case() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not ID.fullmatch(name)] == []


def test_cases_that_are_named_exist() -> None:
    base = load()
    assert [rule.case for rule in RULES if rule.case and rule.case not in base.cases] == []


def test_sources_are_addresses() -> None:
    assert [source for rule in RULES for source in rule.sources if not source.startswith("https://")] == []
    assert all(rule.sources for rule in RULES)


def test_ranges_are_pep_440() -> None:
    kinds = {*NAMED_CHECKS, *RANGE_CHECKS}
    ranges = [check.broken for rule in RULES for check in rule.checks if check.kind in kinds and check.broken]
    assert all(SpecifierSet(specifier) for specifier in ranges)


def test_commands_name_what_they_install() -> None:
    commands = [rule.run for rule in RULES if rule.run and "pip install" in rule.run]
    assert [command for command in commands if not re.search(r"[=<>]=?\d|\[socks\]", command)] == []
    assert [command for command in commands if " -U" in command or "--upgrade" in command] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_is_found_where_it_applies(rule: Rule) -> None:
    assert found(rule, suffering(rule))


HEALTHY = {
    "vllm-0.11": Stack(
        {
            "vllm": "0.11.0", "torch": "2.8.0", "torchvision": "0.23.0", "torchaudio": "2.8.0", "triton": "3.4.0",
            "transformers": "4.56.2", "tokenizers": "0.22.1", "huggingface-hub": "0.35.3", "xformers": "0.0.32.post1",
            "numpy": "2.2.6", "pydantic": "2.12.0", "openai": "2.3.0", "httpx": "0.28.1", "setuptools": "79.0.1",
            "accelerate": "1.10.1",
        },
        {"python": "3.12.11", "cuda": "12.8", "driver": "570.172.08", "glibc": "2.35", "gpu_capability": "9.0"},
    ),
    "vllm-0.33": Stack(
        {
            "vllm": "0.33.0", "torch": "2.14.0", "torchvision": "0.29.0", "torchaudio": "2.11.0",
            "torchcodec": "0.17.0",
            "triton": "3.8.0", "transformers": "5.20.2", "tokenizers": "0.23.2", "huggingface-hub": "1.31.0",
            "numpy": "2.4.1", "pydantic": "2.12.5", "setuptools": "80.9.0", "openai": "2.9.0", "httpx": "0.28.1",
        },
        {"python": "3.13.9", "cuda": "13.0", "driver": "580.95.05", "glibc": "2.39", "gpu_capability": "10.0"},
    ),
    "vllm-0.6-on-ada": Stack(
        {
            "vllm": "0.6.6", "torch": "2.5.1", "torchvision": "0.20.1", "xformers": "0.0.28.post3", "triton": "3.1.0",
            "transformers": "4.47.1", "tokenizers": "0.21.0", "huggingface-hub": "0.27.1", "numpy": "1.26.4",
            "bitsandbytes": "0.45.0", "accelerate": "1.2.1", "pydantic": "2.10.5",
        },
        {"python": "3.11.11", "cuda": "12.4", "driver": "550.127.08", "glibc": "2.35", "gpu_capability": "8.9"},
    ),
    "sglang-0.5.23": Stack(
        {
            "sglang": "0.5.23", "sglang-kernel": "0.4.10", "torch": "2.14.1", "torchvision": "0.29.1",
            "torchaudio": "2.11.0", "torchcodec": "0.17.0", "transformers": "5.19.0", "huggingface-hub": "1.31.0",
            "torch-memory-saver": "0.0.9.post1", "numpy": "2.4.1", "outlines": "0.1.11", "setuptools": "82.0.0",
        },
        {"python": "3.12.12", "cuda": "13.0", "driver": "580.95.05", "glibc": "2.35", "gpu_capability": "9.0"},
    ),
    "sglang-0.5.5": Stack(
        {
            "sglang": "0.5.5", "sgl-kernel": "0.3.16.post5", "torch": "2.8.0", "torchvision": "0.23.0",
            "torchaudio": "2.8.0", "torchao": "0.9.0", "transformers": "4.57.1", "huggingface-hub": "0.36.0",
            "numpy": "2.3.4",
        },
        {"python": "3.10.19", "cuda": "12.8", "driver": "570.195.03", "glibc": "2.35", "gpu_capability": "9.0"},
    ),
    "qlora-4.57": Stack(
        {
            "torch": "2.9.1", "torchvision": "0.24.1", "triton": "3.5.1", "transformers": "4.57.3", "peft": "0.18.0",
            "trl": "0.26.2", "accelerate": "1.12.0", "bitsandbytes": "0.49.0", "datasets": "4.4.1", "pyarrow": "22.0.0",
            "huggingface-hub": "0.36.0", "numpy": "2.3.5", "tensorboard": "2.20.0", "setuptools": "80.9.0",
            "deepspeed": "0.18.3", "flash-attn": "2.8.3",
        },
        {"python": "3.12.12", "cuda": "12.8", "driver": "580.95.05", "glibc": "2.35", "gpu_capability": "9.0"},
    ),
    "fine-tuning-5": Stack(
        {
            "torch": "2.13.0", "torchvision": "0.28.0", "triton": "3.7.1", "transformers": "5.17.0", "peft": "0.21.2",
            "trl": "1.15.0", "accelerate": "1.14.0", "bitsandbytes": "0.50.0", "datasets": "4.8.0", "torchao": "0.17.0",
            "huggingface-hub": "1.28.0", "numpy": "2.4.1", "tensorboard": "2.21.0", "setuptools": "82.0.0",
            "optimum": "2.1.0", "gradio": "6.0.0", "gradio-client": "2.0.0", "starlette": "1.0.0", "openai": "2.9.0",
            "httpx": "0.28.1", "fsspec": "2026.2.0", "pyarrow": "23.0.0",
        },
        {"python": "3.14.2", "cuda": "13.0", "driver": "590.44.01", "glibc": "2.39", "gpu_capability": "12.0"},
        {"HF_HOME": "/data/hub", "PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:True", "OMP_NUM_THREADS": "8"},
    ),
    "llama-2-days": Stack(
        {
            "torch": "2.1.2", "torchvision": "0.16.2", "torchaudio": "2.1.2", "triton": "2.1.0",
            "transformers": "4.36.2", "peft": "0.7.1", "trl": "0.7.4", "accelerate": "0.25.0", "datasets": "2.16.1",
            "bitsandbytes": "0.42.0", "huggingface-hub": "0.20.3", "numpy": "1.26.4", "fsspec": "2023.10.0",
            "pyarrow": "14.0.2", "deepspeed": "0.12.6", "flash-attn": "2.4.2", "setuptools": "69.5.1",
            "auto-gptq": "0.6.0", "autoawq": "0.1.8", "gradio": "4.14.0", "gradio-client": "0.8.0", "pydantic": "2.5.3",
        },
        {"python": "3.10.13", "cuda": "12.1", "driver": "535.129.03", "glibc": "2.31", "gpu_capability": "8.6"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_stack_is_left_in_peace(name: str) -> None:
    assert [rule.id for rule in RULES if found(rule, HEALTHY[name])] == []


def test_a_sick_stack_is_told_of_its_conflicts() -> None:
    sick = Stack(
        {"torch": "2.2.2", "torchvision": "0.18.0", "numpy": "2.1.0", "huggingface-hub": "0.36.0"},
        {"cuda": "12.1", "driver": "470.82.01", "gpu_capability": "12.0"},
        {"HF_HUB_ENABLE_HF_TRANSFER": "1"},
    )
    assert {rule.id for rule in RULES if found(rule, sick)} == {
        "blackwell-with-torch-before-2-7",
        "cuda-12-with-driver-before-525",
        "hf-transfer-wanted-but-missing",
        "numpy-2-with-torch-before-2-3",
        "torchvision-for-torch-2-2",
    }


FAULTY = """
[[rule]]
id = "Not Kebab"
title = "t"
checks = [ { package = "torch", broken = "about 2" }, { package = "x", missing = true, broken = "<1" } ]
consequence = "c"
do = "d"
sources = ["http://plain"]
severity = "awful"
colour = "red"

[[pair]]
package = "a"
with = "b"
releases = { "2.9" = "new" }
consequence = "c"
do = "d"
sources = ["https://example.org/a"]
severity = "broken"
"""


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(FAULTY, encoding="utf-8")
    (tmp_path / "worse.toml").write_text("[[rule", encoding="utf-8")
    _, problems = read_rules(tmp_path)
    keys = {problem.key.rpartition(".")[2] for problem in problems}
    assert {"id", "broken", "missing", "sources", "severity", "colour", "9", "file"} <= keys
    assert all(problem.cure for problem in problems)


def test_one_id_stands_once(tmp_path: Path) -> None:
    one = FAULTY.partition("[[pair]]")[0].replace("Not Kebab", "twice").replace("about 2", "<2")
    one = one.replace(', broken = "<1"', "").replace("http:", "https:").replace("plain", "example.org/a")
    one = one.replace("awful", "risky").replace('colour = "red"\n', "")
    (tmp_path / "two.toml").write_text(one + one, encoding="utf-8")
    assert [problem.key for problem in read_rules(tmp_path)[1]] == ["twice"]


def test_a_package_that_must_be_missing() -> None:
    rule = next(rule for rule in RULES if rule.id == "hf-transfer-wanted-but-missing")
    assert rule.checks[2] == Check("package", "hf-transfer", detail={"missing": "true"})
    assert found(rule, suffering(rule))
    assert not found(
        rule, Stack({"huggingface-hub": "0.36.0", "hf-transfer": "0.1.9"}, {}, {"HF_HUB_ENABLE_HF_TRANSFER": "1"})
    )
