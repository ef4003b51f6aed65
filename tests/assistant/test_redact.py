"""What is kept holds nothing that only its owner should see, and all that says which error it is."""

from __future__ import annotations

import getpass
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from corpus import Line, corpus, made_up
from hypothesis import given
from hypothesis import strategies as st

from firstaid.assistant import FirstAid, crash
from firstaid.assistant.diagnose import read
from firstaid.assistant.feedback import Feedback
from firstaid.assistant.history import History
from firstaid.assistant.last import keep, recall
from firstaid.assistant.machine.variables import shown_path
from firstaid.assistant.redact import redacted, redacted_command, redacted_log, text
from firstaid.assistant.render.issue import to_issue
from firstaid.assistant.wrap.log import Log, copied
from firstaid.kb import Case, load
from firstaid.kb.errors import UsageError
from firstaid.kb.patterns import compile_pattern

Run = Callable[..., CompletedProcess[bytes]]
SECRETS = [line for line in corpus() if line.gone]
INNOCENT = [line.text for line in corpus() if not line.gone]
PROVED = [case for case in load().cases.values() if case.signatures]
BLOCK = 16_000
QWEN = "KeyError: 'qwen3'"
PIECES = sorted({*re.findall(r"\W+|\w+", " ".join(line.text for line in corpus())), "\n"})
"""Of the corpus: what rules look for, in any order."""


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Says who the user is, and what the machine is called."""

    def said(user: str, host: str) -> None:
        monkeypatch.setattr(getpass, "getuser", lambda: user)
        monkeypatch.setattr(socket, "gethostname", lambda: host)
        forget()

    yield said
    monkeypatch.undo()
    forget()


def forget() -> None:
    text._rules.cache_clear()  # pyright: ignore[reportPrivateUsage]
    text._signs.cache_clear()  # pyright: ignore[reportPrivateUsage]


def leaks(kept: str, lines: list[Line]) -> list[str]:
    return [secret for line in lines for secret in line.gone if secret in kept]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("token hf_abcdefghijklmnopqrstuvwxyz0123", "token <token>"),
        ("OPENAI_API_KEY=sk-proj-0123456789abcdef", "OPENAI_API_KEY=<token>"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer <token>"),
        ("git clone https://me:secret@example.com/x", "git clone https://<user>@example.com/x"),
        ("password: hunter22, then", "password: <secret>, then"),
        ('{"access_token": "abcdef"}', '{"access_token": "<secret>"}'),
        ('File "/home/alice/train.py", line 3', 'File "/home/<user>/train.py", line 3'),
        (r"C:\Users\Alice Smith\models\x.gguf", r"C:\Users\<user>\models\x.gguf"),
        ("/Users/bob/Library", "/Users/<user>/Library"),
        ("mail to a.b@example.org please", "mail to <address> please"),
        ("connect to 10.1.2.3:8000 failed", "connect to <ip>:8000 failed"),
        ("127.0.0.1:8000 and 0.0.0.0", "127.0.0.1:8000 and 0.0.0.0"),
        ("nvidia-cudnn-cu12==9.1.0.70", "nvidia-cudnn-cu12==9.1.0.70"),
        ("max_new_tokens=512, pad_token_id: 151643", "max_new_tokens=512, pad_token_id: 151643"),
        ("KeyError: 'qwen3'", "KeyError: 'qwen3'"),
    ],
)
def test_redacted(text: str, kept: str) -> None:
    assert redacted(text) == kept


def test_of_a_long_report_the_error_and_the_end_are_kept(tmp_path: Path) -> None:
    log = "".join(f"step {number}: all is well\n" for number in range(10_000))
    report = read(f"KeyError: 'qwen3'\n{log}")
    file = tmp_path / "state" / "last.txt"
    keep(report, file)
    kept = recall(file)
    assert kept.startswith("KeyError: 'qwen3'\n")
    assert kept.endswith("step 9999: all is well")
    assert len(kept) < 61_000
    assert file.stat().st_mode & 0o077 == 0, "for its owner alone"


def test_where_nothing_can_be_kept_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    keep(read("KeyError: 'qwen3'"), tmp_path / "file" / "last.txt")
    with pytest.raises(UsageError, match="no diagnosis to ask about"):
        recall(tmp_path / "file" / "last.txt")


def test_a_question_without_a_model_or_a_report(firstaid: Run, own_home: Path) -> None:
    nothing = firstaid("ask", "why?")
    assert (nothing.returncode, b"there is no diagnosis to ask about" in nothing.stderr) == (2, True)
    firstaid("diagnose", stdin=b"token hf_abcdefghijklmnopqrstuvwxyz0123\nKeyError: 'qwen3'")
    (kept,) = (own_home / "state").glob("last-report.txt")
    assert kept.read_text(encoding="utf-8") == "token <token>\nKeyError: 'qwen3'"
    without = firstaid("ask", "why?")
    assert without.returncode == 5
    assert b"firstaid model pull" in without.stderr or b"firstaid-llm[llm]" in without.stderr
    assert b"Traceback" not in without.stderr
    assert [file.name for file in (own_home / "state").iterdir()] == ["last-report.txt"]


@pytest.mark.parametrize("options", [["--llm"], ["--model", "qwen3-4b"]])
def test_the_answer_stands_even_where_the_model_that_was_asked_for_is_not_here(
    firstaid: Run, options: list[str]
) -> None:
    done = firstaid("diagnose", *options, stdin=b"KeyError: 'qwen3'")
    assert b"transformers-too-old-for-model-type" in done.stdout
    assert done.returncode == 5
    assert b"cure: " in done.stderr


def test_a_setting_names_a_model_and_asks_for_none(firstaid: Run) -> None:
    done = firstaid("diagnose", stdin=b"KeyError: 'qwen3'", FIRSTAID_MODEL="qwen3-4b")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"In your terms" not in done.stdout


# The corpus


def test_the_corpus_is_large() -> None:
    assert len(SECRETS) >= 200
    assert len(INNOCENT) >= 80
    assert len({line.text for line in corpus()}) == len(corpus())
    for line in SECRETS:
        assert all(piece in line.text for piece in (*line.gone, *line.stay)), line


@pytest.mark.parametrize("line", SECRETS, ids=lambda line: line.text[:40])
def test_a_secret_vanishes_and_the_rest_stays(line: Line) -> None:
    kept = redacted(line.text)
    assert leaks(kept, [line]) == []
    assert [piece for piece in line.stay if piece not in kept] == [], kept
    assert redacted(kept) == kept, "twice is as once"


@pytest.mark.parametrize("line", INNOCENT, ids=lambda line: line[:40])
def test_an_innocent_line_stays(line: str) -> None:
    assert redacted(line) == line
    assert redacted_log(line.encode()) == line.encode()


def test_a_log_is_redacted_as_its_lines_are() -> None:
    whole = "\n".join(line.text for line in corpus())
    assert redacted_log(whole.encode()).decode() == redacted(whole)


@pytest.mark.parametrize("short", [0, 1, 7, 40, 200])
def test_a_secret_at_the_border_of_two_blocks_vanishes(short: int) -> None:
    for line in SECRETS:
        around = ("an ordinary line\n" * (BLOCK // 17 + 1))[: BLOCK - short]
        kept = redacted_log(f"{around}\n{line.text}\n{around}".encode()).decode()
        # Of several lines only a key is one piece wherever a block ends.
        if "\n" not in line.text or "PRIVATE KEY" in line.text:
            assert leaks(kept, [line]) == [], line


def test_without_re2_a_log_is_redacted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = "\n".join(line.text for line in corpus())
    with_re2 = redacted(whole)
    monkeypatch.setitem(sys.modules, "re2", None)
    forget()
    try:
        assert redacted(whole) == with_re2
    finally:
        monkeypatch.undo()
        forget()


# Any text


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_twice_is_as_once(words: list[str]) -> None:
    once = redacted("".join(words))
    assert redacted(once) == once


@given(st.text())
def test_any_text_can_be_redacted(any_text: str) -> None:
    once = redacted(any_text)
    assert redacted(once) == once


@given(st.binary())
def test_any_log_can_be_redacted(log: bytes) -> None:
    assert redacted_log(redacted_log(log)) == redacted_log(log)


HOSTILE = (
    'a', 'a.', 'a-', 'a@', 'é', 'a/', '=',
    '\' " ', '1.', '12.3.4.', 'fe80:', '0a:', '~a', '\\\\ab\\',
    '/home/', '://a@', '?key=', 'password=', 'token: ', '--token ', '"password": "',
    '\\"token\\":\\"', 'Cookie: ', 'Authorization: ',
    'bearer ', '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY----- AAAA', 'PRIVATE KEYAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'wandb key ', 'machine a login ', 'curl -u ', 'docker login -p ', 'ssh a@', '[a@b ', 'a@b:~',
    'host=', "resolve 'a", 'eyJaaaaaaaaaaaa.', 'sk-aaaa', 'ip-1-1-1-1.', 'gpu1.', 'x.internal.',
    'x.corp.', 'C:\\Users\\a b', 'a:1:1 [0]', 'Nov 20 19:15:27 a', '<user>@', '%2Fhome%2F',
)  # fmt: skip


def seconds(hostile: str) -> float:
    def once() -> float:
        start = time.process_time()
        redacted(hostile)
        return time.process_time() - start

    return min(once(), once())


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_line_takes_linear_time(piece: str) -> None:
    short, long = (seconds((piece * size)[:size]) for size in (20_000, 80_000))
    assert long < 9 * short + 0.02, "four times as long; in quadratic time sixteen"


def test_a_megabyte_of_all_that_is_hostile_takes_linear_time() -> None:
    million = ("".join(HOSTILE) * 2_000)[:1_000_000]
    short, long = seconds(million[:500_000]), seconds(million)
    assert long < 3.2 * short + 0.02, "twice as long; in quadratic time four times"


def test_an_odd_encoding_is_kept() -> None:
    odd = "显存不足".encode("gb18030") + b" \xff\xfe token=abcd1234efgh"
    assert redacted_log(odd) == "显存不足".encode("gb18030") + b" \xff\xfe token=<secret>"
    assert redacted("a lone \ud800 and password=hunter22") == "a lone \ud800 and password=<secret>"


# Nothing of an error is lost


@pytest.mark.parametrize("part", range(8))
def test_what_proved_a_case_proves_it_redacted(part: int) -> None:
    for case in PROVED[part::8]:
        assert lost(case) == []


def lost(case: Case) -> list[str]:
    patterns = [compile_pattern(one.regex) for one in case.signatures if one.role in {"root", "hint"}]
    samples = [(hit, kept) for hit in case.hits if (kept := redacted(hit)) != hit]
    return [
        f"{case.id}: {kept}"
        for hit, kept in samples
        for pattern in patterns
        if pattern.search(hit) and not pattern.search(kept)
    ]


# Names of one's own


def test_the_user_and_the_machine_go_wherever_they_stand(known: Callable[[str, str], None]) -> None:
    known("quietlemon", "plumbox.example.edu")
    assert redacted("run by QuietLemon on plumbox (plumbox.example.edu)") == "run by <user> on <host> (<host>)"
    assert redacted("quietlemons, unplumbox, quietlemon_x") == "quietlemons, unplumbox, quietlemon_x"
    assert redacted_log(b"line\n" * 9000 + b"job of quietlemon\n").endswith(b"job of <user>\n")
    once = redacted("quietlemon@plumbox")
    assert redacted(once) == once


@pytest.mark.parametrize("name", ["root", "runner", "jovyan", "torch", "bob", "1001", ""])
def test_a_name_that_is_nobodys_stays(known: Callable[[str, str], None], name: str) -> None:
    known(name, "localhost")
    told = f"torch runner of {name} as root, on localhost: jovyan, bob, 1001"
    assert redacted(told) == told


# Commands


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        (["vllm", "serve", "--api-key", "plumtree99"], ["vllm", "serve", "--api-key", "<secret>"]),
        (["x", "--token=plumtree"], ["x", "--token=<secret>"]),
        (["x", "--password", "correct horse"], ["x", "--password", "<secret>"]),
        (
            ["x", "--max-tokens", "5120", "--token-file", "a.txt"],
            ["x", "--max-tokens", "5120", "--token-file", "a.txt"],
        ),
        (["x", "--token"], ["x", "--token"]),
        (["docker", "login", "-u", "bob", "-p", "plumtree"], ["docker", "login", "-u", "bob", "-p", "<secret>"]),
        (["sshpass", "-p", "plumtree", "ls"], ["sshpass", "-p", "<secret>", "ls"]),
        (["torchrun", "-p", "plumtree"], ["torchrun", "-p", "plumtree"]),
        (["python", "-c", "import torch\nprint(1)"], ["python", "-c", "import torch\nprint(1)"]),
        ([], []),
    ],
)
def test_the_words_of_a_command(command: list[str], kept: list[str]) -> None:
    assert redacted_command(command) == kept


# Every store


MANY = [line for line in SECRETS if "\n" not in line.text]
REPORT = "\n".join([line.text for line in MANY] + [QWEN])
UNLIKE = ("alice", "bob", "Quiet", "Lemon", "abcdef")
"""Of the corpus, but words of cases too."""


def found(kept: str) -> list[str]:
    return [secret for secret in leaks(kept, MANY) if secret not in UNLIKE]


def test_no_store_holds_a_secret(kit: FirstAid, own_home: Path) -> None:
    report = read(REPORT)
    diagnosis = kit.diagnose(report)
    history = History(own_home / "state" / "history.jsonl")
    history.add(report, diagnosis)
    keep(report, own_home / "state" / "last.txt")
    Feedback(own_home / "state" / "feedback.jsonl").add(report, diagnosis, diagnosis.cases[0].id, True)
    stored = [file for file in (own_home / "state").iterdir() if file.stat().st_size]
    assert len(stored) == 3
    for file in stored:
        assert found(file.read_text(encoding="utf-8")) == [], file
    assert found(to_issue(report, diagnosis)) == []


def test_each_error_with_a_secret_in_it_is_told_without(kit: FirstAid, tmp_path: Path) -> None:
    for number, secret in zip(count(), ("‹hf›", "Bearer ‹rand›", "/home/quietlemon/x", "10.4.5.6"), strict=False):
        report = read(made_up(f"Traceback (most recent call last):\nValueError: no access with {secret}"))
        diagnosis = kit.diagnose(report)
        history = History(tmp_path / f"{number}.jsonl")
        history.add(report, diagnosis)
        feedback = Feedback(tmp_path / f"{number}.feedback")
        feedback.add(report, diagnosis, "any-case", False)
        for kept in (history.file.read_text(), feedback.file.read_text(), to_issue(report, diagnosis)):
            assert not any(made_up(one) in kept for one in ("‹hf›", "‹rand›", "quietlemon", "10.4.5.6")), kept


def test_a_key_that_was_cut_leaves_nothing(tmp_path: Path) -> None:
    key = "\n".join([made_up("‹key›")] * 40)
    pem = f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n"
    for after in range(57_200, 60_001, 400):
        keep(read(pem + "x y z\n" * (after // 6)), tmp_path / "last.txt")
        assert made_up("‹key›") not in recall(tmp_path / "last.txt"), after


def test_a_run_keeps_no_secret(firstaid: Run, own_home: Path) -> None:
    script = own_home / "prints.py"
    script.write_text(f"print({REPORT!r})\nraise SystemExit(1)\n", encoding="utf-8")
    flags = ["--api-key", "plumtree99x", "--password=correcthorse", made_up("‹hf›")]
    done = firstaid("run", "-q", sys.executable, str(script), *flags)
    assert done.returncode == 1
    assert made_up("‹hf›").encode() in done.stdout, "what a command prints is not changed"
    (log,) = (own_home / "state" / "runs").glob("*.log")
    assert found(log.read_text(encoding="utf-8")) == []
    record = log.with_suffix(".json").read_text(encoding="utf-8")
    assert not any(secret in record for secret in ("plumtree99x", "correcthorse", made_up("‹hf›")))


def test_the_copy_of_a_log_that_is_still_written_holds_none(tmp_path: Path) -> None:
    log = Log(tmp_path / "a.log")
    log.write(REPORT.encode())
    log.flush()
    assert found(copied(log.file).read_text(encoding="utf-8")) == []
    log.close()
    assert found(log.file.read_text(encoding="utf-8")) == []


def test_a_crash_report_holds_none(own_home: Path) -> None:
    script = "def fail():\n    raise RuntimeError('of quietlemon')\nfail()"
    code = compile(script, "/home/quietlemon/plug.py", "exec")
    try:
        exec(code)
    except RuntimeError as bug:
        crash.told(bug)
    (file,) = (own_home / "state" / "crashes").iterdir()
    assert "quietlemon" not in file.read_text(encoding="utf-8")
    assert "<user>/plug.py:2 in fail" in file.read_text(encoding="utf-8")


def test_a_folder_is_shown_without_its_user() -> None:
    assert shown_path("/home/quietlemon/models") == "/home/<user>/models"
