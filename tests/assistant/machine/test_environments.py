"""Which environment a path, a report and a prompt mean."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from fake_environment import Fake, conda, debian, system, venv, write

from firstaid.assistant.machine.environments import (
    Environment,
    Located,
    active_environment,
    environment_at,
    located,
    own_environment,
    paths_of,
)
from firstaid.assistant.machine.installed import located as located_module
from firstaid.assistant.report import read_report


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with nothing activated and nothing on PATH."""
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONNOUSERSITE", "PYTHONUSERBASE", "PYENV_VERSION"):
        monkeypatch.delenv(name, raising=False)
    person = tmp_path / "home" / "person"
    person.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(person))
    monkeypatch.setenv("PATH", "")
    monkeypatch.chdir(person)
    return person


def at(path: Path) -> Environment:
    found = environment_at(path)
    assert found is not None
    return found


# a path


@pytest.mark.parametrize(
    "named",
    [
        "",
        "bin/python",
        "bin/python3.10",
        "bin/activate",
        "bin/torchrun",
        "lib/python3.10/site-packages",
        "lib/python3.10/site-packages/torch/nn/modules/module.py",
        "lib/python3.10/asyncio/base_events.py",
        "src/an-editable/module.py",
    ],
)
@pytest.mark.parametrize("make", [venv, conda], ids=["venv", "conda"])
def test_all_that_lies_in_an_environment_names_it(tmp_path: Path, make: type[Fake], named: str) -> None:
    fake = make(tmp_path / "env", "3.10.12")  # type: ignore[arg-type]
    found = at(fake.prefix / named)
    assert (found.prefix, found.folders, found.python) == (fake.prefix, (fake.folder,), "3.10.12")
    assert found.kind == make.__name__


def test_a_python_of_the_system(tmp_path: Path) -> None:
    fake = system(tmp_path / "opt", "3.12.3")
    for named in ("", "bin/python3", "lib/python3.12/site-packages/torch/__init__.py", "lib/python3.12/asyncio/x.py"):
        found = at(fake.prefix / named)
        assert (found.folders, found.python, found.kind) == ((fake.folder,), "3.12.3", "system")


def test_python_of_debian_sees_what_pip_put_beneath_local(tmp_path: Path) -> None:
    fake = debian(tmp_path)
    own = tmp_path / "usr" / "lib" / "python3" / "dist-packages"
    for folder in (fake.folder / "torch" / "x.py", own, tmp_path / "usr", tmp_path / "usr" / "bin" / "python3"):
        found = at(folder)
        assert (found.prefix, found.folders, found.python) == (tmp_path / "usr", (fake.folder, own), "3.10")


def test_a_link_to_a_python_leads_to_it_and_that_of_a_venv_does_not(tmp_path: Path, home: Path) -> None:
    base = system(tmp_path / "cpython-3.11.7-linux-x86_64-gnu", "3.11.7", header=False)
    link = home / ".local" / "bin" / "python3.11"
    link.parent.mkdir(parents=True)
    link.symlink_to(base.prefix / "bin" / "python3.11")
    assert at(link).prefix == base.prefix
    assert at(link).python == "3.11.7"
    fake = venv(tmp_path / "env", "3.11.7")
    (fake.prefix / "bin" / "python3.11").unlink()
    (fake.prefix / "bin" / "python3.11").symlink_to(base.prefix / "bin" / "python3.11")
    assert at(fake.prefix / "bin" / "python").prefix == fake.prefix


def test_versions_are_told_by_files_alone(tmp_path: Path) -> None:
    assert at(venv(tmp_path / "uv", "3.12.1", uv=True).prefix).python == "3.12.1"
    assert at(system(tmp_path / "3.9.18", "3.9.18", header=False).prefix).python == "3.9.18"
    assert at(system(tmp_path / "opt", "3.9.18", header=False).prefix).python == "3.9"
    write(venv(tmp_path / "bare", "3.9.18").prefix / "pyvenv.cfg", "home = /x\n")
    assert at(tmp_path / "bare").python == "3.9"
    folder = tmp_path / "target" / "site-packages"
    folder.mkdir(parents=True)
    assert (at(folder).folders, at(folder).python) == ((folder,), None)


def test_of_several_pythons_the_one_of_the_path_counts(tmp_path: Path) -> None:
    old = system(tmp_path / "opt", "3.9.18")
    write(old.prefix / "lib" / "python3.12" / "site-packages" / "torch" / "__init__.py", "")
    assert at(old.prefix).python == "3.9.18"  # its python3
    assert at(old.prefix / "lib" / "python3.12" / "site-packages" / "torch").python == "3.12"


def test_a_venv_that_sees_the_packages_of_its_python(tmp_path: Path, home: Path) -> None:
    base = system(tmp_path / "opt")
    user = home / ".local" / "lib" / "python3.10" / "site-packages"
    user.mkdir(parents=True)
    fake = venv(tmp_path / "env", system=base.prefix)
    assert at(fake.prefix).folders == (fake.folder, user, base.folder)
    assert at(venv(tmp_path / "closed").prefix).folders == (
        tmp_path / "closed" / "lib" / "python3.10" / "site-packages",
    )


def test_what_a_user_installed_comes_first_but_in_a_venv(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = home / ".local" / "lib" / "python3.10" / "site-packages"
    user.mkdir(parents=True)
    fake = conda(tmp_path / "env")
    assert at(fake.prefix).folders == (user, fake.folder)
    assert at(user / "torch").folders == (user,)  # no Python of that version is found
    monkeypatch.setenv("PATH", str(fake.prefix / "bin"))
    assert at(user / "torch").prefix == fake.prefix
    monkeypatch.setenv("PYTHONNOUSERSITE", "1")
    assert at(fake.prefix).folders == (fake.folder,)


def test_a_second_name_of_a_folder_counts_once(tmp_path: Path) -> None:
    fake = venv(tmp_path / "env")
    (fake.prefix / "lib64").symlink_to("lib")
    assert at(fake.prefix).folders == (fake.folder,)
    assert at(fake.prefix / "lib64" / "python3.10" / "site-packages" / "torch").prefix == fake.prefix


def test_on_windows_there_is_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "env" / "Lib" / "site-packages"
    folder.mkdir(parents=True)
    write(tmp_path / "env" / "pyvenv.cfg", "home = C:\\Python311\nversion = 3.11.4\n")
    assert (at(folder / "torch").folders, at(tmp_path / "env").python) == ((folder,), "3.11.4")


def test_a_project_with_its_venv(tmp_path: Path) -> None:
    fake = venv(tmp_path / "project" / ".venv")
    assert at(tmp_path / "project").prefix == fake.prefix


def test_what_is_no_environment(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in (
        tmp_path,
        tmp_path / "gone",
        loop,
        loop / "bin" / "python",
        tmp_path / "a\udcff",
        Path("a\0b"),
        Path("~nobody/x"),
    ):
        assert environment_at(path) is None
    write(tmp_path / "empty" / "pyvenv.cfg", "")
    assert environment_at(tmp_path / "empty") is None


def test_folders_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(folder: object) -> list[str]:
        raise PermissionError(folder)

    found = at(venv(tmp_path / "env").prefix)
    monkeypatch.setattr(os, "listdir", forbidden)
    assert found.packages == {}
    assert environment_at(tmp_path / "env") is None


def test_paths_are_shown_without_the_user(home: Path) -> None:
    assert at(venv(home / "venv").prefix).shown == "~/venv"


# at a prompt


def test_what_is_activated_is_active(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake, other = venv(tmp_path / "env"), conda(tmp_path / "base")
    monkeypatch.setenv("CONDA_PREFIX", str(other.prefix))
    assert active_environment().prefix == other.prefix
    monkeypatch.setenv("VIRTUAL_ENV", str(fake.prefix))
    assert active_environment().prefix == fake.prefix
    monkeypatch.setenv("PATH", os.pathsep.join(str(one.prefix / "bin") for one in (other, fake)))
    assert active_environment().prefix == other.prefix


def test_a_variable_that_names_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "gone"))
    assert active_environment() == own_environment()
    assert own_environment().prefix == Path(sys.prefix)


def test_without_models_in_ours_the_python_on_path_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = venv(tmp_path / "ours"), system(tmp_path / "theirs")
    monkeypatch.setattr(sys, "prefix", str(ours.prefix))
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), str(theirs.prefix / "bin")]))
    assert active_environment().prefix == theirs.prefix
    ours.install("torch", "2.6.0")
    assert active_environment().prefix == ours.prefix


@pytest.mark.parametrize("mark", ["pipx_metadata.json", "uv-receipt.toml", ""])
def test_an_environment_of_firstaid_alone_is_never_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    ours, theirs = venv(tmp_path / "uv" / "archive-v0" / "abc"), system(tmp_path / "theirs")
    if mark:
        ours = venv(tmp_path / "ours")
        write(ours.prefix / mark, "")
    ours.install("torch", "2.6.0")
    monkeypatch.setattr(sys, "prefix", str(ours.prefix))
    monkeypatch.setenv("VIRTUAL_ENV", str(ours.prefix))
    monkeypatch.setenv("PATH", os.pathsep.join(str(one.prefix / "bin") for one in (ours, theirs)))
    assert active_environment().prefix == theirs.prefix
    monkeypatch.setenv("PATH", "")
    assert active_environment().prefix == ours.prefix


def test_the_python_that_a_shim_of_pyenv_starts(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = home / ".pyenv"
    fake, other = system(root / "versions" / "3.10.13", "3.10.13"), venv(root / "versions" / "llm")
    shim = write(root / "shims" / "python3", "#!/usr/bin/env bash\n")
    assert environment_at(shim) is None
    write(root / "version", "3.10.13\n")
    assert at(shim).prefix == fake.prefix
    write(home / ".python-version", "llm\n")
    monkeypatch.setattr(sys, "prefix", str(venv(tmp_path / "ours").prefix))
    monkeypatch.setenv("PATH", str(shim.parent))
    assert active_environment().prefix == other.prefix
    monkeypatch.setenv("PYENV_VERSION", "3.10.13")
    assert active_environment().prefix == fake.prefix


# a report


def found(*paths: str | Path) -> Located:
    place = located([str(path) for path in paths])
    assert place is not None
    return place


def test_a_report_of_an_environment_here(home: Path) -> None:
    fake = venv(home / "venv")
    place = found(fake.folder / "torch" / "nn" / "module.py")
    assert place == Located(environment_at(fake.prefix), str(fake.folder), here=True)


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        (
            "/opt/elsewhere/envs/x/lib/python3.10/site-packages/torch/x.py",
            "/opt/elsewhere/envs/x/lib/python3.10/site-packages",
        ),
        (r"D:\\envs\\llm\\Lib\\site-packages\\torch\\x.py", r"D:\envs\llm\Lib\site-packages"),
        (r"C:\Users\<user>\env\lib\site-packages\torch\x.py", r"C:\Users\<user>\env\lib\site-packages"),
        ("/Users/mei/.venv/lib/python3.12/site-packages/mlx/x.py", "/Users/mei/.venv/lib/python3.12/site-packages"),
        ("/home/gone/.local/lib/python3.9/site-packages/peft/x.py", "/home/gone/.local/lib/python3.9/site-packages"),
        ("~/gone/lib/python3.9/site-packages/peft/x.py", "~/gone/lib/python3.9/site-packages"),
        ("/kaggle/working/train.py", "/kaggle/working/train.py"),
        (r"E:\work\train.py", r"E:\work\train.py"),
        ("/home/gone-for-ever/train.py", "/home/gone-for-ever/train.py"),
        ("/opt/elsewhere/envs/x/lib/python3.10/runpy.py", "/opt/elsewhere/envs/x/lib/python3.10"),
    ],
)
def test_a_report_from_elsewhere(path: str, folder: str) -> None:
    assert found(path) == Located(None, folder, here=False)


@pytest.mark.parametrize(
    "path",
    [
        "<frozen importlib._bootstrap>",
        "train.py",
        "Cell In[3]",
        "lib/python3.10/site-packages/torch/x.py",
        "/opt/conda/pkgs/numpy-1.26.4-py310_0/lib/python3.10/site-packages/numpy/x.py",
        "/tmp/pip-build-env-u7x2/overlay/lib/python3.11/site-packages/setuptools/x.py",
        "/opt/x/lib/python3.10/site-packages/firstaid/assistant/hook.py",
        "/home/x/.local/share/uv/tools/firstaid-llm/lib/python3.12/site-packages/rich/x.py",
    ],
)
def test_paths_that_do_not_tell(path: str) -> None:
    assert located([path]) is None


def test_of_a_place_that_containers_share_the_package_must_be_here_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = system(tmp_path / "usr")
    fake.install("torch", "2.6.0")
    monkeypatch.setattr(located_module, "_SHARED", re.compile(".*/usr/"))
    assert found(fake.folder / "torch" / "x.py").here
    assert not found(fake.folder / "torch" / "x.py", fake.folder / "vllm" / "x.py").here


def test_a_home_that_is_not_named_is_tried_as_ours(home: Path) -> None:
    fake = venv(home / "venv")
    fake.install("torch", "2.6.0")
    for hidden in ("/home/<user>", "~", "/Users/<user>", "/mnt/ssd/home2/<user>"):
        assert found(f"{hidden}/venv/lib/python3.10/site-packages/torch/x.py").environment == environment_at(
            fake.prefix
        )
        assert not found(f"{hidden}/venv/lib/python3.10/site-packages/vllm/x.py").here


def test_a_user_who_is_not_named_is_taken_for_ours(tmp_path: Path, home: Path) -> None:
    fake = venv(tmp_path / "scratch" / home.name / "venv")
    fake.install("torch", "2.6.0")
    shown = str(fake.folder).replace(f"/{home.name}/", "/<user>/")
    assert found(f"{shown}/torch/x.py") == Located(environment_at(fake.prefix), shown, here=True)
    assert not found(f"{shown}/vllm/x.py").here


def test_of_several_environments_the_first_frames_decide(tmp_path: Path) -> None:
    one, other = venv(tmp_path / "one"), venv(tmp_path / "other")
    mine, theirs = one.folder / "a.py", other.folder / "b.py"
    assert found(mine, one.folder / "c.py", theirs, other.folder / "d.py", other.folder / "e.py").path == str(
        one.folder
    )
    assert found(mine, theirs, other.folder / "d.py", other.folder / "e.py").path == str(other.folder)


def test_what_a_user_installed_belongs_to_the_python_beside_it(home: Path) -> None:
    fake = conda(home / "miniconda3" / "envs" / "llm")
    user = home / ".local" / "lib" / "python3.10" / "site-packages"
    user.mkdir(parents=True)
    place = found(user / "transformers" / "x.py", user / "peft" / "x.py", fake.folder / "torch" / "x.py")
    assert place.environment
    assert place.environment.folders == (user, fake.folder)
    assert found(user / "transformers" / "x.py").path == str(user)


def test_without_packages_the_library_and_programs_tell(home: Path) -> None:
    fake, other = conda(home / "envs" / "llm"), venv(home / "venv")
    library = write(fake.prefix / "lib" / "python3.10" / "runpy.py", "")
    program = write(other.prefix / "bin" / "vllm", "")
    assert found(home / "train.py", library).environment == environment_at(fake.prefix)
    assert found(program).environment == environment_at(other.prefix)
    shared = write(system(home / "opt").prefix / "lib" / "python3.10" / "runpy.py", "")
    assert located([str(shared), str(home / "train.py")]) is None  # many environments use it


def test_paths_of_a_report() -> None:
    paths = paths_of(
        read_report(
            """/opt/b/lib/python3.9/site-packages/torch/cuda/__init__.py:1: UserWarning: old
Traceback (most recent call last):
  File "/home/<user>/train.py", line 3, in <module>
    import flash_attn
  File "/opt/a/lib/python3.10/site-packages/flash_attn/__init__.py", line 3, in <module>
    import flash_attn_2_cuda
ImportError: /opt/a/lib/python3.10/site-packages/flash_attn_2_cuda.so: undefined symbol: _ZN3c10
Requirement already satisfied: torch in ~/x/lib/python3.8/site-packages/torch (2.1)
in /Users/Jane Doe/x/lib/python3.8/site-packages/torch and x\\site-packages\\y.py, C:\\Jane Doe\\site-packages\\z.py
see file:///opt/c/lib/python3.8/dist-packages/x/y.html,D:\\e\\Lib\\site-packages\\z.py:3
"""
        )
    )
    assert paths == [
        "/opt/a/lib/python3.10/site-packages/flash_attn/__init__.py",
        "/home/<user>/train.py",
        "/opt/a/lib/python3.10/site-packages/flash_attn_2_cuda.so",
        "/opt/b/lib/python3.9/site-packages/torch/cuda/__init__.py",
        "~/x/lib/python3.8/site-packages/torch",
        "///opt/c/lib/python3.8/dist-packages/x/y.html",
        "D:\\e\\Lib\\site-packages\\z.py",
    ]
    place = located(paths)
    assert place is not None
    assert place.path == "/opt/a/lib/python3.10/site-packages"


def test_a_report_of_loader_errors_alone() -> None:
    text = "/usr/bin/python3: /opt/a/lib/python3.10/site-packages/torch/lib/libtorch.so: undefined symbol: x\n"
    assert "/opt/a/lib/python3.10/site-packages/torch/lib/libtorch.so" in paths_of(read_report(text))


def test_the_environment_that_runs_this_is_found() -> None:
    place = found(Path(pytest.__file__))
    assert place.environment
    assert place.environment.package("pytest")
