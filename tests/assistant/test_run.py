"""`firstaid run`: a command runs as it would without us; when it fails, the diagnosis stands on stderr."""

from __future__ import annotations

import fcntl
import json
import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import psutil
import pytest

from firstaid.assistant.redact import redacted, redacted_log
from firstaid.assistant.wrap.interpreter import Interpreter, interpreter_of
from firstaid.assistant.wrap.log import HEAD, TAIL, Log, copied, in_order, readable
from firstaid.assistant.wrap.runs import KEPT, logs, new_log
from firstaid.assistant.wrap.watch import Watch
from firstaid.kb.errors import UsageError

Run = Callable[..., CompletedProcess[bytes]]
FIRSTAID = [sys.executable, "-m", "firstaid.assistant"]
KNOWN = "raise KeyError('qwen3')"
PATIENCE = 60.0


def python(script: str) -> list[str]:
    return [sys.executable, "-c", script]


def newest(home: Path) -> Path:
    return logs(home / "state" / "runs")[0]


def record(home: Path) -> dict[str, Any]:
    return json.loads(newest(home).with_suffix(".json").read_text(encoding="utf-8"))


def without_times(text: bytes) -> dict[str, Any]:
    return {**json.loads(text), "timing_ms": None}


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


class Shell:
    """A terminal of its own with a command in it, as a user sits before it."""

    def __init__(self, *command: str, **streams: Any) -> None:
        self.master, self.slave = os.openpty()
        termios.tcsetwinsize(self.slave, (33, 111))
        self.before = termios.tcgetattr(self.slave)
        self.shown = b""
        slave = self.slave

        def sit_down() -> None:
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

        files: dict[str, Any] = {"stdin": slave, "stdout": slave, "stderr": slave, **streams}
        self.process = subprocess.Popen(command, start_new_session=True, preexec_fn=sit_down, **files)  # noqa: PLW1509

    def see(self, wanted: bytes) -> bytes:
        """Waits until it is shown."""
        end = time.monotonic() + PATIENCE
        while wanted not in self.shown:
            assert time.monotonic() < end, self.shown
            if select.select([self.master], [], [], 0.2)[0]:
                self.shown += os.read(self.master, 65536)
        return self.shown

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def end(self) -> int:
        """Waits for its end, while the terminal shows what is printed."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None or select.select([self.master], [], [], 0.1)[0]:
            assert time.monotonic() < end, self.shown
            if select.select([self.master], [], [], 0.1)[0]:
                self.shown += os.read(self.master, 65536)
        return self.process.returncode

    @property
    def is_as_before(self) -> bool:
        return termios.tcgetattr(self.slave) == self.before

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def shell(firstaid: Run) -> Iterator[Callable[..., Shell]]:
    """Opens terminals in which `firstaid run` runs a command."""
    del firstaid  # which has put the index into our home
    opened: list[Shell] = []

    def run(*command: str, options: tuple[str, ...] = (), **streams: Any) -> Shell:
        opened.append(Shell(*FIRSTAID, "run", *options, "--", *command, **streams))
        return opened[-1]

    yield run
    for one in opened:
        one.close()


# Exit codes and signals


@pytest.mark.parametrize("code", [0, 1, 3, 255])
def test_the_exit_code_is_the_commands(firstaid: Run, code: int) -> None:
    assert firstaid("run", "--", *python(f"raise SystemExit({code})")).returncode == code


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL", "SIGSEGV", "SIGABRT"])
def test_a_signal_that_kills_the_command_kills_us_too(firstaid: Run, own_home: Path, name: str) -> None:
    number = signal.Signals[name]
    done = firstaid("run", "--", *python(f"import os; print('on', flush=True); os.kill(os.getpid(), {int(number)})"))
    assert done.returncode == -number
    assert record(own_home)["signal"] == name
    assert (signal.strsignal(number) or "").encode() in newest(own_home).read_bytes()
    assert f"killed by {name}; the log: {newest(own_home)}".encode() in done.stderr


def test_what_cannot_be_started_is_told_as_a_shell_does(firstaid: Run, own_home: Path, tmp_path: Path) -> None:
    missing = firstaid("run", "no-such-program", "--help")
    assert missing.returncode == 127
    assert b"no-such-program cannot be run: No such file" in missing.stderr
    assert b"Traceback" not in missing.stderr
    plain = tmp_path / "plain"
    plain.write_text("", encoding="utf-8")
    assert firstaid("run", "--top", "3", "--", str(plain)).returncode == 126
    assert not logs(own_home / "state" / "runs")


def test_a_script_that_names_no_interpreter_runs_as_in_a_shell(firstaid: Run, tmp_path: Path) -> None:
    script = tmp_path / "train.sh"
    script.write_text("echo ran $1; exit 7\n", encoding="utf-8")
    script.chmod(0o755)
    done = firstaid("run", str(script), "--epochs")
    assert (done.returncode, done.stdout) == (7, b"ran --epochs\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_signals_are_handed_on_and_what_was_stopped_is_not_diagnosed(
    firstaid: Run, own_home: Path, number: signal.Signals
) -> None:
    del firstaid
    script = (
        "import signal, sys, time\n"
        f"def stop(*_): print('stopping', flush=True); sys.exit(9)\n"
        f"signal.signal({int(number)}, stop); print('ready', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [*FIRSTAID, "run", *python(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (9, b"stopping\n", b"")
    assert record(own_home)["exit_code"] == 9


def test_a_killed_firstaid_leaves_no_orphan(firstaid: Run) -> None:
    del firstaid
    script = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    process = subprocess.Popen(
        [*FIRSTAID, "run", *python(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    with process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
        assert process.stdout.read() == b"", "nobody holds the pipe any more"
    until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)


def test_what_a_command_leaves_running_does_not_hold_us(firstaid: Run) -> None:
    started = time.monotonic()
    done = firstaid("run", "--", "sh", "-c", "sleep 30 & echo started")
    assert (done.returncode, done.stdout) == (0, b"started\n")
    assert time.monotonic() - started < 25


# Pipes


def test_stdout_and_stderr_stay_apart_and_untouched(firstaid: Run, own_home: Path) -> None:
    script = "import os, sys; data = bytes(range(256)) * 3; os.write(1, data); os.write(2, data[::-1])"
    done = firstaid("run", *python(script))
    assert done.returncode == 0
    assert done.stdout == bytes(range(256)) * 3
    assert done.stderr == (bytes(range(256)) * 3)[::-1]
    log = newest(own_home).read_bytes()
    assert log.startswith(f"$ {sys.executable} -c ".encode())
    assert bytes(range(256)) * 3 in log


def test_a_file_for_both_keeps_their_order(firstaid: Run, tmp_path: Path) -> None:
    del firstaid
    script = "import os\nfor n in range(500): os.write(1 + n % 2, b'%d\\n' % n)"
    with (tmp_path / "both").open("wb") as both:
        subprocess.run([*FIRSTAID, "run", *python(script)], stdout=both, stderr=subprocess.STDOUT, check=True)
    assert (tmp_path / "both").read_text() == "".join(f"{n}\n" for n in range(500))


def test_stdin_is_the_commands(firstaid: Run) -> None:
    assert firstaid("run", "cat", stdin=b"\x00\x04\xffend").stdout == b"\x00\x04\xffend"


def test_without_a_terminal_the_command_sees_none(firstaid: Run) -> None:
    assert firstaid("run", *python("import os; print(*map(os.isatty, range(3)))")).stdout == b"False False False\n"


def test_a_reader_that_has_seen_enough_ends_the_command(firstaid: Run, own_home: Path) -> None:
    del firstaid
    command = [*FIRSTAID, "run", "yes"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    assert process.stdout.read(4) == b"y\ny\n"
    process.stdout.close()
    assert process.wait(PATIENCE) in {1, -signal.SIGPIPE}
    process.stderr.close()
    assert record(own_home)["ended"]


@pytest.mark.parametrize("words", [["-c", "import sys; print(sys.argv)", "--help", "-q", "--format", "json", "--"]])
def test_options_of_the_command_are_not_ours(firstaid: Run, words: list[str]) -> None:
    expected = f"{['-c', *words[2:]]}\n".encode()
    assert firstaid("run", sys.executable, *words).stdout == expected
    assert firstaid("run", "--", sys.executable, *words).stdout == expected
    assert firstaid("run", "--top", "2", sys.executable, *words).stdout == expected
    assert firstaid("run", "-q", "--", sys.executable, *words).stdout == expected


def test_an_option_that_is_none_is_refused(firstaid: Run) -> None:
    assert firstaid("run", "--nonsense", "true").returncode == 2
    assert firstaid("run").returncode == 2


# The diagnosis


def test_a_failure_is_diagnosed_on_stderr(firstaid: Run, own_home: Path) -> None:
    done = firstaid("run", "--", *python(f"print('loading'); {KNOWN}"))
    assert (done.returncode, done.stdout) == (1, b"loading\n")
    told = done.stderr.decode()
    assert "transformers-too-old-for-model-type" in told
    assert told.endswith(f"exit code 1; the log: {newest(own_home)} (once more: firstaid last)\n")
    assert "\x1b" not in told
    line = int(re.search(r"line (\d+): KeyError: 'qwen3'", told)[1])  # type: ignore[index]
    assert newest(own_home).read_text().splitlines()[line - 1] == "KeyError: 'qwen3'"
    assert b"qwen3" in firstaid("ask", "--help").stdout or (own_home / "state" / "last-report.txt").exists()


def test_a_command_that_succeeds_is_not_spoken_of(firstaid: Run, own_home: Path) -> None:
    done = firstaid("run", "--", *python("print('KeyError: qwen3')"))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"KeyError: qwen3\n", b"")
    kept = record(own_home)
    assert (kept["exit_code"], kept["signal"], kept["interpreter"]) == (0, None, sys.executable)
    assert kept["started"] <= kept["ended"]


@pytest.mark.parametrize(
    "options", [("--format", "json"), ("--format", "json", "--top", "2", "-v"), ("--format", "md", "-q")]
)
def test_it_is_what_diagnose_says_of_the_log(firstaid: Run, own_home: Path, options: tuple[str, ...]) -> None:
    done = firstaid("run", *options, "--", *python(f"import sys; sys.tracebacklimit = 0; {KNOWN}"))
    told = done.stderr.partition(b"KeyError: 'qwen3'\n")[2]
    said = firstaid("diagnose", *options, str(newest(own_home))).stdout
    again = firstaid("last", *options)
    assert again.returncode == 0
    if "json" in options:
        assert without_times(told) == without_times(said) == without_times(again.stdout)
    else:
        assert told == said == again.stdout


def test_the_environment_sets_options_too(firstaid: Run) -> None:
    done = firstaid("run", *python(KNOWN), FIRSTAID_FORMAT="json", FIRSTAID_TOP="1")
    answer = json.loads(done.stderr[done.stderr.index(b"{\n") :])
    assert len(answer["cases"]) == 1


def test_silence_is_not_diagnosed(firstaid: Run) -> None:
    done = firstaid("run", "false")
    assert done.returncode == 1
    assert re.fullmatch(rb"firstaid: exit code 1, and nothing was printed; the log: .*\n", done.stderr)
    assert firstaid("run", "-q", "false").stderr == b""


def test_settings_that_cannot_be_read_take_no_exit_code_away(firstaid: Run, own_home: Path) -> None:
    (own_home / "config").mkdir()
    (own_home / "config" / "config.toml").write_text("format =", encoding="utf-8")
    done = firstaid("run", *python("print('x'); raise SystemExit(6)"))
    assert done.returncode == 6
    assert b"the settings cannot be read" in done.stderr


def test_where_no_log_can_be_kept_the_command_runs(firstaid: Run, own_home: Path) -> None:
    (own_home / "state").write_text("", encoding="utf-8")
    done = firstaid("run", *python("print('x'); raise SystemExit(6)"))
    assert (done.returncode, done.stdout) == (6, b"x\n")
    assert b"no log can be kept" in done.stderr


def test_nothing_slow_is_imported_where_nothing_fails(firstaid: Run) -> None:
    del firstaid
    script = (
        "import sys; from firstaid.assistant.__main__ import run, _command_line\n"
        "sys.argv = ['firstaid', 'run', '--', 'true']; assert run(_command_line) == 0\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} | set(sys.modules)))"
    )
    done = subprocess.run(python(script), capture_output=True, text=True, timeout=PATIENCE, check=True)
    loaded = set(done.stdout.split())
    assert "firstaid.assistant.wrap.run" in loaded
    # re2 comes when the command has ended: it tells at once whether anything in the log may be a secret.
    assert not loaded & {"click", "rich", "numpy", "faiss", "onnxruntime", "subprocess", "tomli", "firstaid.kb",
                         "firstaid.index", "firstaid.assistant.diagnose", "firstaid.assistant.report"}  # fmt: skip


# A terminal


def test_the_command_has_a_terminal_of_our_size(shell: Callable[..., Shell], own_home: Path) -> None:
    script = (
        "import os, sys, signal, time\n"
        "def size(*_): print(*os.get_terminal_size(), flush=True)\n"
        "signal.signal(signal.SIGWINCH, size); print(*map(os.isatty, range(3))); size()\n"
        "sys.stdin.readline(); print('\\x1b[31mred\\x1b[0m')"
    )
    seat = shell(*python(script))
    assert seat.see(b"111 33\r\n").startswith(b"True True True\r\n")
    termios.tcsetwinsize(seat.master, (20, 70))
    seat.see(b"70 20\r\n")
    seat.type(b"\r")
    assert seat.end() == 0
    assert seat.shown.endswith(b"\r\n\x1b[31mred\x1b[0m\r\n")
    assert seat.is_as_before
    assert b"\x1b[31mred\x1b[0m\r\n" in newest(own_home).read_bytes()


def test_prompts_and_passwords(shell: Callable[..., Shell]) -> None:
    seat = shell(*python("import getpass; print('<', input('name? '), getpass.getpass('key? '), '>')"))
    seat.see(b"name? ")
    seat.type("名字\r".encode())
    seat.see(b"key? ")
    seat.type(b"hidden\r")
    assert seat.end() == 0
    assert seat.shown.decode() == "name? 名字\r\nkey? \r\n< 名字 hidden >\r\n"


def test_ctrl_c_is_for_the_command(shell: Callable[..., Shell], own_home: Path) -> None:
    script = (
        "import time\n"
        "try: print('ready', flush=True); time.sleep(60)\n"
        "except KeyboardInterrupt: print('saved', flush=True)\n"
        "input('again? ')"
    )
    seat = shell(*python(script))
    seat.see(b"ready")
    seat.type(b"\x03")
    seat.see(b"saved\r\nagain? ")
    time.sleep(0.5)  # Python takes no note of a signal between its prompt and its waiting
    seat.type(b"\x03")
    assert seat.end() == -signal.SIGINT
    assert seat.shown.endswith(b"KeyboardInterrupt\r\n"), "no diagnosis of what somebody has stopped"
    assert seat.is_as_before
    assert record(own_home)["signal"] == "SIGINT"


def test_all_bytes_pass_a_terminal_that_the_command_has_set_raw(shell: Callable[..., Shell]) -> None:
    script = (
        "import os, tty; tty.setraw(0); os.write(1, bytes(range(256))); got = b''\n"
        "while len(got) < 128: got += os.read(0, 128)\n"
        "os.write(1, got[::-1])"
    )
    seat = shell(*python(script))
    assert seat.see(bytes(range(256)))
    seat.type(bytes(range(128)))
    assert seat.end() == 0
    assert seat.shown == bytes(range(256)) + bytes(range(128))[::-1]


def test_a_killed_command_leaves_the_terminal_as_it_was(shell: Callable[..., Shell]) -> None:
    seat = shell(*python("import os, tty; tty.setraw(0); print('raw', flush=True); os.kill(os.getpid(), 9)"))
    assert seat.end() == -signal.SIGKILL
    assert seat.is_as_before
    assert b"Process killed by signal 9" in seat.shown


def test_a_failure_in_a_terminal_is_diagnosed(shell: Callable[..., Shell], own_home: Path) -> None:
    seat = shell(*python(f"print('\\x1b[32mloading\\x1b[0m 10%\\r 100%\\n\\n'); {KNOWN}"), options=("--no-llm",))
    assert seat.end() == 1
    told = seat.shown.decode()
    assert "transformers-too-old-for-model-type" in told
    line = int(re.search(r"line (\d+): KeyError: 'qwen3'", told)[1])  # type: ignore[index]
    assert newest(own_home).read_bytes().split(b"\n")[line - 1] == b"KeyError: 'qwen3'\r"
    assert seat.is_as_before


def test_only_what_is_a_terminal_is_one(shell: Callable[..., Shell], tmp_path: Path) -> None:
    script = "import os, sys; print(*map(os.isatty, range(3)), file=sys.stderr); print('out')"
    with (tmp_path / "out").open("wb") as out:
        seat = shell(*python(script), stdout=out.fileno())
        assert seat.end() == 0
    assert seat.shown == b"True False True\r\n"
    assert (tmp_path / "out").read_bytes() == b"out\n"
    with (tmp_path / "err").open("wb") as err:
        seat = shell(*python(script), stderr=err.fileno(), stdin=subprocess.DEVNULL)
        assert seat.end() == 0
    assert seat.shown == b"out\r\n"
    assert (tmp_path / "err").read_bytes() == b"False True False\n"


def test_a_hangup_reaches_the_command(shell: Callable[..., Shell], tmp_path: Path) -> None:
    script = (
        "import pathlib, signal, sys, time\n"
        f"def hung_up(*_): pathlib.Path({str(tmp_path / 'told')!r}).touch(); sys.exit(0)\n"
        "signal.signal(signal.SIGHUP, hung_up); print('ready', flush=True); time.sleep(60)"
    )
    seat = shell(*python(script))
    seat.see(b"ready")
    seat.process.kill()
    until((tmp_path / "told").exists)


def test_ctrl_z_stops_both_and_fg_goes_on(firstaid: Run, tmp_path: Path) -> None:
    del firstaid
    script = tmp_path / "train.py"
    script.write_text("import os\nprint('pid', os.getpid())\ninput('go on? ')\nprint('done')", encoding="utf-8")
    seat = Shell("bash", "--norc", "--noprofile", "--noediting", "-i")
    try:
        seat.type(f"{' '.join(FIRSTAID)} run {sys.executable} {script}\r".encode())
        shown = seat.see(b"go on? ")
        child = int(re.search(rb"pid (\d+)", shown)[1])  # type: ignore[index]
        seat.type(b"\x1a")
        seat.see(b"Stopped")
        until(lambda: psutil.Process(child).status() == psutil.STATUS_STOPPED)
        seat.type(b"stty -a | grep -c -w icanon; fg\r")
        seat.see(b"1\r\n")
        seat.see(f"run {sys.executable} {script}\r\n".encode())
        time.sleep(0.5)
        seat.type(b"yes\r")
        seat.see(b"yes\r\ndone\r\n")
    finally:
        seat.close()


# Watching


def test_a_line_that_matches_is_diagnosed_while_the_command_goes_on(firstaid: Run, own_home: Path) -> None:
    script = (
        "import time, sys, traceback\n"
        f"for _ in range(2):\n try: {KNOWN}\n except KeyError: traceback.print_exc()\n"
        "print('going on', flush=True); time.sleep(float(sys.argv[1])); print('end')"
    )
    done = firstaid("run", "--watch", "^KeyError: '", "--watch", "never", "-q", "--", *python(script), "4")
    assert done.returncode == 0
    told = done.stderr.decode()
    assert told.count("transformers-too-old-for-model-type") == 1
    assert f"an error was seen, and the command goes on; its log so far: {newest(own_home)}" in told
    assert done.stdout == b"going on\nend\n"
    assert not list((own_home / "state" / "runs").glob("*.now"))


def test_a_watch_in_a_terminal(shell: Callable[..., Shell]) -> None:
    script = f"import traceback\ntry: {KNOWN}\nexcept KeyError: traceback.print_exc()\ninput('next? ')"
    seat = shell(*python(script), options=("--watch", "default", "--no-llm"))
    seat.see(b"Past failures")
    assert b"\r\nFix\r\n" in seat.shown
    seat.type(b"\r")
    assert seat.end() == 0


def test_a_pattern_that_is_none_is_refused_before_anything_runs(firstaid: Run, tmp_path: Path) -> None:
    done = firstaid("run", "--watch", "(", "--", "touch", str(tmp_path / "ran"))
    assert done.returncode == 2
    assert b"missing )" in done.stderr
    assert not (tmp_path / "ran").exists()


def test_a_watch_sees_lines_whole_without_colours_and_once() -> None:
    watch = Watch(["ERROR: x$"])
    watch.feed(b"\x1b[31mERR")
    watch.feed(b"OR\x1b[0m: ")
    assert watch.due() is None
    watch.feed(b"x\r\nmore")
    assert 0 < (watch.due() or 0) <= 1
    watch.done()
    watch.feed(b"\nERROR: x\n")
    assert watch.due() is None
    with pytest.raises(UsageError, match="RE2"):
        Watch(["(?=x)"])


# The log


def test_the_log_is_private_and_ten_are_kept(own_home: Path) -> None:
    folder = own_home / "state" / "runs"
    going_on = new_log(folder)
    made = [new_log(folder) for _ in range(KEPT + 3)]
    for log in made:
        log.close()
        log.file.with_suffix(".json").touch()
    new_log(folder).close()
    kept = logs(folder)
    assert len(kept) == KEPT + 1, "one that goes on is never taken away"
    assert going_on.file in kept
    assert made[-1].file in kept
    assert not made[0].file.with_suffix(".json").exists()
    going_on.close()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(log.stat().st_mode & 0o777 == 0o600 for log in kept)


@pytest.mark.parametrize(
    "size", [100, HEAD + TAIL, HEAD + TAIL + 1, HEAD + 2 * TAIL - 7, HEAD + 2 * TAIL + 99, 40 << 20]
)
def test_of_much_output_the_beginning_and_the_end_are_kept(tmp_path: Path, size: int) -> None:
    output = b"".join(b"%015d\n" % number for number in range(size // 16 + 1))[:size]
    log = Log(tmp_path / "a.log")
    for start in range(0, size, 99_999):
        log.write(output[start : start + 99_999])
        assert log.file.stat().st_size <= HEAD + TAIL + 200
    log.flush()
    live = copied(log.file).read_bytes()
    log.close()
    kept = log.file.read_bytes()
    assert live == kept
    if size <= HEAD + TAIL:
        assert kept == output
        return
    head, told, tail = kept.partition(b"\n[firstaid: ")
    count, _, tail = tail.partition(b" bytes left out here]\n")
    assert told
    assert head == output[:HEAD]
    assert output.endswith(tail)
    assert HEAD + int(count) + len(tail) == size
    assert len(tail) > TAIL - 200
    assert int(tail[:15]) == (size - len(tail)) // 16, "from a whole line on"


def test_a_log_whose_run_was_killed_is_put_in_order(tmp_path: Path) -> None:
    log = Log(tmp_path / "a.log")
    log.write(b"hf_" + b"a" * 30 + b"\n" + b"x" * (HEAD + TAIL) + b"\nthe end\n")
    log.flush()
    assert readable(log.file) != log.file, "as long as it is written"
    os.close(log._fd)  # pyright: ignore[reportPrivateUsage] - as the kernel does
    assert readable(log.file) == log.file
    kept = log.file.read_bytes()
    assert kept.startswith(b"<token>\n")
    assert kept.endswith(b"x\nthe end\n")
    assert in_order(kept) == kept
    readable(log.file)
    assert log.file.read_bytes() == kept


def test_tokens_are_not_kept(firstaid: Run, own_home: Path) -> None:
    token = "hf_" + "q" * 34
    done = firstaid("run", *python("import sys; print(sys.argv[1])"), token)
    assert done.stdout == f"{token}\n".encode()
    for file in (own_home / "state" / "runs").iterdir():
        assert token.encode() not in file.read_bytes()
        assert b"<token>" in file.read_bytes()


def test_a_long_log_is_redacted_as_a_short_one() -> None:
    lines = ["step 1 loss 0.5 10.1.2.3:80", "password: hunter22", "/home/alice/x.py", "grün", "nothing in here " * 400]
    text = "\n".join(lines * 20)
    assert redacted_log(text.encode()) == redacted(text).encode()
    key = f"-----BEGIN PRIVATE KEY-----\n{'x' * 70_000}\n-----END PRIVATE KEY-----\n"
    assert redacted_log(key.encode()) == b"<private key>\n"
    assert redacted_log("显存不足".encode("gb18030")) == "显存不足".encode("gb18030")


def test_a_full_disk_ends_the_log_and_nothing_else() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    log = object.__new__(Log)
    log.__dict__.update(_fd=os.open("/dev/full", os.O_RDWR), _total=0, _waiting=[], waits=0, _full_disk=False)
    log.write(b"x" * (1 << 20))
    log.write(b"y" * (1 << 20))
    log.close()


# The last run


def test_last_says_which_run_it_is(firstaid: Run, own_home: Path) -> None:
    firstaid("run", "-q", *python(KNOWN))
    done = firstaid("last", "-v")
    told = done.stderr.decode()
    assert done.returncode == 0
    assert b"transformers-too-old-for-model-type" in done.stdout
    assert "exit code 1" in told
    assert f"interpreter  {sys.executable}" in told
    assert f"environment  {Path(sys.executable).parent.parent}" in told
    assert firstaid("last", "--path").stdout.decode() == f"{newest(own_home)}\n"
    assert firstaid("last", "-q").stderr == b""


def test_without_a_run_there_is_none(firstaid: Run) -> None:
    for options in ((), ("--path",)):
        done = firstaid("last", *options)
        assert done.returncode == 2
        assert b"no run is kept yet\n  cure: firstaid run -- " in done.stderr


def test_last_of_a_run_that_goes_on(firstaid: Run) -> None:
    script = f"import traceback\ntry: {KNOWN}\nexcept KeyError: traceback.print_exc()\ninput()"
    command = [*FIRSTAID, "run", *python(script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stderr
        while b"qwen3" not in (process.stderr.readline() or b"qwen3"):
            pass
        time.sleep(1)  # what was printed is in the log a tenth of a second later
        done = firstaid("last")
        process.stdin.close()
    assert b"transformers-too-old-for-model-type" in done.stdout
    assert b"not ended" in done.stderr


# Which Python


def made(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def test_which_python_a_command_runs_in(tmp_path: Path) -> None:
    venv, conda, system = tmp_path / "my env", tmp_path / "conda", tmp_path / "usr"
    for folder in (venv, conda, system):
        made(folder / "bin" / "python3.12")
    made(venv / "pyvenv.cfg")
    made(conda / "conda-meta" / "history")
    path = os.pathsep.join(str(folder / "bin") for folder in (conda, system))
    long = f"#!/bin/sh\n'''exec' \"{venv}/bin/python3.12\" \"$0\" \"$@\"\n' '''\nimport vllm\n"
    made(conda / "bin" / "vllm", f"#!{conda}/bin/python3.12\nimport vllm\n")
    made(conda / "bin" / "torchrun", long)
    made(system / "bin" / "accelerate", "#!/usr/bin/env -S python3.12 -u\n")
    made(system / "bin" / "train.sh", "#!/bin/bash\npython train.py\n")
    made(system / "bin" / "ollama", "\x7fELF")
    in_conda = Interpreter(conda / "bin" / "python3.12", conda)
    expected = {
        "python3.12": in_conda,
        str(venv / "bin" / "python3.12"): Interpreter(venv / "bin" / "python3.12", venv),
        str(system / "bin" / "python3.12"): Interpreter(system / "bin" / "python3.12", None),
        "vllm": in_conda,
        "torchrun": Interpreter(venv / "bin" / "python3.12", venv),
        "accelerate": in_conda,
        "train.sh": None,
        "ollama": None,
        "no-such-program": None,
    }
    assert {program: interpreter_of([program, "serve"], path) for program in expected} == expected
    assert interpreter_of([], path) is None
