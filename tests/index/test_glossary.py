"""Chinese in English words."""

from __future__ import annotations

from pathlib import Path

import tomli

from firstaid.index import glossary
from firstaid.index.glossary import english_of, in_english
from firstaid.index.text import terms

WORDS = tomli.loads(Path(glossary.__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def test_the_longest_entry_wins() -> None:
    assert english_of("显存不足") == "CUDA out of memory"
    assert english_of("显存") == "GPU memory"


def test_what_is_not_chinese_stays_as_it_is() -> None:
    assert in_english("vLLM 0.8 fails") == "vLLM 0.8 fails"
    assert in_english("用 float16 加载 Qwen2，输出全是感叹号").split() == (
        ["float16", "load", "loading", "Qwen2，", "output", "only", "exclamation", "marks"]
    )


def test_unknown_words_are_left_out() -> None:
    assert english_of("饕餮") == ""


def test_chinese_is_searched_in_both_languages() -> None:
    found = terms("训练卡住")
    assert {"训练", "练卡", "卡住", "training", "stuck", "hangs"} <= set(found)


def test_no_word_stands_twice() -> None:
    words = [word for table in WORDS.values() for word in table]
    assert len(words) == len(set(words)) > 500
    assert all(english.isascii() for table in WORDS.values() for english in table.values())
