"""Telling lines of servers, launchers and installers: errors of their own, and what follows the failure of another."""

from __future__ import annotations

from collections.abc import Iterator

from .rules import Page, Rule, apply
from .types import Finding

_REST = r"[^\n]{0,2000}"
_QUOTED = r'"((?:[^"\\\n]|\\.){1,1000})"'


def _cascade(name: str, literal: str, pattern: str = "") -> Rule:
    return Rule(name, literal, pattern or rf"{literal}{_REST}", role="cascade")


RULES = (
    # what follows a failure, whatever it was
    _cascade("vLLM", "Engine core initialization failed"),
    _cascade("vLLM", "EngineCore failed to start"),
    _cascade("vLLM", "EngineCore encountered a fatal error"),
    _cascade("vLLM", "EngineCore hit an exception"),
    _cascade("vLLM", "Engine process failed to start"),
    _cascade("vLLM", "WorkerProc failed to start"),
    _cascade("vLLM", "WorkerProc hit an exception"),
    _cascade("vLLM", "WorkerProc initialization failed"),
    _cascade("vLLM", "AsyncLLM output_handler failed"),
    _cascade("vLLM", "Background loop has errored already"),
    _cascade("vLLM", "Error executing method"),
    _cascade("vLLM", "Exception in worker"),
    _cascade("vLLM", "Engine background task failed"),
    _cascade("vLLM", "process died", rf"Worker \S{{1,60}} pid \d+ died{_REST}|\w{{1,40}} process died{_REST}"),
    _cascade("SGLang", "Initialization failed. ", rf"Initialization failed\. {_REST}"),
    _cascade("SGLang", "Received sigquit from a child process"),
    _cascade("SGLang", "Scheduler hit an exception"),
    _cascade("SGLang", "Rank 0 scheduler is dead", rf"Rank \d+ scheduler is dead{_REST}"),
    _cascade("TGI", "Shard", rf"Shard \d+ failed to start{_REST}"),
    _cascade("TGI", "Shutting down shards"),
    _cascade("TGI", "ShardCannotStart"),
    _cascade("TGI", "Shard complete standard error output"),
    _cascade("TGI", "Webserver Crashed"),
    _cascade("torch elastic", "failed (exitcode", rf"failed \(exitcode: -?\d+\){_REST}"),
    _cascade("torch elastic", "exitcode", rf"\bexit ?code\s{{0,3}}: -?\d+{_REST}"),
    _cascade("docker", "exited with code", rf"^\S{{1,80}} exited with code \d+{_REST}"),
    _cascade("torch elastic", "Sending process", rf"Sending process \d+ closing signal{_REST}"),
    _cascade("deepspeed", "exits with return code", rf"^[^\n]{{0,600}}exits with return code = ?-?\d+{_REST}"),
    _cascade("deepspeed", "Killing subprocess", rf"Killing subprocess \d+{_REST}"),
    _cascade("MPI", "mpirun noticed", rf"mpirun noticed that process{_REST}"),
    _cascade("MPI", "Primary job", rf"Primary job\s+terminated normally{_REST}"),
    _cascade("Slurm", "srun: error", rf"^srun: error{_REST}"),
    _cascade("Slurm", "slurmstepd", rf"^slurmstepd: error: \*\*\*{_REST}"),
    _cascade("Ollama", "llama runner process no longer running"),
    # errors of their own
    Rule("Ollama", "llama runner process has terminated", rf"llama runner process has terminated:?{_REST}", weight=1),
    Rule("Ollama", "model requires more system memory", rf"model requires more system memory{_REST}"),
    Rule("Ollama", "Error: ", rf"^Error: (?:pull model manifest|model |unsupported|max retries|listen){_REST}"),
    Rule("Ollama", "error loading llama server", rf"error loading llama server{_REST}", weight=1),
    Rule("pip", "ERROR: ", rf"^ERROR: (?:Could not|No matching|Failed|Cannot|Ignored|Package|Invalid){_REST}"),
    Rule("pip", "error: subprocess-exited", rf"error: subprocess-exited-with-error{_REST}", weight=1),
    Rule("pip", "error: command", rf"^error: command '{_REST}", weight=1),
    Rule("compiler", "error: ", rf"^[^\s:]{{1,300}}:\d+:\d+: (?:fatal )?error: {_REST}"),
    Rule("compiler", "error C", rf"\b(?:fatal )?error C\d{{4}}: {_REST}"),
    Rule("nvcc", "nvcc fatal", rf"nvcc fatal{_REST}"),
    Rule(
        "panic",
        "panicked at",
        rf"thread '[^'\n]{{0,120}}'[^\n]{{0,40}} panicked at {_REST}(?:\n(?!note:|stack)\S{_REST})?",
    ),
    Rule("panic", "panic: ", rf"^panic: {_REST}"),
    Rule("docker", "docker: Error", rf"^docker: Error response{_REST}"),
    Rule("docker", "could not select device driver", rf"could not select device driver{_REST}"),
    Rule("curl", "curl: (", rf"^curl: \(\d+\) {_REST}"),
    Rule("TensorRT", "[E]", rf"\[TRT\] ?\[E\] {_REST}"),
    Rule("TensorRT", "[ERROR]", rf"^\[[\w-]{{1,40}}\] ?\[ERROR\] {_REST}"),
    Rule("server", '"message"', rf'"object": ?"error"[^\n]{{0,200}}?"message": ?{_QUOTED}'),
    Rule("server", "'message'", r"'object': ?'error'[^\n]{0,200}?'message': ?'([^'\n]{1,1000})"),
    Rule("server", '"error"', rf'\{{"error": ?{_QUOTED}'),
    Rule("server", '"error"', rf'"error": ?\{{[^\n]{{0,200}}?"message": ?{_QUOTED}'),
    Rule("LM Studio", '"cause"', rf'"title": ?"[^"\n]{{0,200}}", ?"cause": ?{_QUOTED}'),
    Rule("error", "rror occurred: ", rf"^(?:An )?[Ee]rror occurred: {_REST}", weight=1),
    Rule("error", "error: ", rf"^(?:Server|Internal|Runtime|Validation|API) error: {_REST}", weight=1),
    Rule("c10d", "[c10d]", rf"^\[E[^\]\n]{{0,80}}\] \[c10d\] {_REST}"),
    Rule("git", "fatal: ", rf"^fatal: {_REST}"),
    Rule("command line", ": error: ", rf"^[\w./-]{{1,80}}: error: {_REST}"),
    Rule("shell", "command not found", rf"^[^\n]{{0,200}}command not found{_REST}"),
)

_GENERIC = Rule(
    "error",
    "",
    rf"^\W{{0,4}}(?:\[?(?:ERROR|FATAL|CRITICAL)\]?|(?:Fatal |fatal )?[Ee]rror)(?:[:!] ?|\s{{2,}})\s*(\S{_REST})",
    weight=1,
)


def engine_failures(page: Page) -> Iterator[Finding]:
    """Telling lines, rule by rule, then every other line that calls itself an error."""
    yield from apply(RULES, "engine", page)
    yield from apply((_GENERIC,), "engine", page)
    for line in page.lines:
        if line.level in {"ERROR", "CRITICAL", "FATAL"} and line.text and not line.text[0].isspace():
            yield Finding("engine", "error", line.text[:2000], line.number, line.number)
