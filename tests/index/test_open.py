"""The index as derived data: built once, shared, swapped in whole, rebuilt when damaged, and never embedding twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from firstaid.index import Library, Notices, Query, open_index, rebuild
from firstaid.index.encoder import BundledEncoder
from firstaid.index.store import DATABASE, MANIFEST, VECTORS, read_manifest
from firstaid.kb.errors import ExtraMissing, IndexUnavailable

WriteCase = Callable[..., Path]


class World:
    """A small knowledge base with its cache, and what opening it said."""

    def __init__(self, folder: Path, write_case: WriteCase) -> None:
        self.cases = folder / "cases"
        self.library = Library(cache=folder / "cache", user_cases=self.cases, shipped_cases=folder / "none")
        self.notes: list[str] = []
        self.progress: list[tuple[int, int]] = []
        self._write = write_case

    def write(self, case_id: str, *replace: tuple[str, str]) -> Path:
        return self._write(case_id, *replace, folder=self.cases)

    def first(self, text: str) -> str | None:
        notices = Notices(self.notes.append, lambda done, total: self.progress.append((done, total)))
        searcher = open_index(self.library, notices)
        hits = searcher.search(Query(text=text, error=text, words=text))
        searcher.close()
        return hits[0].id if hits else None

    def indexes(self) -> list[Path]:
        return sorted(path.parent for path in self.library.cache.glob(f"*/{MANIFEST}"))


@pytest.fixture
def world(tmp_path: Path, write_case: WriteCase) -> World:
    made = World(tmp_path / "world", write_case)
    made.write("alpha")
    made.write("beta")
    return made


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the real encoder was given."""
    seen: list[str] = []
    encode = BundledEncoder.encode

    def spy(self: BundledEncoder, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> object:
        seen.extend(texts)
        return encode(self, texts, progress=progress)

    monkeypatch.setattr(BundledEncoder, "encode", spy)
    return seen


def test_built_on_first_use_and_not_again(world: World) -> None:
    assert world.first("RuntimeError: alpha has broken") == "alpha"
    assert world.progress[-1] == (8, 8)
    stamp = [(path / DATABASE).stat().st_mtime_ns for path in world.indexes()]
    world.progress.clear()
    assert world.first("RuntimeError: beta has broken") == "beta"
    assert (world.progress, world.notes) == ([], [])
    assert [(path / DATABASE).stat().st_mtime_ns for path in world.indexes()] == stamp


def test_an_edit_an_addition_and_a_removal_are_noticed(world: World) -> None:
    assert world.first("gamma has broken") != "gamma"
    added = world.write("gamma")
    assert world.first("gamma has broken") == "gamma"
    added.unlink()
    assert world.first("gamma has broken") != "gamma"
    world.write("alpha", ('regex = "alpha has broken"', 'regex = "alpha (has broken|is gone)"'))
    assert world.first("alpha is gone") == "alpha"


def test_unchanged_texts_are_never_embedded_twice(world: World, embedded: list[str]) -> None:
    world.first("x")
    assert len([text for text in embedded if "alpha" in text]) == 4
    embedded.clear()
    world.write("alpha", ("Because of alpha.", "Because of alpha, again."))
    world.write("gamma")
    world.first("y")
    assert [text for text in embedded if "alpha" in text] == ["Because of alpha, again."]
    assert not [text for text in embedded if "beta" in text]
    embedded.clear()
    rebuild(world.library, Notices())
    assert [text for text in embedded if "alpha" in text or "beta" in text] == []


@pytest.mark.parametrize("name", [DATABASE, VECTORS, MANIFEST])
@pytest.mark.parametrize("how", ["cut", "flip", "gone", "empty"])
def test_a_damaged_index_is_rebuilt_and_said(world: World, name: str, how: str) -> None:
    world.first("x")
    path = world.indexes()[0] / name
    data = path.read_bytes()
    if how == "gone" and name != MANIFEST:
        path.unlink()
    elif how == "gone":
        path.write_text("[]", encoding="utf-8")
    else:
        middle = len(data) // 2
        flipped = data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]
        path.write_bytes({"cut": data[:middle], "flip": flipped, "empty": b""}[how])
    assert world.first("RuntimeError: alpha has broken") == "alpha"
    assert any("building it again" in note for note in world.notes), world.notes
    world.notes.clear()
    assert world.first("RuntimeError: alpha has broken") == "alpha"
    assert world.notes == []


def test_a_damaged_memory_of_vectors_is_made_anew(world: World) -> None:
    world.first("x")
    for memory in world.library.cache.glob("vectors-*.db"):
        memory.write_bytes(b"not a database at all" * 100)
    world.write("gamma")
    assert world.first("RuntimeError: gamma has broken") == "gamma"


def test_a_build_that_was_killed_leaves_nothing_behind(world: World) -> None:
    left = world.library.cache / ".building-x"
    left.mkdir(parents=True)
    (left / DATABASE).write_bytes(b"half")
    world.first("x")
    assert not left.exists()
    assert [path.name for path in world.library.cache.iterdir() if path.name.startswith(".building")] == []


def test_a_failing_build_leaves_no_index(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("firstaid.index.build.write_vectors", fail)
        with pytest.raises(KeyboardInterrupt):
            world.first("x")
    assert world.indexes() == []
    assert [path.name for path in world.library.cache.iterdir() if path.name.startswith(".building")] == []
    assert world.first("RuntimeError: alpha has broken") == "alpha"


def test_old_indexes_do_not_pile_up(world: World) -> None:
    for number in range(8):
        world.write("alpha", ("Mend alpha.", f"Mend alpha {number} times."))
        world.first("x")
        for index in world.indexes():
            os.utime(index, (number, number))
    assert 1 <= len(world.indexes()) <= 4


def test_an_index_that_is_in_use_is_left_alone(world: World) -> None:
    searcher = open_index(world.library)
    for number in range(8):
        world.write("alpha", ("Mend alpha.", f"Mend alpha {number} times."))
        world.first("x")
    assert searcher.search(Query.of("alpha has broken"))[0].id == "alpha"
    assert searcher.folder in world.indexes()


def test_vectors_that_vanish_do_not_keep_the_answer(world: World) -> None:
    searcher = open_index(world.library, Notices(note=world.notes.append))
    (searcher.folder / VECTORS).unlink()
    assert searcher.search(Query.of("alpha has broken"))[0].id == "alpha"
    assert any("vectors cannot be read" in note for note in world.notes)


def test_processes_share_one_build(world: World) -> None:
    script = (
        "import sys; from pathlib import Path; from firstaid.index import *\n"
        "library = Library(cache=Path(sys.argv[1]), user_cases=Path(sys.argv[2]), shipped_cases=Path('none'))\n"
        "notes = []\n"
        "hits = open_index(library, Notices(note=notes.append)).search(Query.of('beta has broken'))\n"
        "print(hits[0].id, notes)\n"
    )
    command = [sys.executable, "-c", script, str(world.library.cache), str(world.cases)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(5)]
    assert [process.communicate(timeout=120)[0].strip() for process in running] == ["beta []"] * 5
    assert len(world.indexes()) == 1


def test_a_reader_keeps_its_index_while_another_replaces_it(world: World) -> None:
    searcher = open_index(world.library)
    rebuild(world.library, Notices())
    assert searcher.search(Query.of("alpha has broken"))[0].id == "alpha"
    assert searcher.case("beta") is not None


def test_a_cache_that_cannot_be_written_does_not_keep_the_answer(world: World) -> None:
    world.library.cache.write_text("a file stands where the folder should", encoding="utf-8")
    assert world.first("RuntimeError: alpha has broken") == "alpha"
    assert any("for this run only" in note for note in world.notes)


def test_an_index_for_one_run_is_gone_after_it(world: World, tmp_path: Path) -> None:
    world.library.cache.write_text("a file stands where the folder should", encoding="utf-8")
    aside = tmp_path / "aside"
    aside.mkdir()
    script = (
        "import sys; from pathlib import Path; from firstaid.index import Query\n"
        "import firstaid.index.open as opening\n"
        "opening.memory_folder = lambda: sys.argv[3]\n"
        "library = opening.Library(Path(sys.argv[1]), Path(sys.argv[2]), Path('none'))\n"
        "hits = opening.open_index(library).search(Query.of('beta has broken'))\n"
        "print(hits[0].id, len(list(Path(sys.argv[3]).iterdir())))\n"
    )
    command = [sys.executable, "-c", script, str(world.library.cache), str(world.cases), str(aside)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["beta", "1"]
    assert list(aside.iterdir()) == []


def test_where_nothing_can_be_written_it_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.library.cache.write_text("", encoding="utf-8")
    monkeypatch.setattr("firstaid.index.open.memory_folder", lambda: "/proc")
    with pytest.raises(IndexUnavailable, match="no index can be written"):
        world.first("x")


def test_faulty_cases_are_named_at_every_opening(world: World) -> None:
    world.write("gamma", ('regex = "gamma has broken"', 'regex = "(?<=a)b"'))
    world.write("delta", ("title", "titel"))
    for _ in range(2):
        assert world.first("RuntimeError: alpha has broken") == "alpha"
        assert sorted(Path(note.split(": ")[1]).name for note in world.notes) == [
            "delta.toml", "delta.toml", "gamma.toml",
        ]  # fmt: skip
        world.notes.clear()


def test_an_empty_knowledge_base_answers_nothing(tmp_path: Path, write_case: WriteCase) -> None:
    assert World(tmp_path / "empty", write_case).first("anything") is None


def test_the_manifest_tells_what_was_indexed(world: World) -> None:
    world.first("x")
    manifest = read_manifest(world.indexes()[0])
    assert (manifest["cases"], manifest["vectors"]) == (2, 8)
    assert json.dumps(manifest["encoder"]).startswith('"all-MiniLM-L6-v2')


def test_another_encoder_has_another_index_and_is_never_replaced_silently(world: World) -> None:
    world.first("x")
    library = Library(world.library.cache, world.cases, world.library.shipped_cases, "sentence-transformers:/nowhere")
    with pytest.raises(Exception, match=r"sentence_transformers|nowhere") as caught:
        open_index(library)
    assert isinstance(caught.value, ExtraMissing) or "nowhere" in str(caught.value)
    assert len(world.indexes()) == 1


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled the moment they are written."""
    monkeypatch.setattr("firstaid.index.stamps._SETTLED", -1.0)


@pytest.mark.usefixtures("settled")
def test_unchanged_files_are_not_read_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world.first("RuntimeError: alpha has broken") == "alpha"
    with monkeypatch.context() as patch:
        patch.setattr("firstaid.index.open.scan", None)  # calling it would fail
        assert world.first("RuntimeError: alpha has broken") == "alpha"
    world.write("gamma")
    assert world.first("RuntimeError: gamma has broken") == "gamma"
    (world.cases / "gamma.toml").unlink()
    assert world.first("RuntimeError: gamma has broken") != "gamma"
    assert len(world.indexes()) == 2, "the index of the first two cases is used again"


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("damage", ["", "{", "[]", '{"a": 1}'])
def test_a_damaged_memory_of_what_was_read_costs_time_only(world: World, damage: str) -> None:
    assert world.first("RuntimeError: alpha has broken") == "alpha"
    (world.library.cache / "stamps.json").write_text(damage, encoding="utf-8")
    assert world.first("RuntimeError: alpha has broken") == "alpha"
    assert (len(world.indexes()), world.notes) == (1, [])


def test_what_changes_right_after_being_read_is_noticed(world: World) -> None:
    """A clock too coarse to tell two changes apart must not hide the second."""
    assert world.first("RuntimeError: alpha has broken") == "alpha"
    assert not (world.library.cache / "stamps.json").exists()
