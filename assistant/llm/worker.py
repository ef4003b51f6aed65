"""The process that runs the model: what breaks in native code breaks here and nowhere else.

Reads one request a line from stdin as JSON and writes events, one a line, to stdout: {"ready"}, {"text"}…, {"done"} or
{"error"}. Started by `local.py`; it ends when its stdin does.
"""

from __future__ import annotations

import codecs
import ctypes
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

_DATA = "\u241fDATA\u241f"
"""Stands in the chat template for the data, so that what comes before it is known."""
_NOTHING = -1e30
"""A logit below it was refused."""
_FIRST = 256
"""So many of the most probable tokens are held against the grammar before all are."""


class Engine:
    """A loaded model with its kept states."""

    def __init__(self, path: str, context: int, threads: int, gpu_layers: int, states: str) -> None:
        import llama_cpp

        self._api: Any = llama_cpp
        self._model: Any = llama_cpp.Llama(
            path, n_ctx=context, n_threads=threads, n_threads_batch=threads, n_gpu_layers=gpu_layers, verbose=False
        )
        self._context: Any = self._model.ctx
        self._states = Path(states)
        about = Path(path).stat()
        self._key = f"{llama_cpp.__version__}\n{path}\n{about.st_size}\n{about.st_mtime_ns}\n"

    def answer(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The events of one request."""
        started = time.perf_counter()
        before, after = self._template(request["system"])
        kept = self._prefix(before)
        # The data is plain text: markers of the chat template in it are letters like any others.
        fresh = [*self._tokens(request["data"], special=False), *self._tokens(after, special=True)]
        if kept + len(fresh) + request["limit"] > self._model.n_ctx():
            raise ValueError(f"the prompt has {kept + len(fresh)} tokens, the context {self._model.n_ctx()}")
        self._model.eval(fresh)
        first = time.perf_counter() - started
        count = 0
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        for token in self._sampled(request["grammar"], request["limit"]):
            count += 1
            if text := decoder.decode(self._model.detokenize([token])):
                yield {"text": text}
        total = time.perf_counter() - started
        yield {
            "done": {
                "prompt_tokens": len(fresh),
                "kept_tokens": kept,
                "tokens": count,
                "first": round(first, 3),
                "total": round(total, 3),
            }
        }

    def _template(self, system: str) -> tuple[str, str]:
        """The prompt as the model's own chat template has it, before and after the data."""
        metadata = self._model.metadata
        template = metadata.get("tokenizer.chat_template")
        if template is None:
            return f"{system}\n\n", "\n\n"
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        eos, bos = (self._special(getattr(self._model, f"token_{name}")()) for name in ("eos", "bos"))
        messages: Any = [{"role": "system", "content": system}, {"role": "user", "content": _DATA}]
        made = Jinja2ChatFormatter(template, eos, bos)(messages=messages).prompt
        before, _, after = made.partition(_DATA)
        return before, after

    def _special(self, token: int) -> str:
        return self._model.detokenize([token], special=True).decode("utf-8", "replace") if token >= 0 else ""

    def _tokens(self, text: str, *, special: bool) -> list[int]:
        return self._model.tokenize(text.encode(), add_bos=False, special=special)

    def _prefix(self, text: str) -> int:
        """Brings the model to where the prefix is read, from its kept state if there is one; how many tokens it has."""
        tokens = self._tokens(text, special=True)
        file = self._states / f"{hashlib.sha256((self._key + text).encode()).hexdigest()[:24]}.state"
        self._model.reset()
        self._api.llama_memory_clear(self._api.llama_get_memory(self._context), True)
        if self._restored(file, tokens):
            self._model.input_ids[: len(tokens)] = tokens
            self._model.n_tokens = len(tokens)
            return len(tokens)
        self._model.eval(tokens)
        self._keep(file, tokens)
        return len(tokens)

    def _restored(self, file: Path, tokens: list[int]) -> bool:
        if not file.exists():
            return False
        found, count = (ctypes.c_int32 * len(tokens))(), ctypes.c_size_t(0)
        read = self._api.llama_state_seq_load_file(
            self._context, os.fsencode(file), 0, found, len(tokens), ctypes.byref(count)
        )
        return bool(read) and list(found)[: count.value] == tokens

    def _keep(self, file: Path, tokens: list[int]) -> None:
        array = (ctypes.c_int32 * len(tokens))(*tokens)
        work = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            self._states.mkdir(parents=True, exist_ok=True)
            if self._api.llama_state_seq_save_file(self._context, os.fsencode(work), 0, array, len(tokens)):
                work.replace(file)
        except OSError:
            pass  # it saves time only
        finally:
            work.unlink(missing_ok=True)

    def _sampled(self, grammar: str, limit: int) -> Iterator[int]:
        """The most probable tokens that the grammar allows.

        A grammar over the whole vocabulary costs as much as the model itself, so only the most probable token is held
        against it first (as llama.cpp's own server does), and all of them only where that one is refused.
        """
        api, vocabulary = self._api, self._api.llama_model_get_vocab(self._model.model)
        size = api.llama_vocab_n_tokens(vocabulary)
        rules = api.llama_sampler_init_grammar(vocabulary, grammar.encode(), b"root")
        if not rules:
            raise ValueError("the grammar is refused")
        try:
            for _ in range(limit):
                token = self._next(rules, size)
                if api.llama_vocab_is_eog(vocabulary, token):
                    return
                api.llama_sampler_accept(rules, token)
                yield token
                self._model.eval([token])
        finally:
            api.llama_sampler_free(rules)

    def _next(self, rules: Any, size: int) -> int:
        import numpy as np

        logits = np.ctypeslib.as_array(self._api.llama_get_logits_ith(self._context, -1), (size,))
        best = int(logits.argmax())
        if self._allowed(rules, np.array([best]), logits)[0]:
            return best
        order = np.argsort(-logits)
        for tokens in (order[:_FIRST], order):
            allowed = self._allowed(rules, tokens, logits)
            if allowed.any():
                return int(tokens[allowed.argmax()])
        raise ValueError("the grammar allows nothing more")

    def _allowed(self, rules: Any, tokens: Any, logits: Any) -> Any:
        """Which of the tokens the grammar allows next, as booleans."""
        import numpy as np

        api = self._api
        data = np.zeros(len(tokens), np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")]))
        data["id"], data["logit"] = tokens, logits[tokens]
        pointer = data.ctypes.data_as(ctypes.POINTER(api.llama_token_data))
        array = api.llama_token_data_array(data=pointer, size=len(tokens), selected=-1, sorted=False)
        api.llama_sampler_apply(rules, ctypes.byref(array))
        return data["logit"] > _NOTHING


def main() -> None:
    """Answers requests until stdin ends."""
    settings = json.loads(sys.argv[1])
    # What native code prints must not get between the events.
    events = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    engine = _loaded(settings, events)
    if engine is None:
        return
    for line in sys.stdin.buffer:
        try:
            for event in engine.answer(json.loads(line)):
                _tell(events, event)
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer goes on without
            _tell(events, {"error": f"{type(error).__name__}: {error}"})


def _loaded(settings: dict[str, Any], events: BinaryIO) -> Engine | None:
    try:
        engine = Engine(**settings)
    except Exception as error:  # noqa: BLE001 - llama_cpp raises anything
        _tell(events, {"error": f"{type(error).__name__}: {error}"})
        return None
    _tell(events, {"ready": True})
    return engine


def _tell(events: BinaryIO, event: dict[str, Any]) -> None:
    events.write(json.dumps(event).encode() + b"\n")
    events.flush()


if __name__ == "__main__":
    main()
