"""Runs a command as it would run without us, and keeps what it prints."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import stderr
from ..paths import runs_folder
from .child import Place, no_signals, start
from .copy import Copier
from .keys import Keys
from .log import Log
from .runs import new_log
from .signals import Signals
from .streams import STDIN, Streams, open_streams
from .terminal import Terminal

if TYPE_CHECKING:
    from .aside import Aside
    from .record import Record
    from .watch import Watch

_QUIET_ENDS = frozenset({signal.SIGINT, signal.SIGPIPE})
"""Signals by which somebody ends a command, or a reader that has seen enough does."""
_INTERRUPTED = 130
_SIGNALLED = 128
_NOT_FOUND, _NOT_EXECUTABLE = 127, 126


class Ended(NamedTuple):
    """How a command ended."""

    exit_code: int | None
    """None where a signal killed it."""
    signal: signal.Signals | None
    log: Path | None
    asked: bool = False
    """Whether somebody asked it to stop."""
    printed: bool = False

    @property
    def failed(self) -> bool:
        """Whether there is something to diagnose."""
        stopped = self.asked or self.exit_code in {0, _INTERRUPTED} or self.signal in _QUIET_ENDS
        return self.log is not None and not stopped

    def leave(self) -> int:
        """The exit code; where a signal killed the command it kills us, so that nobody sees a difference.

        Where it does not (the first process of a container) the code is that of a shell.
        """
        if self.signal is None:
            return self.exit_code or 0
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
        if self.signal not in {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(self.signal, signal.SIG_DFL)
        os.kill(os.getpid(), self.signal)
        return _SIGNALLED + self.signal


def run(command: tuple[str, ...], watch: Watch | None = None, options: Sequence[str] = ()) -> Ended:
    """Runs a command to its end; that it cannot be started is said, and its exit code is that of a shell.

    Args:
        command: the program and its arguments.
        watch: looks for errors while it runs.
        options: of `firstaid diagnose`, for an error that is seen.
    """
    log = _new_log()
    streams = open_streams()
    terminal = Terminal(STDIN)
    alone = streams.master is None and not _has_terminal()
    with no_signals() as mask:
        try:
            child = start(command, Place(streams.files, streams.master is not None, alone), mask)
        except OSError as error:
            return _not_started(command[0], error, log)
        signals = Signals(child, group=alone or streams.master is not None)
        keys = _keys(streams, terminal, child, signals)
        signals.take()
    try:
        streams.handed_over()
        record = _begun(command, log)
        aside = _aside(watch, log, options, streams) if watch and log else None
        copier = Copier(streams.outlets, signals, log, keys, aside)
        status = copier.until_end(child)
    finally:
        terminal.give_back()
        signals.give_back()
    return _ended(status, log, record)._replace(asked=signals.asked_to_stop, printed=copier.printed)


def _not_started(program: str, error: OSError, log: Log | None) -> Ended:
    from ...kb.errors import UsageError

    if log:
        log.discard()
    missing = isinstance(error, FileNotFoundError | NotADirectoryError)
    hint = "is it installed in this environment, and spelled right?" if missing else "chmod +x, or name its interpreter"
    stderr.error(UsageError(f"{program} cannot be run: {error.strerror}", hint=hint))
    return Ended(_NOT_FOUND if missing else _NOT_EXECUTABLE, None, None)


def _new_log() -> Log | None:
    try:
        return new_log(runs_folder())
    except OSError as error:
        stderr.note(f"no log can be kept, so a failure will not be diagnosed: {error.strerror}: {error.filename}")
        return None


def _has_terminal() -> bool:
    """Whether we belong to a terminal, which reaches the command as it reaches us."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _keys(streams: Streams, terminal: Terminal, child: int, signals: Signals) -> Keys | None:
    if streams.master is None or not streams.typed:
        return None
    keys = Keys(terminal, streams.master, child, signals)
    terminal.take()
    return keys


def _aside(watch: Watch, log: Log, options: Sequence[str], streams: Streams) -> Aside:
    from .aside import Aside

    return Aside(watch, log, options, raw=not streams.typed)


def _begun(command: Sequence[str], log: Log | None) -> Record | None:
    if log is None:
        return None
    from .record import begun, write_record

    log.write(_header(command))
    record = begun(command)
    write_record(log.file, record)
    return record


def _header(command: Sequence[str]) -> bytes:
    import shlex

    return f"$ {shlex.join(command)}\n".encode("utf-8", "surrogateescape")


def _ended(status: int, log: Log | None, record: Record | None) -> Ended:
    code = os.waitstatus_to_exitcode(status)
    killed = signal.Signals(-code) if code < 0 else None
    if log and record:
        from .record import write_record

        if killed and killed not in _QUIET_ENDS:
            log.write(f"\n{_obituary(killed, status)}\n".encode())
        log.close()
        write_record(log.file, record.ending(code))
    return Ended(code if code >= 0 else None, killed, log.file if log else None)


def _obituary(killed: signal.Signals, status: int) -> str:
    """What a shell would say: the command itself could not."""
    return f"{signal.strsignal(killed) or killed.name}{' (core dumped)' if os.WCOREDUMP(status) else ''}"
