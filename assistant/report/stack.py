"""Which programs and libraries of the vocabulary a report is about, weighed by where they are named."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import islice

from ...kb.vocabulary import load_vocabulary
from .types import Finding

_CAREFUL = {
    # spellings that are also words, file types or model names: only as a package, a path or a command
    "swift": r"(?:ms-swift|/swift/|\bswift\.\w|\bswift (?:sft|infer|deploy|export|pt|rlhf|eval)\b|\bimport swift"
    r"|modelscope/swift)",
    "hip": r"(?:\bHIP (?:error|runtime)|hipError|torch\.version\.hip|libamdhip)",
    "apex": r"(?:\bimport apex|from apex\b|NVIDIA[ /]apex|/apex/|\bapex\.\w|No module named '?apex)",
    "awq": r"(?:\bimport awq|from awq\b|/awq/|\bawq_(?:ext|inference)|\bawq==|No module named '?awq|\bAWQ (?:model"
    r"|quant|模型|量化))",
    "triton": r"(?:/triton/|\bimport triton|from triton\b|\btriton(?:==|\.\w| \d)|No module named '?triton"
    r"|\bTriton (?:kernel|compil|error|\d))",
    "python": r"(?:[Pp]ython ?[:=]? ?3\.\d|requires-python|Requires-Python)",
    "docker": r"(?:\bdocker (?:run|compose|pull|build)|\bdocker:|\bDocker\b|docker-compose|nvidia-container)",
    "pip": r"(?:\bpip3? (?:install|subprocess|wheel)|^pip |problem with pip\b|/pip/|\bpip\._)",
    "ray": r"(?:\bray(?:\.\w|::|==| \d|start)|/ray/|\bRay (?:cluster|worker|actor)|RayWorker|RayTask|\(raylet)",
    "openai": r"(?:\bopenai(?:\.\w|==| \d)|/openai/|\bimport openai|from openai\b)",
    "peft": r"(?:\bpeft\b|\bPEFT\b)",
    "gguf": r"(?:\bgguf_init|\bgguf[._]\w|convert_hf_to_gguf|\.gguf\b)",
    "ggml": r"(?:\bggml_\w|GGML_|/ggml\b|\bggml-\w)",
    "datasets": r"(?:/datasets/(?!\S*\.(?:json|jsonl|parquet|csv))\w+\.py|\bimport datasets|from datasets\b"
    r"|\bdatasets(?:==|\.\w+|[ :]+\d)|load_dataset)",
    "accelerate": r"(?:\baccelerate(?:==|\.\w|[ :]+\d| launch|/)|/accelerate/|\bimport accelerate"
    r"|from accelerate\b|\bAccelerate\b|`accelerate`)",
    "optimum": r"(?:\boptimum(?:==|\.\w|/)|\bimport optimum|from optimum\b|`optimum`)",
    "cuda": r"(?:\bCUDA (?:error|out of memory|driver|Version|version|toolkit|runtime|SETUP|Setup)|CUDA_HOME"
    r"|/usr/local/cuda)",
    "wsl": r"(?:\bWSL ?2?\b|microsoft-standard)",
    "colab": r"(?:\b[Cc]olab\b|/content/)",
    "mlx": r"(?:/mlx|\bmlx[._]\w|\bimport mlx|\bMLX\b)",
    "glibc": r"(?:\bGLIBC_|\bGLIBCXX_|\bglibc\b)",
    "slurm": r"(?:\bslurm\w*|\bsrun\b|\bsbatch\b)",
}
_GATES = {"colab": ("colab", "/content/"), "slurm": ("slurm", "srun", "sbatch")}
"""What must stand in the lower-cased text before a careful pattern is tried; without an entry, the spelling itself."""
_FRAME_WEIGHT, _ERROR_WEIGHT, _MOST_COUNTED = 60, 40, 8


def find_stack(text: str, initiating: Finding | None, models: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Vocabulary names by weight: frames of the initiating error, then its text, then how often named elsewhere."""
    weights = Counter({name: min(times, _MOST_COUNTED) for name, times in _named(_without(text, models)).items()})
    if initiating is not None:
        for name in _named(f"{initiating.name}: {initiating.message}"):
            weights[name] += _ERROR_WEIGHT
        for depth, frame in enumerate(initiating.frames):
            for name in _named(_package_path(frame.file)):
                # The innermost frames tell most.
                weights[name] = max(weights[name], _FRAME_WEIGHT - min(40, len(initiating.frames) - depth))
    return tuple(name for name, _ in sorted(weights.items(), key=lambda item: (-item[1], item[0])))


def _without(text: str, models: tuple[str, ...]) -> str:
    """Model names hold spellings of programs (`Qwen-7B-AWQ`, `...-GGUF`)."""
    for model in models:
        text = text.replace(model, "")
    return text


def _package_path(file: str) -> str:
    """Of a frame's path, what is the package's: a user's directory may be named after anything."""
    path = file.replace("\\", "/")
    package = re.search(r"(?:site|dist)-packages(/.*)", path)
    return package[1] if package else re.sub(r"/python3?[\d.]*/", "/", path)


def _named(text: str) -> Counter[str]:
    names: Counter[str] = Counter()
    spellings = _plain_spellings()
    for match in _plain().finditer(text):
        names[spellings[match[0].lower()]] += 1
    lowered = text.lower()
    for name, gates, pattern in _careful():
        if any(gate in lowered for gate in gates):
            names[name] += sum(1 for _ in islice(pattern.finditer(text), _MOST_COUNTED))
    return +names


@cache
def _plain_spellings() -> dict[str, str]:
    stack = load_vocabulary().stack
    return {
        s: name for name, spellings in stack.items() for s in (*spellings, name.replace("-", "_")) if s not in _CAREFUL
    }


@cache
def _plain() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _plain_spellings()), key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z0-9_.-])(?:{names})(?![A-Za-z0-9]|_model)", re.IGNORECASE)


@cache
def _careful() -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    owners = {spelling: name for name, spellings in load_vocabulary().stack.items() for spelling in spellings}
    return tuple(
        (owners[spelling], _GATES.get(spelling, (spelling,)), re.compile(pattern, re.MULTILINE))
        for spelling, pattern in _CAREFUL.items()
    )
