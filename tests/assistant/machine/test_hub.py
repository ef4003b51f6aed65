"""The hub's cache, as its clients leave it on the disk."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from firstaid.assistant.machine import hub
from firstaid.assistant.machine.fact import Fact
from firstaid.assistant.machine.hub import CachedModel, cached_model, cached_models

REVISION = "b968826d9c46dd6066d109eabc6255188de91218"
OLDER = "0000826d9c46dd6066d109eabc6255188de91218"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 4976698672\n"
WHOLE = {"config.json": "{}", "model.safetensors": "weights"}


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty cache that is the user's."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN", "HF_TOKEN_PATH", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    (tmp_path / "hf" / "hub").mkdir(parents=True)
    return tmp_path / "hf" / "hub"


def store(
    cache: Path, name: str = "models--Qwen--Qwen3-8B", files: Mapping[str, str] = WHOLE, revision: str = REVISION
) -> Path:
    """A repository of which one revision was fetched; gives its folder."""
    folder = cache / name
    snapshot = folder / "snapshots" / revision
    for part in (snapshot, folder / "blobs", folder / "refs"):
        part.mkdir(parents=True, exist_ok=True)
    (folder / "refs" / "main").write_text(revision, encoding="ascii")
    for file, text in files.items():
        blob = folder / "blobs" / f"{abs(hash(text)):040x}"
        blob.write_text(text, encoding="utf-8")
        (snapshot / file).parent.mkdir(parents=True, exist_ok=True)
        (snapshot / file).symlink_to(os.path.relpath(blob, (snapshot / file).parent))
    return folder


def only(cache: Path) -> CachedModel:
    (found,) = cached_models(cache)
    return found


def values(found: list[Fact]) -> dict[str, str]:
    return {fact.name: fact.shown for fact in found}


def test_a_whole_model(cache: Path) -> None:
    folder = store(cache)
    found = only(cache)
    assert found == CachedModel("Qwen/Qwen3-8B", "model", folder, folder / "snapshots" / REVISION, (), (), (), ())
    assert found.whole
    assert cached_model(cache, "Qwen/Qwen3-8B") == found


def test_kinds_and_names(cache: Path) -> None:
    for name in ("models--gpt2", "datasets--HuggingFaceH4--ultrachat_200k", "spaces--a--b-c.d", ".locks", "tmp--x"):
        store(cache, name)
    (cache / "version.txt").write_text("1", encoding="ascii")
    (cache / "models--a--file").write_text("", encoding="ascii")
    assert [(found.kind, found.repo) for found in cached_models(cache)] == [
        ("dataset", "HuggingFaceH4/ultrachat_200k"),
        ("model", "gpt2"),
        ("space", "a/b-c.d"),
    ]


def test_the_hubs_own_client_reads_the_same(cache: Path) -> None:
    client = pytest.importorskip("huggingface_hub")
    for name in ("models--gpt2", "models--Qwen--Qwen3-8B", "datasets--a--b"):
        store(cache, name)
    found = client.scan_cache_dir(cache)
    assert not found.warnings
    assert {(repo.repo_type, repo.repo_id, repo.repo_path) for repo in found.repos} == {
        (model.kind, model.repo, model.folder) for model in cached_models(cache)
    }


@pytest.mark.parametrize("repo", ["Qwen/Qwen3-14B", "../Qwen3-8B", "a/b/c", "", "a\\b", "Qwen/Qwen3-8B\n"])
def test_what_is_not_there(cache: Path, repo: str) -> None:
    store(cache)
    assert cached_model(cache, repo) is None
    assert cached_models(cache / "gone") == []


def test_main_names_the_revision(cache: Path) -> None:
    folder = store(cache)
    store(cache, revision=OLDER)
    (folder / "refs" / "main").write_text(REVISION, encoding="ascii")
    assert only(cache).snapshot == folder / "snapshots" / REVISION


@pytest.mark.parametrize("main", [None, "", "../..", "gone", "\udcff"])
def test_without_main_the_newest_counts(cache: Path, main: str | None) -> None:
    folder = store(cache)
    store(cache, revision=OLDER)
    os.utime(folder / "snapshots" / OLDER, (1, 1))
    (folder / "refs" / "main").unlink()
    if main is not None:
        (folder / "refs" / "main").write_bytes(main.encode("utf-8", "surrogateescape"))
    assert only(cache).snapshot == folder / "snapshots" / REVISION


def test_a_download_that_did_not_end(cache: Path) -> None:
    folder = store(cache)
    done, before = next((folder / "blobs").iterdir()).name, time.time() - 3 * 3600
    for name in ("aa11.incomplete", "bb22.5e5ba71c.incomplete", f"{done}.5e5ba71c.incomplete"):
        (folder / "blobs" / name).write_bytes(bytes(1 << 20))
        os.utime(folder / "blobs" / name, (before, before))
    found = only(cache)
    assert [blob.name for blob in found.incomplete] == ["aa11.incomplete", "bb22.5e5ba71c.incomplete"], (
        "what another download completed is no fault"
    )
    assert values(hub.hub())["not whole"] == "Qwen/Qwen3-8B: 2 unfinished downloads, 2 MiB, last written 3 hours ago"


def test_a_download_before_its_first_snapshot(cache: Path) -> None:
    blobs = cache / "models--Qwen--Qwen3-8B" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / "aa11.incomplete").write_bytes(b"x")
    found = only(cache)
    assert (found.snapshot, found.incomplete) == (None, (blobs / "aa11.incomplete",))
    assert values(hub.hub())["not whole"].endswith(
        "1 unfinished download, 1 B, last written just now, perhaps still under way"
    )


def test_a_blob_that_is_gone(cache: Path) -> None:
    folder = store(cache)
    (folder / "snapshots" / REVISION / "model.safetensors").resolve().unlink()
    assert only(cache).dangling == (folder / "snapshots" / REVISION / "model.safetensors",)
    assert values(hub.hub())["not whole"] == "Qwen/Qwen3-8B: 1 link to nothing"


def test_faults_of_revisions_that_nobody_asks_for_do_not_count(cache: Path) -> None:
    folder = store(cache)
    store(cache, files={"tokenizer.json": "another"}, revision=OLDER)
    (folder / "snapshots" / OLDER / "tokenizer.json").resolve().unlink()
    (folder / "refs" / "main").write_text(REVISION, encoding="ascii")
    assert only(cache).whole


def test_pointers_in_place_of_files(cache: Path) -> None:
    folder = store(cache, files={"model.safetensors": POINTER, "config.json": "{}"})
    assert only(cache).pointers == (folder / "snapshots" / REVISION / "model.safetensors",)


def test_shards_that_are_not_there(cache: Path) -> None:
    shards = '{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}'
    files = {"model.safetensors.index.json": shards, "model-00001-of-00002.safetensors": "weights"}
    store(cache, files=files)
    store(cache, "datasets--a--b", files={"model-00001-of-00002.safetensors": "rows"})
    dataset, model = cached_models(cache)
    assert model.missing == ("model-00002-of-00002.safetensors",)
    assert dataset.whole, "of a dataset one may want a part"
    assert values(hub.hub())["not whole"] == (
        "Qwen/Qwen3-8B: 1 shard not there, model-00002-of-00002.safetensors the first"
    )


def test_blobs_are_counted_once(cache: Path) -> None:
    folder = store(cache, files={"model.safetensors": "x" * (3 << 20)})
    store(cache, files={"copy.safetensors": "x" * (3 << 20)}, revision=OLDER)
    shared = cache / "blobs" / "ab" / "abcdef"
    shared.parent.mkdir(parents=True)
    shared.write_bytes(b"y" * (2 << 20))
    (folder / "blobs" / "ffff").symlink_to(shared)
    files = folder / "snapshots" / REVISION
    (files / "plain.bin").write_bytes(b"z" * (1 << 20))
    assert values(hub.hub())["holds"] == "1 model (6 MiB on the disk)"


def test_what_takes_long_to_count_takes_nothing_else_away(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(hub, "_SECONDS", 0.01)
    monkeypatch.setattr(hub, "_taken", lambda _cache: never.wait())
    store(cache)
    assert values(hub.hub())["holds"] == "1 model (not counted within 0.01 s)"
    never.set()


def test_a_cache_that_is_not_there_yet(cache: Path) -> None:
    cache.rmdir()
    found = values(hub.hub())
    assert list(found) == ["folder", "free", "token"]
    assert found["folder"].endswith("(not there yet)")
    assert "iB" in found["free"]
    assert not cache.exists()


def test_an_empty_cache(cache: Path) -> None:
    assert values(hub.hub())["holds"] == "nothing"
    assert cache.is_dir()


def test_only_so_many_are_told(cache: Path) -> None:
    for number in range(11):
        store(cache, f"models--a--b{number}", files={"model.safetensors": POINTER})
    told = [fact.value for fact in hub.hub() if fact.name == "not whole"]
    assert len(told) == 9
    assert told[-1] == "3 more"


def test_of_a_token_it_is_told_that_there_is_one(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert values(hub.hub())["token"] == "none is stored"
    (cache.parent / "token").write_text("hf_secretsecretsecret", encoding="ascii")
    assert values(hub.hub())["token"] == "stored"
    monkeypatch.setenv("HF_TOKEN", "hf_secretsecretsecret")
    monkeypatch.setenv("HF_TOKEN_PATH", str(cache / "gone"))
    assert values(hub.hub())["token"] == "none is stored (a variable holds one, which goes before)"
    assert not any("secretsecret" in fact.shown for fact in hub.hub())


def test_locks_stay_and_do_no_harm_unless_they_are_held(cache: Path) -> None:
    lock = cache / ".locks" / "models--Qwen--Qwen3-8B" / "aa11.lock"
    lock.parent.mkdir(parents=True)
    lock.write_bytes(b"")
    assert values(hub.hub())["locks"] == "1 file (none is known to be held)"


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux lists its locks")
def test_a_lock_that_is_held_names_the_process(cache: Path) -> None:
    import fcntl

    lock = cache / ".locks" / "models--Qwen--Qwen3-8B" / "aa11.lock"
    lock.parent.mkdir(parents=True)
    with lock.open("wb") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        assert values(hub.hub())["locks"] == f"1 file (held by process {os.getpid()})"


def test_a_cache_that_may_not_be_read(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _folder, _how: False)
    store(cache)
    assert values(hub.hub())["holds"] == "unknown (may not be read)"


def test_nothing_is_written(cache: Path) -> None:
    store(cache, files={"model.safetensors": POINTER})
    before = {path: path.lstat().st_mtime_ns for path in cache.parent.rglob("*")}
    hub.hub()
    assert {path: path.lstat().st_mtime_ns for path in cache.parent.rglob("*")} == before
