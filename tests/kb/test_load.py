"""Where cases come from: shipped ones, the user's own over them, faulty ones left out by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from firstaid.kb import content_key, load, scan

WriteCase = Callable[..., Path]


def test_a_users_case_joins_the_shipped_ones(tmp_path: Path, write_case: WriteCase) -> None:
    write_case("shipped", folder=tmp_path / "shipped")
    write_case("mine", folder=tmp_path / "user" / "deep" / "down")
    base = load(tmp_path / "user", tmp_path / "shipped")
    assert list(base.cases) == ["mine", "shipped"]
    assert (base.files["shipped"].shipped, base.files["mine"].shipped) == (True, False)


def test_a_users_case_takes_the_place_of_a_shipped_one(tmp_path: Path, write_case: WriteCase) -> None:
    write_case("same", folder=tmp_path / "shipped")
    write_case("same", ("Mend same.", "Mend it our way."), folder=tmp_path / "user")
    base = load(tmp_path / "user", tmp_path / "shipped")
    assert base.cases["same"].fixes[0].do == "Mend it our way."
    assert base.problems == ()


def test_a_faulty_case_is_named_and_left_out(tmp_path: Path, write_case: WriteCase) -> None:
    write_case("sound", folder=tmp_path / "shipped")
    write_case("faulty", ("title", "titel"), folder=tmp_path / "user")
    base = load(tmp_path / "user", tmp_path / "shipped")
    assert list(base.cases) == ["sound"]
    assert {Path(problem.file).name for problem in base.problems} == {"faulty.toml"}


def test_a_missing_folder_is_no_fault(tmp_path: Path) -> None:
    base = load(tmp_path / "none", tmp_path / "nothing")
    assert (base.cases, base.problems) == ({}, ())


def test_the_content_key_follows_the_content(tmp_path: Path, write_case: WriteCase) -> None:
    def key() -> str:
        return content_key(scan(None, tmp_path)[0])

    write_case("one", folder=tmp_path)
    first = key()
    assert key() == first
    path = write_case("one", ("Mend", "Repair"), folder=tmp_path)
    second = key()
    path.rename(path.with_stem("two"))
    assert len({first, second, key()}) == 3


def test_all_keys_reach_the_case(tmp_path: Path, write_case: WriteCase) -> None:
    write_case(
        "full",
        ('asks = ["', 'models = ["qwen"]\ndo_not = ["pray"]\nsee_also = [{ id = "b", tell = "c" }]\nasks = ["'),
        ('do = "Mend full."', 'do = "Mend full."\nrun = "r"\nverify = "v"\nexpect = "e"\nwhen = "w"\nshell = "python"'),
        ("[[incident]]", '[[check]]\npackage = "torch"\nbroken = "<2"\nfixed = ">=2"\ndecides = true\n\n[[incident]]'),
        ('link = "same"', 'link = "resolved"\nmodel = "m"\nstage = "Inference"'),
        folder=tmp_path,
    )
    base = load(None, tmp_path)
    assert base.problems == ()
    case = base.cases["full"]
    fix, check, incident = case.fixes[0], case.checks[0], case.incidents[0]
    assert (case.models, case.do_not, case.see_also[0].id) == (("qwen",), ("pray",), "b")
    assert (fix.run, fix.verify, fix.expect, fix.when, fix.shell) == ("r", "v", "e", "w", "python")
    assert (check.kind, check.name, check.broken, check.fixed, check.decides) == ("package", "torch", "<2", ">=2", True)
    assert (incident.model, incident.stage, incident.link) == ("m", "Inference", "resolved")


def test_sources_that_confirm_the_fix_come_first(tmp_path: Path, write_case: WriteCase) -> None:
    more = '\n[[incident]]\nurl = "https://example.org/best"\nsays = "cured"\nlink = "resolved"\n'
    path = write_case("one", folder=tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert load(None, tmp_path).cases["one"].sources == ("https://example.org/best", "https://example.org/one")
