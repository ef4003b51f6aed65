"""The local model in firstaid beside llama_cpp called bare: tokens a second over the same prompt, in one run.

Both are given what firstaid gives the model of one report, and make as many tokens; the bare one samples without a
grammar and in this process.

pip install ".[llm]" && firstaid model pull && python bench/llm.py [--rounds 5] [--model FILE]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from llama_cpp import Llama

from firstaid.assistant import FirstAid
from firstaid.assistant.diagnose import read
from firstaid.assistant.llm.local import CONTEXT, LocalModel
from firstaid.assistant.llm.prompt import Told, grammar, tell
from firstaid.assistant.machine.memory import cores
from firstaid.assistant.models import Chosen, ModelStore
from firstaid.assistant.paths import models_folder

REPORT = """Traceback (most recent call last):
  File "/srv/app/serve.py", line 3, in <module>
    model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
KeyError: 'qwen3'
transformers==4.46.0
"""
LIMIT = 200


def main() -> None:
    """Prints both speeds and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", default=None, help="a GGUF file (default: the model in use)")
    arguments = parser.parse_args()
    store = ModelStore(models_folder())
    chosen = store.find(arguments.model) if arguments.model else store.chosen()
    report = read(REPORT)
    told = tell(report, FirstAid().diagnose(report))
    with tempfile.TemporaryDirectory() as states:
        compare(chosen, told, Path(states), arguments.rounds)


def compare(chosen: Chosen, told: Told, states: Path, rounds: int) -> None:
    """Measures both in turn."""
    ours, firsts = [], []
    model = LocalModel(chosen, states)
    tokens = 0
    for _ in range(rounds + 1):  # the first reads what never changes
        list(model.generate(told.prompt, grammar(told), LIMIT))
        assert model.usage is not None
        tokens = model.usage.tokens
        ours.append(tokens / (model.usage.total - model.usage.first))
        firsts.append(model.usage.first)
    model.close()
    bare = bare_speeds(chosen, told, tokens, rounds)
    ratio = statistics.median(ours[1:]) / statistics.median(bare)
    print(
        f"{chosen.name}, {tokens} tokens, {cores()} threads: firstaid {statistics.median(ours[1:]):.1f} tokens/s "
        f"within its grammar, bare llama_cpp {statistics.median(bare):.1f} without one ({ratio:.0%}); "
        f"first token after {statistics.median(firsts[1:]):.1f} s with the kept state, {firsts[0]:.1f} s without"
    )


def bare_speeds(chosen: Chosen, told: Told, tokens: int, rounds: int) -> list[float]:
    """Tokens a second of greedy sampling with nothing around it."""
    model = Llama(str(chosen.path), n_ctx=CONTEXT, n_threads=cores(), n_threads_batch=cores(), verbose=False)
    prompt = model.tokenize(f"{told.prompt.system}\n{told.prompt.data}\n".encode())
    speeds = []
    for _ in range(rounds):
        model.reset()
        model.eval(prompt)
        started = time.perf_counter()
        for _ in range(tokens):
            model.eval([model.sample(temp=0.0)])
        speeds.append(tokens / (time.perf_counter() - started))
    return speeds


if __name__ == "__main__":
    main()
