"""However it is installed (plain, wheel, editable, editable for type checkers) it answers, with all its data."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from firstaid.kb import load

ROOT = Path(__file__).parents[1]
REPORT = b"Traceback (most recent call last):\nKeyError: 'qwen3'\n"


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=600)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean copy, so that no build leaves anything here."""
    folder = tmp_path_factory.mktemp("copy") / "source"
    ignored = shutil.ignore_patterns(
        ".git", ".venv*", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"
    )
    shutil.copytree(ROOT, folder, ignore=ignored)
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(source))
    return next(folder.glob("*.whl"))


def answer(environment: Path, index: Path, home: Path) -> CompletedProcess[bytes]:
    """Runs the console script of a virtual environment that borrows our dependencies."""
    (home / "cache").mkdir(exist_ok=True)
    if not (home / "cache" / "index").exists():
        (home / "cache" / "index").symlink_to(index)
    script = environment / ("Scripts" if os.name == "nt" else "bin") / "firstaid"
    return subprocess.run([str(script)], input=REPORT, capture_output=True, timeout=120, cwd=home, check=False)


def environment_with(folder: Path, *install: str) -> Path:
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
    python = folder / "bin" / "python"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = Path(subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip())
    borrowed = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", *install], check=True, timeout=600)
    _borrow(Path(borrowed), own)
    return folder


def _borrow(packages: Path, own: Path) -> None:
    """Makes the dependencies of this environment those of another, but for firstaid itself."""
    for path in packages.iterdir():
        if "firstaid" not in path.name and not (own / path.name).exists():
            (own / path.name).symlink_to(path)


@pytest.mark.parametrize("how", ["plain", "wheel", "editable", "strict"])
@pytest.mark.usefixtures("shipped")
def test_each_install_answers(
    how: str, source: Path, wheel: Path, shared_cache: Path, own_home: Path, tmp_path: Path
) -> None:
    install = {
        "plain": [str(source)],
        "wheel": [str(wheel)],
        "editable": ["-e", str(source)],
        "strict": ["-e", str(source), "--config-settings", "editable_mode=strict"],
    }[how]
    made = environment_with(tmp_path / "venv", *install)
    done = answer(made, shared_cache, own_home)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"transformers-too-old-for-model-type" in done.stdout
    where = "import firstaid.kb; print(firstaid.kb.__file__)"
    found = subprocess.run([made / "bin" / "python", "-c", where], capture_output=True, text=True, cwd="/", check=True)
    assert Path(found.stdout.strip()).is_relative_to(source if how in {"editable", "strict"} else made)


def test_the_wheel_holds_all_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"firstaid"}
    cases = [name for name in names if name.startswith("firstaid/kb/cases/")]
    assert len(cases) == len(load().files)
    for data in ("kb/taxonomy.toml", "kb/vocabulary.toml", "kb/retired.toml", "kb/template.toml",
                 "index/encoder/model.onnx", "index/encoder/tokenizer.json", "index/encoder/LICENSE",
                 "assistant/tui/app.tcss",
                 "assistant/serve/assets/page.html", "assistant/serve/assets/docs.html"):  # fmt: skip
        assert f"firstaid/{data}" in names
    assert not [name for name in names if name.endswith((".pyc", ".log")) or "/tests/" in name]


def test_torch_is_not_in_the_core_install(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        metadata = next(name for name in opened.namelist() if name.endswith(".dist-info/METADATA"))
        requires = [line for line in opened.read(metadata).decode().splitlines() if line.startswith("Requires-Dist")]
    core = [line for line in requires if "extra ==" not in line]
    assert core
    assert not [
        line for line in core if any(name in line for name in ("torch", "transformers", "llama", "fastapi", "mcp"))
    ]


def test_run_as_a_module(firstaid: Callable[..., CompletedProcess[bytes]]) -> None:
    assert firstaid("--version").returncode == 0
