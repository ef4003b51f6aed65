"""The present user and this machine, wherever their names stand."""

from __future__ import annotations

import getpass
import re
import socket

from .rule import Rule

_SHORTEST = 4
_GENERIC = frozenset((
    "root", "ubuntu", "user", "users", "admin", "administrator", "runner", "jovyan", "localhost", "localdomain",
    "debian", "fedora", "centos", "docker", "vagrant", "azureuser", "ec2-user", "node", "guest", "test",
    "tests", "tester", "build", "builder", "server", "host", "home", "home1", "desktop", "laptop",
    "workstation", "computer", "machine", "linux", "windows", "macbook", "python", "python3", "conda", "cuda",
    "nvidia", "torch", "pytorch", "tensor", "model", "models", "train", "trainer", "training", "infer",
    "inference", "llama", "qwen", "deepseek", "mistral", "gemma", "vllm", "ollama", "sglang", "worker",
    "master", "main", "local", "remote", "default", "service", "daemon", "nobody", "none", "null", "true",
    "false", "error", "data", "work", "workspace", "jenkins", "gitlab", "github", "actions", "airflow", "spark",
    "hadoop", "kaggle", "colab", "sagemaker-user", "nonroot", "appuser", "developer", "student", "huggingface",
    "transformers", "file", "line", "import", "module", "input", "output", "token", "tokens", "tokenizer",
    "memory", "device", "rank", "gpu-server",
))  # fmt: skip


def own_names() -> tuple[Rule, ...]:
    """The rules for the names that are somebody's: not for `root`, nor for one that may be a word of an error."""
    return (*_rule(_user(), "<user>"), *(rule for name in _hosts() for rule in _rule(name, "<host>")))


def _rule(name: str, put: str) -> tuple[Rule, ...]:
    if len(name) < _SHORTEST or name.lower() in _GENERIC or not re.search("[A-Za-z]", name):
        return ()
    word = re.escape(name)
    return (Rule(word, rf"(?i)(?<![\w<]){word}(?![\w>])", put),)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container that runs as a number
        return ""


def _hosts() -> tuple[str, ...]:
    """The machine's name, and where that has dots its first part."""
    name = socket.gethostname()
    return tuple(dict.fromkeys((name, name.partition(".")[0])))
