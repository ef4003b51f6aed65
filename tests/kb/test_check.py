"""Each rule of `kb check` fires on a case that breaks it, names file and key, and says the cure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from firstaid.kb import load
from firstaid.kb.check import check
from firstaid.kb.load import load_retired, parse_files, scan
from firstaid.kb.reader import Problem

WriteCase = Callable[..., Path]


@pytest.fixture
def faults(tmp_path: Path, write_case: WriteCase) -> Callable[..., list[Problem]]:
    """The faults of one case that was changed in one place."""

    def find(*replace: tuple[str, str], case_id: str = "alpha", shipped: bool = False) -> list[Problem]:
        folder = tmp_path / "cases"
        write_case(case_id, *replace, folder=folder)
        empty = tmp_path / "empty"
        return check(load(empty, folder) if shipped else load(folder, empty))

    return find


def test_a_sound_case_has_no_fault(faults: Callable[..., list[Problem]]) -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ('title = "alpha breaks"\n', "", "title", "missing"),
        ('title = "alpha breaks"', f'title = "{"x" * 91}"', "title", "91 characters; shorten it to 90"),
        ('title = "alpha breaks"', "title = 3", "title", "is a number"),
        ('confidence = "reported"', 'confidence = "sure"', "confidence", "is not in the list"),
        ('stack = ["torch"]', 'stack = ["tosch"]', "stack", 'did you mean "torch"?'),
        ('stack = ["torch"]', 'stack = "torch"', "stack", "is not a list of texts"),
        ('stage = ["Inference"]', "stage = []", "stage", "give at least 1"),
        ("Crash - Other Crashes", "Crash - Other Crash", "symptom", 'did you mean "Crash - Other Crashes"?'),
        ('cause = "', 'causes = "', "causes", 'unknown key; did you mean "cause"?'),
        ('regex = "alpha has broken"', 'regex = "(?<=a)b"', "signature[1].regex", "does not compile"),
        ('regex = "alpha has broken"', 'regex = "x*"', "signature[1].regex", "matches an empty text"),
        ('regex = "alpha has broken"', 'regex = "something else"', "sample[1].hit", "matched by no root or hint"),
        ('role = "root"', 'role = "boss"', "signature[1].role", "is not in the list"),
        ('hit = "', 'miss = "', "sample", "no hit sample"),
        ('hit = "', 'text = "', "sample[1].hit", "exactly one of"),
        ("https://example.org/alpha", "example.org", "incident[1].url", "is no address"),
        ("says = ", "say = ", "incident[1].says", "missing"),
        ('[[fix]]\ndo = "Mend alpha."', "", "fix", "missing"),
        ('do = "', 'given = { kind = "x" }\ndo = "', "fix[1].given", 'no signature captures "kind"'),
        ("[[incident]]", 'see_also = []\n[[incident]]', "sample[1].see_also", "unknown key"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_cure(
    faults: Callable[..., list[Problem]], old: str, new: str, key: str, says: str
) -> None:
    found = [str(problem) for problem in faults((old, new)) if problem.key == key]
    assert any(says in text and "alpha.toml" in text for text in found), found


@pytest.mark.parametrize(
    ("check_table", "says"),
    [
        ('package = "torch"\nbroken = "under 2"', "is no version range"),
        ('package = "torch"', "no version is named"),
        ('package = "torch"\nprogram = "ollama"\nbroken = "<1"', "names package, program"),
        ('colour = "red"', "names nothing to look at"),
        ('platform = "amiga"', "is not in the list"),
        ('file = { key = "x" }', "file.name: missing"),
        ('env = { name = "X", value = "1" }', "env.value: unknown key"),
        ('env = { name = "X" }', "env.broken: nothing is looked for"),
        ('env = { name = "X", broken = "(" }', "check[1].env.broken: does not compile"),
        ('file = { name = "x.json", size = "tiny" }', 'file.size: "tiny" is no size'),
        ('all = [{ file = { name = "x", broken = "(?=a)", key = "y" } }]', "check[1].file.broken: does not compile"),
        ('gpu = "<8"', "names nothing to look at"),
        ('package = "x"\nmissing = true\nbroken = "<1"', "a package that is missing has no version"),
        ('package = "torch"\nbroken = "<1"\ndecides = "yes"', "write true or false"),
        ('package = "torch"\nbroken = "<1"\ngiven = { size = "7b" }', 'no signature captures "size"'),
        ('all = [{ package = "torch", broken = "<" }]', "check[1].all[1].broken"),
    ],
)
def test_a_faulty_check_is_named(faults: Callable[..., list[Problem]], check_table: str, says: str) -> None:
    found = faults(("[[sample]]", f"[[check]]\n{check_table}\n\n[[sample]]"))
    assert any(says in str(problem) for problem in found), found


@pytest.mark.parametrize(
    "check_table",
    [
        'package = "torch"\nbroken = "<2.1,!=1.13.1"\nfixed = ">=2.1.2"',
        'program = "llama.cpp"\nbroken = "<4321"',
        'python = "<3.9"',
        'gpu_capability = "<8.0"\nfixed = ">=8.0"\ndecides = true',
        'platform = "windows"',
        'env = { name = "NCCL_P2P_DISABLE", broken = "unset" }',
        'file = { name = "generation_config.json", key = "eos_token_id", broken = "128001" }',
        'file = { name = "model.safetensors", size = "<1KB" }',
        'package = "hf-transfer"\nmissing = true',
        'all = [{ package = "torch", broken = "<2" }, { cuda = ">=12" }]',
    ],
)
def test_each_kind_of_check_can_be_written(faults: Callable[..., list[Problem]], check_table: str) -> None:
    assert faults(("[[sample]]", f"[[check]]\n{check_table}\n\n[[sample]]")) == []


def test_all_faults_of_all_files_come_at_once(tmp_path: Path, write_case: WriteCase) -> None:
    folder = tmp_path / "cases"
    write_case("one", ("title = ", "titel = "), ('role = "root"', 'role = "x"'), folder=folder)
    (folder / "two.toml").write_text("title = ", encoding="utf-8")
    (folder / "three.toml").write_bytes(b"title = '\xff'")
    found = {(Path(problem.file).name, problem.key) for problem in check(load(folder, tmp_path / "none"))}
    assert found >= {
        ("one.toml", "title"),
        ("one.toml", "titel"),
        ("one.toml", "signature[1].role"),
        ("two.toml", "file"),
        ("three.toml", "file"),
    }


def test_an_id_is_kebab_case(faults: Callable[..., list[Problem]]) -> None:
    assert [problem.key for problem in faults(case_id="Alpha_1")] == ["id"]


def test_an_id_stands_once(tmp_path: Path, write_case: WriteCase) -> None:
    folder = tmp_path / "cases"
    write_case("same", folder=folder / "a")
    write_case("same", folder=folder / "b")
    found = check(load(None, folder))
    assert any(problem.key == "id" and "also the id of" in problem.fault for problem in found)


def test_a_root_signature_proves_its_case_alone(tmp_path: Path, write_case: WriteCase) -> None:
    folder = tmp_path / "cases"
    write_case("one", ('regex = "one has broken"', 'regex = "has broken"'), folder=folder)
    write_case("two", folder=folder)
    found = check(load(folder, tmp_path / "none"))
    assert [(Path(problem.file).name, problem.key) for problem in found] == [("one.toml", "signature[1].regex")]
    assert "also fires on a sample of two" in found[0].fault


def test_a_miss_is_not_matched_by_its_own_root(faults: Callable[..., list[Problem]]) -> None:
    found = faults(("[[incident]]", '[[sample]]\nmiss = "alpha has broken, they say"\n\n[[incident]]'))
    assert [problem.key for problem in found] == ["sample[1].miss"]


def test_a_look_alike_exists(faults: Callable[..., list[Problem]]) -> None:
    found = faults(('asks = ["', 'see_also = [{ id = "beta", tell = "x" }]\nasks = ["'))
    assert [(problem.key, problem.fault) for problem in found] == [("see_also", 'no case "beta"')]


def test_a_retired_id_leads_to_a_case(tmp_path: Path, write_case: WriteCase) -> None:
    folder = tmp_path / "cases"
    write_case("alive", folder=folder)
    retired = tmp_path / "retired.toml"
    retired.write_text('[retired]\nold = "alive"\ndead = "gone"\nalive = "old"\n', encoding="utf-8")
    files, _ = scan(folder, tmp_path / "none")
    base = parse_files(files, retired=load_retired(retired))
    found = {(problem.key, problem.fault.split(",")[0]) for problem in check(base)}
    assert ("dead", 'leads to "gone"') in found
    assert ("alive", "is retired and yet a case") in found
    assert base.get("old") is base.cases["alive"]


def test_shipped_cases_speak_two_languages_and_have_a_source(faults: Callable[..., list[Problem]]) -> None:
    assert {problem.key for problem in faults(shipped=True)} == {"asks"}
    without = ('[[incident]]\nurl = "https://example.org/alpha"\nsays = "it breaks"\nlink = "same"', "")
    assert {problem.key for problem in faults(without, shipped=True)} == {"asks", "incident"}
