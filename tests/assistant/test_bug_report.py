"""Bug reports: in the order of each tracker, safe to paste, never longer than a tracker takes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from markdown_it import MarkdownIt

from firstaid.assistant import FirstAid
from firstaid.assistant.bug_report import Material, bug_report, posting_note, run_of, template_named, template_told
from firstaid.assistant.bug_report.facts import ENVIRONMENT, ON_MACHINE
from firstaid.assistant.bug_report.log import fitted
from firstaid.assistant.bug_report.posting import taken_out
from firstaid.assistant.bug_report.run import Run
from firstaid.assistant.bug_report.template import Template, load_templates
from firstaid.assistant.bug_report.words import words_in
from firstaid.assistant.diagnose import read
from firstaid.assistant.diagnosis import Diagnosis
from firstaid.assistant.feedback import Feedback
from firstaid.assistant.machine.fact import Fact, FactGroup
from firstaid.assistant.machine.facts import read_facts
from firstaid.assistant.render.issue import to_issue
from firstaid.assistant.report import Report
from firstaid.assistant.wrap.record import Record
from firstaid.kb.errors import UsageError
from firstaid.kb.vocabulary import load_vocabulary

Run_ = Callable[..., CompletedProcess[bytes]]
UPSTREAM_LIMIT = 65_536
TOKEN = "hf_" + "aB3dE5gH" * 4
TEMPLATES = load_templates()
BLOCKS = {"words", "command", "error", "tried", "similar", "details"}

VLLM = """After the update my server does not start any more, cc @maintainer, like #4711.

INFO 11-19 10:00:01 api_server.py:526] vLLM API server version 0.6.3
INFO 11-19 10:00:02 config.py:12] GPU: NVIDIA A100-SXM4-80GB
Traceback (most recent call last):
  File "/home/alice/serve.py", line 3, in <module>
    llm = LLM("Qwen/Qwen3-8B")
  File "/home/alice/env/lib/python3.10/site-packages/vllm/entrypoints/llm.py", line 177, in __init__
    self.llm_engine = self.engine_class.from_engine_args(
  File "/home/alice/env/lib/python3.10/site-packages/vllm/config.py", line 1019, in get_config
    raise ValueError(msg)
ValueError: Model architectures ['Qwen3ForCausalLM'] are not supported for now, see #4711 and ask @maintainer
"""
TRANSFORMERS = """Traceback (most recent call last):
  File "/srv/app/serve.py", line 3, in <module>
    model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
  File "/srv/env/lib/python3.10/site-packages/transformers/models/auto/configuration_auto.py", line 710, in __getitem__
    raise KeyError(key)
KeyError: 'qwen3'
transformers==4.46.0
"""
TORCH = """Traceback (most recent call last):
  File "/srv/a.py", line 3, in <module>
    torch.linalg.eigh(x)
  File "/srv/env/lib/python3.11/site-packages/torch/linalg/__init__.py", line 3, in eigh
torch._C._LinAlgError: linalg.eigh: The algorithm failed to converge
"""
PEFT = """Traceback (most recent call last):
  File "/srv/env/lib/python3.11/site-packages/transformers/trainer.py", line 2052, in train
  File "/srv/env/lib/python3.11/site-packages/peft/tuners/lora/model.py", line 181, in _create_and_replace
ValueError: Target modules {'q_proj'} not found in the base model. Please check the target modules and try again.
"""
LLAMA_CPP = """build: 4242 (abcdef12) with cc (Ubuntu 11.4.0) for x86_64-linux-gnu
llama_model_loader: loaded meta data with 29 key-value pairs from /models/Qwen3-8B-Q4_K_M.gguf
llama_model_loader: - kv 12: general.tags arr[str,2] = ["text-generation", "transformers"]
llama_model_load: error loading model: error loading model architecture: unknown model architecture: 'qwen3'
llama_load_model_from_file: failed to load model
"""
OLLAMA = """time=2025-05-01 level=INFO source=routes.go:1205 msg="Listening on 127.0.0.1:11434 (version 0.3.12)"
time=2025-05-01 level=INFO msg="starting runner" cmd="/usr/lib/ollama/runners/cuda_v12/ollama_llama_server --model x"
llama_model_load: error loading model: error loading model architecture: unknown model architecture: 'qwen3'
"""
SWIFT_ZH = """我用 ms-swift 微调 Qwen2.5-7B 的时候报错,已经重装过环境,还是一样,请问怎么解决?
Traceback (most recent call last):
  File "/home/zhang/ms-swift/swift/cli/sft.py", line 5, in <module>
    sft_main()
  File "/home/zhang/envs/lib/python3.10/site-packages/swift/llm/train/sft.py", line 260, in sft_main
RuntimeError: 训练数据为空,请检查 dataset 参数
"""
PROSE = "My fine-tuned llama3 never stops talking in vllm, it repeats the last sentence over and over."
FOREIGN = "Which train goes from Vienna to Graz on a Sunday morning, and does it have a restaurant car?"
REPORTS = {"vllm": VLLM, "transformers": TRANSFORMERS, "torch": TORCH, "llama.cpp": LLAMA_CPP, "ollama": OLLAMA,
           "swift": SWIFT_ZH, "prose": PROSE, "foreign": FOREIGN}  # fmt: skip

FACTS = [
    FactGroup("System", [Fact("operating system", "Ubuntu 22.04.5 LTS")]),
    FactGroup("Processor", [Fact("name", "AMD EPYC 7763")]),
    FactGroup("Memory", [Fact("total", "1,007.5 GiB")]),
    FactGroup("GPUs", [Fact("driver", "550.54.15"), Fact("GPU 0", "NVIDIA A100"), Fact("GPU 1", None, "lost")]),
    FactGroup(
        "Packages",
        [Fact("Python", "3.10.12"), Fact("vllm", "0.6.3.post1"), Fact("torch", "2.4.0+cu121"), Fact("wandb", "0.18.0")],
    ),
]
RECORD = Record(
    command=["vllm", "serve", "Qwen/Qwen3-8B", "--port", "8000"],
    folder="/home/alice/project",
    started="2026-11-19T10:00:00Z",
    interpreter="/home/alice/env/bin/python",
    environment="/home/alice/env",
    exit_code=1,
)


@pytest.fixture(scope="module")
def material(kit: FirstAid) -> Callable[..., Material]:
    answers: dict[str, tuple[Report, Diagnosis]] = {}

    def make(text: str, **more: Any) -> Material:
        if text not in answers:
            answers[text] = (read(text), kit.diagnose(text, env="none"))
        return Material(*answers[text], **more)

    return make


def written(material: Material, name: str | None = None) -> str:
    language = material.report.language
    return bug_report(material, template_named(name, language) if name else template_told(material.report))


def prose_of(text: str) -> str:
    """What a reader of the Markdown sees that is neither code nor a link."""
    tokens = [token for token in MarkdownIt().parse(text) if token.type == "inline"]
    return "\n".join(child.content for token in tokens for child in token.children or [] if child.type == "text")


# What the data says


def test_each_template_has_a_place_for_everything_once() -> None:
    for template in TEMPLATES:
        parts = [part for section in template.sections for part in section.parts]
        assert set(parts) <= {*BLOCKS, *ENVIRONMENT, "environment"}, template.name
        assert len(parts) == len(set(parts)), template.name
        assert set(parts) >= BLOCKS, template.name
        told = {*ENVIRONMENT} if "environment" in parts else set(parts) & {*ENVIRONMENT}
        missing = {*ENVIRONMENT} - told - (set() if template.package else {"version"})
        assert missing <= {"version", "python"}, template.name  # programs that are not written in it


def test_each_template_is_sound() -> None:
    names = {template.name for template in TEMPLATES}
    spelled = load_vocabulary().stack
    assert len(TEMPLATES) >= 29
    assert len({(template.name, template.languages) for template in TEMPLATES}) == len(TEMPLATES)
    for template in TEMPLATES[2:]:
        assert template.page
        assert template.page.startswith(f"https://github.com/{template.repo}/issues/new")
        assert set(template.yields_to) <= names
        assert set(template.stack) <= set(spelled)
        assert all(section.heading == section.heading.strip() for section in template.sections)


def test_the_facts_asked_for_are_those_that_are_read() -> None:
    there = {f"{group.title}/{fact.name}" for group in read_facts() for fact in group.facts}
    wanted = {name for patterns in ON_MACHINE.values() for name in patterns if "*" not in name}
    assert wanted - {"Memory//dev/shm"} <= there
    assert any(name.startswith("GPUs/") for name in there)


# In the order of each tracker


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: f"{one.name}-{one.languages[0]}")
def test_each_template_gives_its_headings_in_order(template: Template, material: Callable[..., Material]) -> None:
    text = bug_report(material(VLLM, facts=FACTS, tried=["an older driver"], run=Run(RECORD, 3)), template)
    lines = text.splitlines()
    places = [lines.index(section.heading) for section in template.sections]
    assert places == sorted(places)
    for section in template.sections:
        assert all(f"- [ ] {box}" in lines for box in section.boxes)
        assert not section.ask or f"_{section.ask}_" in lines
    for wanted in ("ValueError: Model architectures", "vllm serve Qwen/Qwen3-8B --port 8000", "an older driver",
                   "Ubuntu 22.04.5 LTS", "3.10.12", "NVIDIA A100", "AMD EPYC 7763", "1,007.5 GiB", "0.6.3",
                   "2.4.0+cu121", "wandb: 0.18.0", "Qwen/Qwen3-8B"):  # fmt: skip
        assert wanted in text, wanted


def test_a_report_for_vllm_reads_like_its_form(material: Callable[..., Material]) -> None:
    text = written(material(VLLM, facts=FACTS))
    environment, bug = text.index("### Your current environment"), text.index("### 🐛 Describe the bug")
    assert environment < text.index("- vllm 0.6.3") < text.index("- vllm: 0.6.3.post1") < bug
    assert environment < text.index("<details>") < text.index("GPU 1: unknown (lost)") < bug < text.index("ValueError")
    assert "- GPU 0: NVIDIA A100" in text
    assert "- GPU 1" not in text
    assert "does not start any more" in text
    assert text.count("does not start any more") == 1
    assert text.endswith("questions.\n")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (VLLM, "vllm"), (TRANSFORMERS, "transformers"), (PEFT, "peft"), (LLAMA_CPP, "llama.cpp"), (OLLAMA, "ollama"),
        (TORCH, "pytorch"), (SWIFT_ZH, "ms-swift"), (PROSE, "vllm"), (FOREIGN, "general"),
        (TORCH + "\ntransformers==4.46.0\n", "transformers"),
    ],
)  # fmt: skip
def test_the_error_tells_the_tracker(text: str, name: str) -> None:
    assert template_told(read(text)).name == name


@pytest.mark.parametrize(
    ("given", "repo"),
    [("vllm", "vllm-project/vllm"), ("torch", "pytorch/pytorch"), ("bnb", "bitsandbytes-foundation/bitsandbytes"),
     ("microsoft/DeepSpeed", "deepspeedai/DeepSpeed"), ("VLLM-project/vllm", "vllm-project/vllm"), ("general", None),
     ("flash-attn", "Dao-AILab/flash-attention"), ("deepseek", "deepseek-ai/DeepSeek-V3")],
)  # fmt: skip
def test_a_tracker_has_several_names(given: str, repo: str | None) -> None:
    assert template_named(given, "en").repo == repo


def test_an_unknown_tracker_is_said_with_a_near_one() -> None:
    with pytest.raises(UsageError, match="no tracker") as raised:
        template_named("vlm", "en")
    assert raised.value.hint == 'did you mean "vllm"?'


def test_chinese_where_upstream_speaks_it(material: Callable[..., Material]) -> None:
    report = material(SWIFT_ZH)
    assert report.report.language == "zh"
    swift = written(report)
    assert "### Bug Description / Bug 描述" in swift
    assert "错误信息" in swift
    assert "### 问题描述" in written(report, "ktransformers")
    assert "## 问题现象" in written(report, "general")
    english = written(report, "vllm")
    assert "**The error**" in english
    assert "训练数据为空" in english
    assert "### Describe the bug" in bug_report(material(VLLM), template_named("ktransformers", "en"))


def test_a_tracker_without_a_form_gets_the_general_order(material: Callable[..., Material]) -> None:
    assert written(material(VLLM), "mlx-lm").startswith("## What happens\n")


# What is told


def test_what_was_tried(material: Callable[..., Material]) -> None:
    report = material(
        VLLM, tried=["pip install -U vllm", " ", "more\nmemory"], run=Run(RECORD, 2), unhelpful=["a-case"]
    )
    text = written(report)
    for line in ("- pip install -U vllm", "- more memory", "- what helps with `a-case`: it did not help",
                 "- the same command failed 2 more times before"):  # fmt: skip
        assert line in text.splitlines()
    assert "- it ended with: exit code 1" in text
    once = written(material(VLLM, run=Run(RECORD, 1)))
    assert "failed once before" in once


def test_threads_of_the_tracker_are_links_and_those_of_others_are_not(material: Callable[..., Material]) -> None:
    report = material(TRANSFORMERS)
    assert report.diagnosis.verdict == "match"
    sources = report.diagnosis.cases[0].sources
    other = next(source for source in sources if "/huggingface/transformers/" not in source)
    text = written(report, "general")
    assert "transformers-too-old-for-model-type" in text
    assert f"`{other}`" in text
    assert not re.search(r"(?<!`)https://github", text)
    owner = re.sub(r"https://github.com/([^/]+/[^/]+)/.*", r"\1", other)
    linked = bug_report(report, Template("x", TEMPLATES[0].sections, repo=owner.upper()))
    assert re.search(rf"see: {re.escape(other)}|, {re.escape(other)}", linked)


def test_not_known_is_said(material: Callable[..., Material]) -> None:
    report = material(FOREIGN)
    assert report.diagnosis.verdict == "none"
    text = written(report)
    assert "Not known: " in text
    assert "Vienna" in text
    assert not re.search(r"https://github", text)


@pytest.mark.parametrize("name", sorted(REPORTS))
@pytest.mark.parametrize("template", ["general", "vllm", "llama.cpp", "xinference"])
def test_every_part_is_optional(name: str, template: str, material: Callable[..., Material]) -> None:
    text = written(material(REPORTS[name]), template)
    for section in template_named(template, read(REPORTS[name]).language).sections:
        assert section.heading in text
    broken = Record(["x"], None, "2026-11-19T10:00:00Z", None, None)
    assert "it has not ended" in written(material(TORCH, run=Run(broken, 0)))


def test_facts_of_another_machine_are_told_as_such(kit: FirstAid) -> None:
    report = read(VLLM)
    diagnosis = kit.diagnose(report, env="auto")
    assert diagnosis.environment
    assert not diagnosis.environment.here
    assert "which is not the one of the report" in written(Material(report, diagnosis, facts=FACTS))


# Safe to paste


def key() -> str:
    return "-----BEGIN RSA PRIVATE KEY-----\n" + f"{'Mxx9' * 16}\n" * 40 + "-----END RSA PRIVATE KEY-----\n"


@pytest.mark.parametrize("name", sorted({template.name for template in TEMPLATES}))
def test_a_secret_in_any_input_never_comes_out(
    name: str, material: Callable[..., Material], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", f"/home/mallory/lib?{TOKEN}")
    monkeypatch.setenv("NCCL_DEBUG_FILE", f"https://bob:geheim123@example.org/{TOKEN}")
    record = Record(
        ["python", "t.py", f"--token={TOKEN}"], "/home/mallory/p", "2026-11-19T10:00:00Z", None, "/home/mallory/e"
    )
    report = VLLM.replace("/home/alice", "/home/mallory").replace("INFO", f"{key()}HF_TOKEN={TOKEN} INFO", 1)
    facts = [*read_facts(), FactGroup("Other", [Fact("token", TOKEN), Fact("path", "/home/mallory/x")])]
    text = written(
        material(report, facts=facts, tried=[f"login with {TOKEN}", "/home/mallory/y"], run=Run(record, 1)), name
    )
    for secret in (TOKEN, "mallory", "geheim123", "Mxx9"):
        assert secret not in text, secret


def test_half_a_private_key_beside_the_error_does_not_come_out(material: Callable[..., Material]) -> None:
    """The window around the error begins within the key."""
    text = written(material(key() + TRANSFORMERS))
    assert "Mxx9" not in text
    assert "KeyError: 'qwen3'" in text


def test_nobody_is_mentioned_and_nothing_is_referred_to(material: Callable[..., Material]) -> None:
    wild = (
        "ping @alice/@bob, fixes #12 owner/repo#13 GH-14 https://github.com/a/b/issues/15 <b>hi</b> [x](http://y) "
        "0123456789abcdef ![z](q) &#64;carol"
    )
    facts = [FactGroup("System", [Fact("operating system", wild)])]
    report = VLLM.replace("After the update", f"{wild}\n\n# After the\n====\n- update")
    text = written(material(report, facts=facts, tried=[wild, "```", "~~~~", "# x"]), "general")
    seen = prose_of(text)
    for bad in ("@", "#", "GH-", "0123456789abcdef", "issues/15"):
        assert bad not in seen, bad
    tokens = MarkdownIt().parse(text)
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    assert headings == [section.heading.lstrip("# ") for section in TEMPLATES[0].sections]
    html = [token.content for token in tokens if token.type == "html_block"]
    inner = [child for token in tokens for child in token.children or [] if child.type in {"html_inline", "image"}]
    assert not inner
    assert all("b>" not in block for block in html)


def test_no_fence_in_a_log_ends_ours(material: Callable[..., Material]) -> None:
    text = written(material(TRANSFORMERS.replace("KeyError: 'qwen3'", "KeyError: 'qwen3'\n`````\n@bob #1\n```\n")))
    fences = [token for token in MarkdownIt().parse(text) if token.type == "fence"]
    assert any("@bob #1" in token.content and "Traceback" in token.content for token in fences)
    assert "@bob" not in prose_of(text)


def test_redacting_the_whole_never_opens_a_fence(material: Callable[..., Material]) -> None:
    """A name of a secret at the end of one block, and the next block as its value."""
    report = VLLM.replace("like #4711.", "the password:")
    text = written(material(report, tried=["I changed the api_key:", "token="]))
    assert text.count("```text") == 1
    assert "@maintainer" not in prose_of(text)
    assert [line for line in text.splitlines() if line.startswith("```")] == ["```text", "```"]


def test_nothing_steers_the_terminal(material: Callable[..., Material]) -> None:
    text = written(material(VLLM.replace("After", "\x1b[31mAfter\u202e"), tried=["\x1b]0;x\x07 y\u200b"]))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e]", text)


# Never longer than a tracker takes


def deep(frames: int, width: int = 100) -> str:
    frame = (
        '  File "/srv/env/lib/python3.10/site-packages/vllm/x.py", line {0}, in call_{0}\n    ' + "y" * width + "()\n"
    )
    return "Traceback (most recent call last):\n" + "".join(map(frame.format, range(frames))) + "ValueError: deep\n"


@pytest.mark.parametrize("name", sorted({template.name for template in TEMPLATES}))
def test_a_report_is_never_too_long(name: str, material: Callable[..., Material]) -> None:
    facts = [*FACTS, FactGroup("Variables", [Fact(f"NCCL_{n}", "v" * 3000) for n in range(100)])]
    record = Record(["python", *["x" * 900] * 90], "/srv", "2026-11-19T10:00:00Z", None, None, exit_code=1)
    report = "my own words. " * 600 + "\n" + deep(450)
    text = written(material(report, facts=facts, tried=["t" * 5000] * 90, run=Run(record, 1)), name)
    assert len(text) < UPSTREAM_LIMIT
    for kept in ("Traceback (most recent", "ValueError: deep", "Ubuntu 22.04.5 LTS", "AMD EPYC 7763", "vllm"):
        assert kept in text
    assert re.search(r"\[… \d+ lines left out here …\]", text)


def test_the_log_is_cut_in_the_middle_and_the_facts_are_not(material: Callable[..., Material]) -> None:
    text = written(material(deep(700), facts=FACTS))
    assert "call_0\n" in text
    assert "call_699\n" in text
    told = re.search(r"\[… (\d+) lines left out here …\]", text)
    assert told
    assert text.count("/vllm/x.py") + text.count("yyyy()") + int(told[1]) == 1400
    assert all(fact.shown in text for group in FACTS for fact in group.facts)


def test_a_short_traceback_is_whole(material: Callable[..., Material]) -> None:
    text = written(material("noise\n" * 500 + deep(60)))
    assert text.count("/vllm/x.py") == 60
    assert "left out" not in text
    assert "lines of the log" in text


@pytest.mark.parametrize("room", [0, 10, 100, 1000, 5000])
def test_lines_fit_their_room(room: int) -> None:
    lines = [f"{number} " + "z" * (number % 90) for number in range(300)]
    kept = fitted(lines, room, words_in("en"))
    (said,) = [line for line in kept if "left out here" in line]
    assert sum(len(line) + 1 for line in kept if line is not said) <= room
    assert int(re.findall(r"\d+", said)[0]) + len(kept) - 1 == 300
    place = kept.index(said)
    assert kept[:place] == lines[:place]
    assert kept[place + 1 :] == lines[len(lines) - len(kept) + place + 1 :]
    assert fitted(lines, 10**6, words_in("en")) == lines


def test_an_endless_line_is_shortened() -> None:
    (line,) = fitted(["a" * 90_000 + "b"], 5_000, words_in("zh"))
    assert len(line) < 2_100
    assert line.endswith("b")
    assert "88001" in line


# What is said beside it


def test_the_note_says_where_and_what_is_left(material: Callable[..., Material]) -> None:
    template = template_named("vllm", "en")
    text = written(material(VLLM, tried=[f"with {TOKEN}"]))
    note = posting_note(text, template, title="ValueError: x", chosen=False)
    assert "read it before you post it" in note
    assert "https://github.com/vllm-project/vllm/issues/new?template=400-bug-report.yml" in note
    assert "[Bug]: ValueError: x" in note
    assert "1 token" in note
    assert "2 places in _italics_, 1 box to tick" in note
    general = posting_note("x", template_named("general", "en"), title=None, chosen=True)
    assert "no tracker in particular" in general
    assert "http" not in general


def test_what_was_taken_out_is_counted() -> None:
    assert taken_out("plain") == "nothing"
    assert taken_out("<user> <user> <ip> <token>") == "2 user names, 1 network address, 1 token"


def test_the_copy_of_the_application_is_such_a_report(kit: FirstAid) -> None:
    report = read(TRANSFORMERS)
    text = to_issue(report, kit.diagnose(report))
    assert text.startswith("### System Info\n")
    assert "- transformers 4.46.0" in text


def test_only_cases_that_did_not_help_with_this_error_count(kit: FirstAid, tmp_path: Path) -> None:
    said = Feedback(tmp_path / "feedback.jsonl")
    report, other = read(TRANSFORMERS), read(TORCH)
    diagnosis = kit.diagnose(report)
    for about, case, helped in (
        (report, "one", False),
        (report, "two", False),
        (report, "two", True),
        (other, "three", False),
    ):
        said.add(about, diagnosis, case, helped)
    assert said.unhelpful(report) == ["one"]
    assert said.unhelpful(read(FOREIGN)) == []


# The command


def bug(done: CompletedProcess[bytes]) -> tuple[str, str]:
    assert done.returncode == 0, done.stderr
    return done.stdout.decode(), done.stderr.decode()


def test_a_file_and_a_pipe_give_the_same_report(firstaid: Run_, tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text(VLLM, encoding="utf-8")
    text, said = bug(firstaid("report", str(log), "--tried", "a reboot", "--tried", "two GPUs"))
    assert text.startswith("### Your current environment\n")
    assert "- a reboot\n- two GPUs\n" in text
    assert said.startswith("firstaid: read it before you post it")
    assert "laid out for   vllm-project/vllm, as the error tells" in said
    again, quiet = bug(firstaid("report", "-q", "--tried", "a reboot", "--tried", "two GPUs", stdin=VLLM.encode()))
    assert quiet == ""
    assert prose_of(again).splitlines()[-9:] == prose_of(text).splitlines()[-9:]


def test_options(firstaid: Run_) -> None:
    text, said = bug(firstaid("report", "--for", "ollama", "--env", "none", "--top", "1", "-", stdin=VLLM.encode()))
    assert text.startswith("### What is the issue?\n")
    assert "<details>" not in text
    assert "- [ ]" not in text
    assert "as the error tells" not in said


def test_without_anything_the_last_diagnosis_is_reported(firstaid: Run_) -> None:
    done = firstaid("report")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"there is nothing to report" in done.stderr
    assert b"cure: COMMAND 2>&1 | firstaid report" in done.stderr
    bug(firstaid("diagnose", "--no-llm", "-", stdin=TRANSFORMERS.encode()))
    for stdin in (None, b""):
        text, _ = bug(firstaid("report", stdin=stdin))
        assert text.startswith("### System Info\n")
        assert "KeyError: 'qwen3'" in text


def test_a_new_file_is_written_and_no_old_one(firstaid: Run_, tmp_path: Path) -> None:
    output = tmp_path / "bug.md"
    done = firstaid("report", "-o", str(output), stdin=VLLM.encode())
    assert (done.returncode, done.stdout) == (0, b"")
    before = output.read_text(encoding="utf-8")
    assert before.startswith("### Your current environment\n")
    assert output.stat().st_mode & 0o077 == 0
    done = firstaid("report", "-o", str(output), stdin=PROSE.encode())
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"is not written over" in done.stderr
    assert output.read_text(encoding="utf-8") == before
    done = firstaid("report", "-o", str(tmp_path / "no" / "bug.md"), stdin=PROSE.encode())
    assert (done.returncode, b"cannot be written" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.log"], b"cannot be read"),
        (["--for", "vlm", "-"], b'did you mean "vllm"?'),
        (["--last"], b"no run is kept yet"),
        (["--last", "a.log"], b"FILE and --last are two reports"),
        (["--top", "0", "-"], b"--top"),
    ],
)
def test_bad_input_is_said(firstaid: Run_, arguments: Sequence[str], said: bytes) -> None:
    done = firstaid("report", *arguments, stdin=VLLM.encode())
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr
    assert b"Traceback" not in done.stderr


def test_of_the_newest_run(firstaid: Run_, own_home: Path) -> None:
    script = "raise KeyError('qwen3')"
    for command in ([sys.executable, "-c", script], [sys.executable, "-c", "1"], [sys.executable, "-c", script]):
        firstaid("run", "-q", "--", *command)
    text, _ = bug(firstaid("report", "--last", "--for", "general"))
    assert "- it ended with: exit code 1" in text
    assert "- the same command failed once before" in text
    assert "raise KeyError" in text
    assert f"- folder: `{Path.cwd()}`" in text
    assert "KeyError: 'qwen3'" in text
    newest = sorted((own_home / "state" / "runs").glob("*.log"))[-1]
    run = run_of(newest)
    assert run
    assert run.failed_before == 1
    newest.with_suffix(".json").unlink()
    assert run_of(newest) is None
    assert "it ended with" not in bug(firstaid("report", "--last"))[0]
