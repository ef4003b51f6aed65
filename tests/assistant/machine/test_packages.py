"""What is installed, what is wrong with it, and what torch and the toolkit are built for."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from importlib.metadata import distributions
from pathlib import Path

import pytest
from fake_environment import Fake, conda, system, venv, write

from firstaid.assistant.machine import cuda
from firstaid.assistant.machine.cuda import Toolkit, cuda_toolkit
from firstaid.assistant.machine.environments import Environment, Problem, environment_at, own_environment
from firstaid.assistant.machine.installed import site_packages
from firstaid.assistant.machine.installed.files import names_in
from firstaid.assistant.machine.packages import (
    Package,
    TorchBuild,
    editable,
    installer,
    normalised,
    packages,
    requirements,
    source_url,
    torch_build,
    wheel_tags,
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONNOUSERSITE", "PYTHONUSERBASE", "CUDA_HOME", "CUDA_PATH"):
        monkeypatch.delenv(name, raising=False)
    person = tmp_path / "home" / "person"
    person.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(person))
    return person


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    return venv(tmp_path / "env")


def at(fake: Fake) -> Environment:
    found = environment_at(fake.prefix)
    assert found is not None
    return found


def package(fake: Fake, name: str) -> Package:
    found = at(fake).package(name)
    assert found is not None
    return found


# packages


@pytest.mark.parametrize("name", ["flash-attn", "flash_attn", "Flash.Attn"])
def test_a_package_however_its_name_is_written(fake: Fake, name: str) -> None:
    fake.install("flash_attn", "2.5.9.post1+cu122torch2.3")
    found = package(fake, name)
    assert (found.name, found.version, found.folder) == ("flash-attn", "2.5.9.post1+cu122torch2.3", fake.folder)
    assert found == Package("flash-attn", "2.5.9.post1+cu122torch2.3", fake.folder)


@pytest.mark.parametrize(
    ("entry", "text", "told"),
    [
        ("torch-2.1.2+cu118.dist-info/METADATA", "any", ("torch", "2.1.2+cu118")),
        ("Jinja2-3.1.dist-info/METADATA", "any", ("jinja2", "3.1")),
        ("PyYAML-5.4.1.egg-info/PKG-INFO", "any", ("pyyaml", "5.4.1")),
        ("apex-0.1-py3.10.egg-info", "any", ("apex", "0.1")),
        ("flash_attn-1.0.4-py3.10-linux-x86_64.egg/EGG-INFO/PKG-INFO", "any", ("flash-attn", "1.0.4")),
        ("a-b-2.dist-info/METADATA", "Name: a-b\nVersion: 2\n", ("a-b", "2")),
        ("odd.dist-info/METADATA", "Name: odd\nVersion: 1.0\n\nName: no\n", ("odd", "1.0")),
        ("odd.egg-info/PKG-INFO", "Name: odd\nVersion: 1.0\n", ("odd", "1.0")),
        ("torch-2.1.0a0_git1.dist-info/METADATA", "Name: torch\nVersion: 2.1.0a0+git1\n", ("torch", "2.1.0a0+git1")),
    ],
)
def test_names_and_versions(fake: Fake, entry: str, text: str, told: tuple[str, str]) -> None:
    write(fake.folder / entry, text)
    assert [(one.name, one.version) for one in at(fake).packages.values()] == [told]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("torch-2.1.2.dist-info/METADATA", ""),
        ("torch-2.1.2.dist-info/RECORD", "torch/__init__.py,,"),
        ("torch-.dist-info/METADATA", "Name: torch\n"),
        ("torch.dist-info/METADATA", "Name: torch\nVersion:\n"),
        ("torch.egg-link", "/nowhere"),
        ("torch.egg-link", ""),
    ],
)
def test_metadata_that_tells_no_version_is_passed_over_and_said(fake: Fake, entry: str, text: str) -> None:
    write(fake.folder / entry, text)
    assert at(fake).packages == {}
    (problem,) = at(fake).problems()
    assert (problem.kind, problem.packages) == ("broken-metadata", ("torch",))
    assert problem.evidence == fake.folder / entry.partition("/")[0]


def test_of_two_folders_the_first_counts(tmp_path: Path) -> None:
    base = system(tmp_path / "base")
    fake = venv(tmp_path / "env", system=base.prefix)
    base.install("torch", "2.0.0")
    base.install("numpy", "1.26.4")
    fake.install("torch", "2.6.0")
    found = at(fake).packages
    assert {name: one.version for name, one in found.items()} == {"torch": "2.6.0", "numpy": "1.26.4"}
    assert found["numpy"].folder == base.folder


def test_what_the_files_beside_the_code_tell(fake: Fake) -> None:
    fake.install("peft", "0.10.0", installer="uv", requires=("torch>=1.13", "numpy>=1.17; extra == 'x'"))
    found = package(fake, "peft")
    assert installer(found) == "uv"
    assert requirements(found) == ("torch>=1.13", "numpy>=1.17; extra == 'x'")
    assert wheel_tags(found) == ("py3-none-any",)
    assert source_url(found) is None
    assert editable(found) is None
    unknown = Package("gone", "1", fake.folder)
    assert (installer(unknown), requirements(unknown), wheel_tags(unknown), editable(unknown)) == (None, (), (), None)


def test_requirements_of_an_old_install(fake: Fake) -> None:
    write(fake.folder / "apex-0.1-py3.10.egg-info" / "requires.txt", "torch\nnumpy>1\n\n[extra]\npandas\n")
    assert requirements(package(fake, "apex")) == ("torch", "numpy>1")


def test_editable_installs(fake: Fake, tmp_path: Path) -> None:
    told = json.dumps({"url": "file:///src/my%20model", "dir_info": {"editable": True}})
    fake.install("one", "1.0", code={}, direct_url=told)
    fake.install("two", "1.0", code={})
    write(fake.folder / "__editable__.two-1.0.pth", "/src/two\n")
    write(fake.folder / "three.egg-link", f"{tmp_path / 'three'}\n../")
    write(tmp_path / "three" / "three.egg-info" / "PKG-INFO", "Name: three\nVersion: 3.0\n")
    fake.install("four", "1.0", code={})
    write(fake.folder / "__editable__.four-1.0.pth", "import __editable___four_1_0_finder; install()")
    fake.install("five", "1.0", direct_url=json.dumps({"url": "https://github.com/x/five", "vcs_info": {"vcs": "git"}}))
    fake.install("six", "1.0", direct_url='["not", "an", "object"]')
    fake.install("seven", "1.0", direct_url="{")
    found = {name: editable(one) for name, one in at(fake).packages.items()}
    assert found == {
        "one": Path("/src/my model"),
        "two": Path("/src/two"),
        "three": tmp_path / "three",
        "four": None,
        "five": None,
        "six": None,
        "seven": None,
    }
    assert package(fake, "three").version == "3.0"
    assert source_url(package(fake, "five")) == "https://github.com/x/five"


def test_of_a_broken_dist_info_beside_a_sound_one_the_sound_one_counts(fake: Fake) -> None:
    fake.install("torch", "2.6.0")
    (fake.folder / "torch-2.1.2.dist-info").mkdir()
    assert package(fake, "torch").version == "2.6.0"
    assert at(fake).problems()[0].sentence.endswith("tells no version: what counts is torch 2.6.0")


def test_odd_names_and_loops_are_passed_over(fake: Fake) -> None:
    fake.install("torch", "2.6.0")
    (fake.folder / "loop-1.0.dist-info").symlink_to("loop-1.0.dist-info")
    write(Path(os.fsdecode(os.fsencode(fake.folder) + b"/a\xff-1.0.dist-info")) / "METADATA", "any")
    assert set(at(fake).packages) == {"torch"}
    assert {problem.kind for problem in at(fake).problems()} == {"broken-metadata"}


def test_nothing_of_it_is_imported(fake: Fake) -> None:
    fake.install("numpy", "1.0", code={"numpy/__init__.py": "raise SystemExit"})
    write(fake.folder / "evil.pth", "import os; os._exit(1)")
    assert package(fake, "numpy").version == "1.0"
    at(fake).problems()
    assert sys.modules.get("numpy") is None or fake.folder not in Path(str(sys.modules["numpy"].__file__)).parents


def test_our_own_environment_as_its_own_interpreter_tells_it() -> None:
    found = own_environment()
    told = {}
    for one in distributions(path=[str(folder) for folder in found.folders]):
        if one.metadata["Name"] and one.version:
            told.setdefault(normalised(one.metadata["Name"]), one.version)
    assert {name: one.version for name, one in found.packages.items()} == told
    assert found.python == platform.python_version()


def test_a_real_environment_made_by_venv(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True, timeout=60)
    found = environment_at(tmp_path / "env" / "bin" / "python")
    assert found is not None
    assert (found.prefix, found.python, found.kind) == (tmp_path / "env", platform.python_version(), "venv")
    told = subprocess.run(
        [found.executable, "-Ic", "import sys; print(sys.path[-1])"], check=True, capture_output=True, timeout=60
    )
    assert os.fsdecode(told.stdout.strip()) == str(found.folders[-1])


def test_packages_of_the_active_environment(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, version in (
        ("torch", "2.6.0+cu124"),
        ("flash_attn", "2.7.4"),
        ("nvidia-nccl-cu12", "2.21.5"),
        ("requests", "2"),
    ):
        fake.install(name, version)
    monkeypatch.setenv("VIRTUAL_ENV", str(fake.prefix))
    found = {fact.name: fact.shown for fact in packages()}
    missing = found.pop("not installed").split(", ")
    assert found == {
        "environment": f"{at(fake).shown} (venv)",
        "Python": "3.10.12",
        "torch is built for": "CUDA 12.4",
        "torch": "2.6.0+cu124",
        "flash-attn": "2.7.4",
        "nvidia-nccl-cu12": "2.21.5",
    }
    assert "transformers" in missing
    assert "torch" not in missing


# problems


def problems(fake: Fake) -> dict[str, Problem]:
    found = at(fake).problems()
    assert len({problem.kind for problem in found}) == len(found)
    return {problem.kind: problem for problem in found}


def only(fake: Fake, kind: str) -> Problem:
    found = problems(fake)
    assert list(found) == [kind]
    return found[kind]


def test_a_sound_environment(fake: Fake) -> None:
    fake.install("torch", "2.6.0+cu124", code={"torch/version.py": "__version__ = '2.6.0+cu124'\ncuda = '12.4'\n"})
    fake.install("torchvision", "0.21.0+cu124")
    fake.install("nvidia-cuda-runtime-cu12", "12.4.127")
    fake.install("nvidia-ml-py", "12.575")
    fake.install("flash_attn", "2.7.4")
    fake.install("sentence-transformers", "3.0")
    assert problems(fake) == {}


def test_two_dist_infos_in_one_folder(fake: Fake) -> None:
    code = {"transformers/__init__.py": '__version__ = "4.36.2"\n'}
    fake.install("transformers", "4.36.2", code=code)
    fake.install("transformers", "4.40.0", code={})
    problem = only(fake, "duplicate")
    assert package(fake, "transformers").version == "4.36.2"
    assert "4.36.2 and 4.40.0 in one folder" in problem.sentence
    assert "its code says 4.36.2" in problem.sentence
    assert problem.evidence == fake.folder / "transformers-4.40.0.dist-info"
    assert problem.cure
    assert problem.cure.startswith(f"mv -- {problem.evidence}")
    assert "transformers==4.36.2" in problem.cure


def test_of_two_whose_code_does_not_tell_the_one_installed_last_counts(fake: Fake) -> None:
    for version, when in (("2.0", 1_000_000), ("1.0", 2_000_000)):
        os.utime(fake.install("peft", version), (when, when))
    assert package(fake, "peft").version == "1.0"
    assert "1.0 was installed last" in only(fake, "duplicate").sentence


def test_another_version_behind(tmp_path: Path, home: Path) -> None:
    base = system(tmp_path / "base")
    fake = venv(tmp_path / "env", system=base.prefix)
    for one, version in ((base, "2.0.0"), (fake, "2.6.0")):
        one.install("torch", version)
        one.install("requests", version)
    problem = only(fake, "shadowed")
    assert problem.sentence.startswith("torch 2.6.0 in ")
    assert problem.cure is None
    own = conda(tmp_path / "conda")
    own.install("transformers", "4.50.0")
    Fake(home / ".local", home / ".local" / "lib" / "python3.10" / "site-packages").install("transformers", "4.30.0")
    problem = only(own, "user-site")
    assert "transformers 4.30.0 in ~/.local/lib/python3.10/site-packages is imported, not 4.50.0" in problem.sentence
    assert problem.cure == "export PYTHONNOUSERSITE=1"


@pytest.mark.parametrize(
    ("left", "name"),
    [
        ("~ransformers", "transformers"),
        ("~ransformers-4.36.2.dist-info", "transformers"),
        ("-ransformers", "transformers"),
        ("~lash_attn-2.5.0.dist-info", "flash-attn"),
        ("~%ansformers-4.36.2.dist-info", "transformers"),
        ("~y_own", "my-own"),
        ("~thing", None),
    ],
)
def test_half_removed_packages(fake: Fake, left: str, name: str | None) -> None:
    fake.install("my-own", "1.0")
    (fake.folder / left).mkdir()
    problem = only(fake, "half-removed")
    assert problem.packages == ((name,) if name else ())
    assert problem.evidence == fake.folder / left
    assert problem.cure
    assert problem.cure.startswith("mv -- ")
    assert list(at(fake).packages) == ["my-own"]


def test_what_counts_as_installed_and_has_no_code(fake: Fake) -> None:
    fake.install("torch", "2.6.0", code={}, top_level="functorch\ntorch\n")
    write(fake.folder / "functorch" / "__init__.py", "")
    fake.install("requests", "2.0", code={})
    problem = only(fake, "code-missing")
    assert problem.packages == ("torch",)
    assert problem.cure
    assert problem.cure.endswith("-m pip install --force-reinstall --no-deps torch==2.6.0")


def test_code_elsewhere_is_not_missing(fake: Fake) -> None:
    fake.install("torch", "2.6.0", code={})
    write(fake.folder / "__editable__.torch-2.6.0.pth", "import __editable___torch_2_6_0_finder")
    fake.install("vllm", "0.6.0", code={})
    write(fake.folder / "vllm.pth", "/src/vllm")
    fake.install(
        "transformers", "4.50.0", code={}, direct_url=json.dumps({"url": "file:///s", "dir_info": {"editable": True}})
    )
    assert problems(fake) == {}


def test_code_that_was_copied(fake: Fake) -> None:
    write(fake.folder / "transformers" / "__init__.py", "")
    (fake.folder / "datasets").mkdir()
    fake.install("sentence-transformers", "3.0")
    problem = only(fake, "metadata-missing")
    assert (problem.packages, problem.evidence) == (("transformers",), fake.folder / "transformers")


def test_pip_over_conda(tmp_path: Path) -> None:
    fake = conda(tmp_path / "conda")
    record = fake.record("pytorch", "2.1.0", "py3.10_cuda11.8_cudnn8.7.0_0")
    fake.install("torch", "2.1.0", installer="conda")
    fake.record("numpy", "1.26.4", "py310hb13e2d6_0")
    fake.install("numpy", "1.26.4", installer="conda")
    assert problems(fake) == {}
    shutil.rmtree(fake.folder / "torch-2.1.0.dist-info")
    fake.install("torch", "2.4.0")
    problem = only(fake, "pip-and-conda")
    assert "pip installed torch 2.4.0 over conda's pytorch 2.1.0 (py3.10_cuda11.8_cudnn8.7.0_0)" in problem.sentence
    assert problem.evidence == record


def test_cuda_of_conda_and_of_pip(tmp_path: Path) -> None:
    fake = conda(tmp_path / "conda")
    fake.record("cudatoolkit", "11.8.0", "h6a678d5_0")
    fake.install("nvidia-cuda-runtime-cu12", "12.1.105")
    assert "CUDA 11.8.0" in only(fake, "pip-and-conda").sentence


def test_wheels_of_two_cudas(fake: Fake) -> None:
    fake.install("torch", "2.4.0+cu121")
    for name, version in (
        ("nvidia-cudnn-cu11", "8.7.0"),
        ("nvidia-cublas-cu11", "11.11.3"),
        ("nvidia-cudnn-cu12", "9.1.0"),
        ("nvidia-nccl-cu12", "2.20.5"),
    ):
        fake.install(name, version)
    problem = only(fake, "mixed-cuda")
    assert problem.packages == ("nvidia-cublas-cu11", "nvidia-cudnn-cu11")
    assert problem.cure
    assert "pip uninstall nvidia-cublas-cu11 nvidia-cudnn-cu11 && " in problem.cure
    assert problem.cure.endswith("--no-deps nvidia-cudnn-cu12==9.1.0")


def test_cuda_13_whose_wheels_tell_it_no_more(fake: Fake) -> None:
    fake.install("nvidia-cuda-runtime", "13.0.48")
    fake.install("nvidia-nccl-cu13", "2.27.3")
    assert problems(fake) == {}
    fake.install("nvidia-nccl-cu12", "2.20.5")
    assert only(fake, "mixed-cuda").packages == ("nvidia-nccl-cu12",)


def test_wheels_of_another_cuda_than_torch(fake: Fake) -> None:
    fake.install("torch", "2.1.2+cu118")
    fake.install("nvidia-cublas-cu12", "12.1.3.1")
    problem = only(fake, "mixed-cuda")
    assert "torch 2.1.2+cu118 is built for CUDA 11.8" in problem.sentence
    assert problem.cure
    assert problem.cure.endswith("torch==2.1.2 --index-url https://download.pytorch.org/whl/cu118")


@pytest.mark.parametrize(("version", "code"), [("0.16.2+cpu", "0.16.2+cpu"), ("0.16.2", "0.16.2+cpu")])
def test_torchvision_of_another_build(fake: Fake, version: str, code: str) -> None:
    fake.install("torch", "2.1.2+cu118")
    fake.install("torchvision", version, code={"torchvision/version.py": f"__version__ = '{code}'\n"})
    problem = only(fake, "torch-family")
    assert problem.sentence == "torchvision 0.16.2+cpu is built for another torch than 2.1.2+cu118 (cu118)"
    assert problem.cure
    assert problem.cure.endswith("torchvision==0.16.2 --index-url https://download.pytorch.org/whl/cu118")


def test_a_torch_without_cuda_that_others_want(fake: Fake) -> None:
    fake.install("torch", "2.1.2+cpu")
    fake.install("vllm", "0.6.0+cpu")
    assert problems(fake) == {}
    fake.install("flash_attn", "2.5.0")
    assert (
        only(fake, "cpu-only-torch").sentence == "torch 2.1.2+cpu is built without CUDA, which flash-attn 2.5.0 wants"
    )


def test_paths_in_commands_are_those_of_a_shell(home: Path) -> None:
    fake = venv(home / "my env")
    (fake.folder / "~orch").mkdir()
    assert only(fake, "half-removed").cure == "mv -- ~/'my env/lib/python3.10/site-packages/~orch' \"$(mktemp -d)\""


# torch


VERSION = """from typing import Optional

__all__ = ['__version__', 'debug', 'cuda', 'git_version', 'hip']
__version__ = '{version}'
debug = False
cuda: Optional[str] = {cuda}
git_version = 'abc'
hip: Optional[str] = {hip}
"""


def built(fake: Fake) -> tuple[str, str | None, str | None, bool]:
    found = torch_build(at(fake))
    assert found is not None
    return found.version, found.cuda, found.rocm, found.cpu


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("2.1.2+cu118", ("2.1.2+cu118", "11.8", None, False)),
        ("2.9.0+cu130", ("2.9.0+cu130", "13.0", None, False)),
        ("1.7.1+cu92", ("1.7.1+cu92", "9.2", None, False)),
        ("2.4.0+rocm6.1", ("2.4.0+rocm6.1", None, "6.1", False)),
        ("2.1.2+cpu", ("2.1.2+cpu", None, None, True)),
        ("2.1.2", ("2.1.2", None, None, False)),
        ("2.6.0a0+ecf3bae40a.nv25.01", ("2.6.0a0+ecf3bae40a.nv25.01", None, None, False)),
    ],
)
def test_by_the_build_tag(fake: Fake, version: str, told: tuple[str, str | None, str | None, bool]) -> None:
    fake.install("torch", version)
    assert built(fake) == told


@pytest.mark.parametrize(
    ("own", "cuda_told", "hip", "told"),
    [
        ("2.1.2+cu121", "'12.1'", "None", ("2.1.2+cu121", "12.1", None, False)),
        ("2.1.2", "None", "'5.7.31921-d1770ee1b'", ("2.1.2", None, "5.7", False)),
        ("2.1.2+cpu", "None", "None", ("2.1.2+cpu", None, None, sys.platform != "darwin")),
        ("2.1.2+xpu", "None", "None", ("2.1.2+xpu", None, None, False)),
        ("2.0.0", "'11.7'", "None", ("2.1.2", "11.7", None, False)),
    ],
)
def test_by_its_own_version_file(
    fake: Fake, own: str, cuda_told: str, hip: str, told: tuple[str, str | None, str | None, bool]
) -> None:
    fake.install("torch", "2.1.2", code={"torch/version.py": VERSION.format(version=own, cuda=cuda_told, hip=hip)})
    assert built(fake) == told


@pytest.mark.parametrize(
    ("build", "told"),
    [
        ("py3.10_cuda11.8_cudnn8.7.0_0", ("2.1.0", "11.8", None, False)),
        ("cuda118py310h3a5c2e6_303", ("2.1.0", "11.8", None, False)),
        ("cuda126_mkl_py312_h7d3e8e5_300", ("2.1.0", "12.6", None, False)),
        ("py3.10_cpu_0", ("2.1.0", None, None, True)),
        ("py3.10_0", ("2.1.0", None, None, False)),
    ],
)
def test_by_the_record_of_conda(tmp_path: Path, build: str, told: tuple[str, str | None, str | None, bool]) -> None:
    fake = conda(tmp_path / "conda")
    fake.record("pytorch", "2.1.0", build)
    assert built(fake) == told
    fake.install("torch", "2.1.0", installer="conda")
    assert built(fake) == told


def test_by_the_cuda_beside_it(fake: Fake) -> None:
    fake.install("torch", "2.4.0")
    fake.install("nvidia-cuda-runtime-cu12", "12.1.105")
    assert built(fake) == ("2.4.0", "12.1", None, False)


def test_without_torch(fake: Fake) -> None:
    assert torch_build(at(fake)) is None


def test_where_the_build_is_told(fake: Fake) -> None:
    info = fake.install("torch", "2.1.2+cu118")
    assert torch_build(at(fake)) == TorchBuild("2.1.2+cu118", cuda="11.8", told_by=info)


# the toolkit


@pytest.fixture
def no_toolkit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(cuda, "_USUAL", tmp_path / "usual")
    return tmp_path


def compiler(folder: Path) -> Path:
    write(folder / "bin" / "nvcc", "").chmod(0o755)
    return folder


def test_no_toolkit(no_toolkit: Path) -> None:
    del no_toolkit
    assert cuda_toolkit() is None


def test_which_toolkit_a_build_would_take(no_toolkit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(no_toolkit / "cuda-13.0" / "version.json", json.dumps({"cuda": {"version": "13.0.1"}}))
    (no_toolkit / "usual").symlink_to("cuda-13.0")
    assert cuda_toolkit() == Toolkit("13.0.1", no_toolkit / "usual")
    wrapper = compiler(no_toolkit / "wrapper")
    monkeypatch.setenv("PATH", str(wrapper / "bin"))
    assert cuda_toolkit() == Toolkit("13.0.1", no_toolkit / "usual")
    own = compiler(no_toolkit / "cuda-12.1")
    monkeypatch.setenv("PATH", str(own / "bin"))
    assert cuda_toolkit() == Toolkit("12.1", own)
    write(no_toolkit / "old" / "version.txt", "CUDA Version 10.2.89\n")
    monkeypatch.setenv("CUDA_PATH", str(no_toolkit / "old"))
    assert cuda_toolkit() == Toolkit("10.2.89", no_toolkit / "old")
    write(no_toolkit / "own" / "version.json", "[1]")
    monkeypatch.setenv("CUDA_HOME", str(no_toolkit / "own"))
    assert cuda_toolkit() == Toolkit(None, no_toolkit / "own")
    monkeypatch.setenv("CUDA_HOME", str(no_toolkit / "gone"))
    assert cuda_toolkit() == Toolkit("10.2.89", no_toolkit / "old")


def test_the_toolkit_of_conda(no_toolkit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = conda(no_toolkit / "conda")
    fake.record("cuda-nvcc", "12.4.131", "h02f8991_0")
    compiler(fake.prefix)
    monkeypatch.setenv("PATH", str(fake.prefix / "bin"))
    assert cuda_toolkit() == Toolkit("12.4.131", fake.prefix)


def test_the_toolkit_of_debian(no_toolkit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(no_toolkit / "usr" / "lib" / "cuda" / "version.txt", "CUDA Version 11.5.119\n")
    monkeypatch.setenv("PATH", str(compiler(no_toolkit / "usr") / "bin"))
    assert cuda_toolkit() == Toolkit("11.5.119", no_toolkit / "usr")


def test_a_folder_is_read_again_when_it_has_changed(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.install("torch", "2.6.0")
    past = time.time() - 60
    os.utime(fake.folder, (past, past))
    looked: list[Path] = []
    monkeypatch.setattr(site_packages, "names_in", lambda folder: looked.append(folder) or names_in(folder))
    for _ in range(3):
        assert at(fake).packages.keys() == {"torch"}
    assert looked == [fake.folder], "once"
    fake.install("numpy", "2.0.2")
    assert at(fake).packages.keys() == {"torch", "numpy"}
