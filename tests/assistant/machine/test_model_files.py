"""Which folders of this machine a report speaks of, and what stands in their files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from firstaid.assistant.machine import model_files
from firstaid.assistant.machine.model_files import (
    MISSING,
    JsonError,
    is_of_model,
    json_value,
    model_folders,
    working_files,
)
from firstaid.assistant.report import Report, read_report

REVISION = "b968826d9c46dd6066d109eabc6255188de91218"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The working folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def model(folder: Path, **config: object) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"model_type": "qwen3", **config}), encoding="utf-8")
    return folder


def report(text: str) -> Report:
    return read_report(f"{text}\nRuntimeError: it failed")


@pytest.mark.parametrize(
    "text",
    [
        "$ vllm serve --model {path}",
        "$ vllm serve models/Qwen3-8B --port 8000",
        "python train.py --model_name_or_path={path} --lr 1",
        "swift sft --model '{path}' --tuner lora",
        'model = AutoModel.from_pretrained("{path}", device_map="auto")',
        "model = AutoModel.from_pretrained(\n    '{path}'\n)",
        "llama-cli -m {path}/model.gguf -p hello",
        "engine.py: Initializing an LLM engine with config: model='{path}', tokenizer='{path}', dtype=bf16",
        "model_name_or_path: {path}",
        '{{"base_model": "{path}/"}}',
        "loading configuration file {path}/config.json",
        "OSError: Error no file named pytorch_model.bin found in directory {path}.",
        "FileNotFoundError: [Errno 2] No such file or directory: '{path}'",
        "resume_from_checkpoint={path}",
    ],
)
def test_folders_that_it_names(here: Path, text: str) -> None:
    folder = model(here / "models" / "Qwen3-8B")
    (folder / "model.gguf").write_bytes(b"GGUF")
    assert model_folders(report(text.format(path=folder)), {}) == [folder]


@pytest.mark.parametrize("path", ["output/checkpoint-100", "./output/checkpoint-100", "../work/output/checkpoint-100"])
def test_paths_from_the_working_folder(here: Path, path: str) -> None:
    folder = model(here / "output" / "checkpoint-100")
    assert model_folders(report(f"python infer.py --model {path}"), {}) == [folder]


def test_the_working_folder_itself(here: Path) -> None:
    (here / "tokenizer_config.json").write_text("{}", encoding="utf-8")
    assert model_folders(report("python infer.py --model ."), {}) == [here]


def test_a_path_from_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = model(tmp_path / "models" / "x")
    assert model_folders(report("vllm serve --model ~/models/x"), {}) == [folder]


def test_a_folder_given_as_a_model_counts_even_without_one(here: Path) -> None:
    (here / "models" / "empty").mkdir(parents=True)
    assert model_folders(report("vllm serve --model models/empty"), {}) == [here / "models" / "empty"]
    assert model_folders(report(f"found nothing in {here}/models/empty"), {}) == []


@pytest.mark.parametrize(
    "text",
    [
        "the model: data is broken",
        "--model /gone/models/Qwen3-8B",
        "https://example.com/{here}/models",
        "{here}/data and {here}/data/config.json",
        "{here}/data/train.py",
        "model={here}/data/train.py",
        "--model //host/share/model --model \\\\host\\share\\model",
        "--model /proc/self --model /proc/self/cwd",
        "--model ~nobody-of-this-name/x",
        "",
    ],
)
def test_nothing_is_guessed(here: Path, text: str) -> None:
    (here / "data").mkdir()
    (here / "data" / "config.json").write_text('{"auths": {}}', encoding="utf-8")
    (here / "data" / "train.py").write_text("", encoding="utf-8")
    assert model_folders(report(text.format(here=here)), {}) == []


def cached(home: Path, repo: str) -> Path:
    folder = home / "hub" / f"models--{repo.replace('/', '--')}"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs" / "main").write_text(REVISION, encoding="ascii")
    return model(folder / "snapshots" / REVISION)


def test_else_the_hubs_cache(here: Path, tmp_path: Path) -> None:
    snapshot = cached(tmp_path, "Qwen/Qwen3-8B")
    text = "vllm serve Qwen/Qwen3-8B --max-model-len 100"
    assert model_folders(report(text), {"HF_HOME": str(tmp_path)}) == [snapshot]
    assert model_folders(report(text), {"HF_HOME": str(tmp_path / "another")}) == []
    assert model_folders(report("vllm serve Qwen/Qwen3-14B"), {"HF_HOME": str(tmp_path)}) == []
    folder = model(here / "tuned")
    assert model_folders(report(f"{text}\n--model {folder}"), {"HF_HOME": str(tmp_path)}) == [folder]


def test_no_more_than_five(here: Path) -> None:
    folders = [model(here / f"m{number}") for number in range(7)]
    text = "\n".join(f"--model {folder}" for folder in folders)
    assert model_folders(report(text), {}) == folders[:5]


def test_long_reports_are_looked_at_from_both_ends(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "_LOOKED_AT", 1000)
    folders = [model(here / name) for name in ("first", "between", "last")]
    filler = "step and loss\n" * 500
    text = filler.join(f"--model {folder}\n" for folder in folders)
    assert model_folders(report(text), {}) == [folders[0], folders[2]]


def test_files_of_the_working_folder(here: Path) -> None:
    for name in ("ds_config.json", "config.json", "installer_files/env/x"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text("{}", encoding="utf-8")
    assert working_files("ds_config.json") == [here / "ds_config.json"]
    assert working_files("installer_files/env") == [here / "installer_files" / "env"]
    assert working_files("config.json") == [], "whose model's, nobody knows"
    assert working_files("Modelfile") == []
    assert working_files("../work/ds_config.json") == []
    assert working_files(str(here / "ds_config.json")) == []


@pytest.mark.parametrize(
    "text",
    [
        "deepspeed train.py --deepspeed configs/z3.json",
        "deepspeed: ./configs/z3.json",
        "--deepspeed_config=configs/z3.json",
    ],
)
def test_what_deepspeed_was_given(here: Path, text: str) -> None:
    (here / "configs").mkdir()
    (here / "configs" / "z3.json").write_text("{}", encoding="utf-8")
    (here / "ds_config.json").write_text("{}", encoding="utf-8")
    assert working_files("ds_config.json", report(text)) == [here / "configs" / "z3.json", here / "ds_config.json"]
    assert working_files("ds_config.json", report("nothing")) == [here / "ds_config.json"]


@pytest.mark.parametrize(
    ("name", "of_model"),
    [
        ("config.json", True),
        ("tokenizer.model", True),
        ("model.safetensors.index.json", True),
        ("model-00001-of-00002.safetensors", True),
        ("consolidated.00.pth", True),
        ("pytorch_model_fsdp_0/.metadata", True),
        ("ds_config.json", False),
        ("dataset_info.json", False),
        ("installer_files/env", False),
        ("pip.conf", False),
    ],
)
def test_whose_file_it_is(name: str, of_model: bool) -> None:
    assert is_of_model(name) is of_model


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("model_type", "qwen3"),
        ("quantization_config.quant_method", "gptq"),
        ("quantization_config", {"quant_method": "gptq", "bits": 4}),
        ("rope_scaling", None),
        ("architectures", ["Qwen3ForCausalLM"]),
        ("rope_scaling.type", MISSING),
        ("model_type.x", MISSING),
        ("gone", MISSING),
        ("quantization_config.", MISSING),
    ],
)
def test_values(tmp_path: Path, key: str, value: object) -> None:
    folder = model(
        tmp_path / "x",
        quantization_config={"quant_method": "gptq", "bits": 4},
        rope_scaling=None,
        architectures=["Qwen3ForCausalLM"],
    )
    assert json_value(folder / "config.json", key) == value


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b"[" * 200_000, b'{"a": ' * 200_000],
    ids=["empty", "cut", "no text", "deep list", "deep table"],
)
def test_what_is_no_json(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.json").write_bytes(content)
    with pytest.raises(JsonError, match="no JSON"):
        json_value(tmp_path / "config.json", "a")


def test_a_list_has_no_keys(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(b"\xef\xbb\xbf[1]")
    assert json_value(tmp_path / "config.json", "a") is MISSING


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "tokenizer.json").open("wb") as file:
        file.truncate((20 << 20) + 1)
    with pytest.raises(JsonError, match="larger than 20 MB"):
        json_value(tmp_path / "tokenizer.json", "a")


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(JsonError, match="no file"):
        json_value(tmp_path / "gone", "a")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(JsonError, match="no file"):
            json_value(tmp_path / "pipe", "a")
