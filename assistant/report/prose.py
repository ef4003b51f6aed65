"""What the user says in their own words, in which language, and whether they train or run a model."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Literal

from .clean import CleanLine, is_bar
from .types import Finding

_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]")
_CODE = re.compile(
    r"\s{4,}\S|\t|[\w.@~/-]{1,80}[$#%>] |[$%>] ?\w|(?:import|from|def|class|return|with|if|for|while|elif|else|try"
    r"|except|print|pip3?"
    r"|python3?|sudo|export|docker|git|cd|CUDA_\w+=|conda|torchrun|vllm|ollama|curl|async"
    r"|await)\b(?![^(){}=]{0,40} (?:the|a|I|to|is|my)\b)"
    r"|[\w.\[\]'\"]{1,80} ?[-+]?= ?\S|[{}()\[\]<|+]|--\w|[\w.]+\(.{0,200}\)?,?$|\"[\w-]{1,40}\":|\w[\w.-]*==\d"
    r"|\S+:\s?\S*$|[-\w]{1,40}\s*[:=] ?[\w./\"'-]{0,200}$"
)
_LOGGED = re.compile(
    r"\w{1,60}: [\w ]{0,60}[=:]|.{0,60}\b(?:Warning|Error|Exception)\b: |(?:INFO|WARN\w*|ERROR|DEBUG)\b|at 0x|msg="
    r"|\w+_\w+:"
    r"|.{0,60}\bversion\b.{0,20}: |Collecting |Downloading |Preparing |note: |[×━✗│❱]"
    r"|The above exc|During handling|Traceback \(|  File |Exception (?:in thread|ignored in) |Process \S+-\d+:"
)
_TRAIN = (
    r"(?:trainer\.py|sft_trainer|\bSFTTrainer|\bTrainer\b|TrainingArguments|train\w{0,20}\.py|finetun\w*"
    r"|fine-tun\w*|\bLoRA train|\bqlora\b|loss\.backward"
    r"|\.backward\(|optimizer|training_step|trainer_state|train_loss|grad_norm|gradient|llamafactory-cli train"
    r"|llmtuner|swift (?:sft|pt|rlhf)"
    r"|axolotl|torchtune|\btrl\b|DPOTrainer|GRPOTrainer|PPOTrainer|save_steps|\bepoch\b|dataloader|微调|训练"
    r"|deepspeed --|ds_config|zero3|\bZeRO|checkpoint-\d+)"
)
_RUN = (
    r"(?:\.generate\(|vllm serve|api_server|\bLLM\(|\bllm\.generate|\bollama (?:run|serve)|llama-server|llama-cli"
    r"|llama_cpp|/v1/chat|chat/completions|\binference\b"
    r"|\.chat\(|cli_demo|web_demo|\binfer\b|\bserving\b|EngineCore|text-generation-launcher|pipeline\(|sglang|lmdeploy|\bserve\b|prompt|推理|部署|对话|回答|输出"
    r"|max_new_tokens|max_tokens|generation\w*\.py|chat_template|gpu_memory_utilization|max_model_len|completion"
    r"|streaming|llama_model_load|runner process)"
)


_SURE = 3
"""So many words more for one than for the other are rather sure."""


def find_words(lines: Sequence[CleanLine], findings: Sequence[Finding]) -> str:
    """The lines that are neither log nor traceback nor code, joined by newlines."""
    covered = {number for f in findings if f.weight for number in range(f.first, f.last + 1)}
    fenced, kept = False, []
    for line in lines:
        if line.text.lstrip().startswith("```"):
            fenced = not fenced
        elif (
            not fenced
            and line.number not in covered
            and line.level is None
            and line.rank is None
            and is_prose(line.text)
        ):
            kept.append(line.text.strip())
    return "\n".join(kept)


def is_prose(text: str) -> bool:
    """Whether a line reads like something a person wrote to a person."""
    text = text.strip() if len(text) < 400 and text[:4].strip() else text
    chinese = len(_CJK.findall(text))
    if chinese >= 4 and chinese * 8 > len(text):
        return True
    if _CODE.match(text) or _LOGGED.match(text) or is_bar(text):
        return False
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    return len(words) >= 3 and letters > 0.6 * len(text.replace(" ", ""))


def find_language(words: str, text: str) -> Literal["en", "zh"]:
    """Chinese when a notable share of the prose is; of the whole text where there is no prose."""
    sample = words or text[:20_000]
    chinese = len(_CJK.findall(sample))
    latin = len(re.findall(r"[A-Za-z]{2,}", sample))
    return "zh" if chinese >= 4 and chinese > 0.5 * latin else "en"


def find_training(text: str, initiating: Finding | None) -> float:
    """Training (up to 1) or running (down to -1), by the words of either; 0 where they are even.

    The frames and lines of the initiating error count most.
    """
    lead = _count(_TRAIN, text) - _count(_RUN, text)
    if initiating is not None:
        frames = "\n".join(f"{frame.file} {frame.function} {frame.code}" for frame in initiating.frames)
        inner = frames + initiating.message
        lead += 3 * (_count(_TRAIN, inner) - _count(_RUN, inner))
    return math.tanh(lead / _SURE)


def _count(pattern: str, text: str) -> int:
    """How many different words tell it: a training log repeats a few of them without end."""
    return len({match[0].lower() for match in re.finditer(pattern, text)})
