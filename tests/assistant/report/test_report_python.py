"""Python exceptions in all the shapes they are printed and pasted in."""

from __future__ import annotations

from firstaid.assistant.report import Finding
from firstaid.assistant.report.clean import clean
from firstaid.assistant.report.python import exceptions, told


def lines(text: str) -> list:
    return [line for number, raw in enumerate(text.split("\n"), 1) for line in clean(number, raw)]


def read(text: str) -> list[Finding]:
    return exceptions(lines(text))


def one(text: str) -> Finding:
    (finding,) = read(text)
    return finding


def test_frames_with_code_and_marks() -> None:
    found = one(
        'Traceback (most recent call last):\n  File "/a/b.py", line 3, in <module>\n    main()\n    ~~~~^^\n'
        '  File "/a/c.py", line 40, in main\n    return d["k"]\n           ~^^^^^\n'
        "  [Previous line repeated 9 more times]\n"
        "KeyError: 'k'\n"
    )
    assert [(f.file, f.line, f.function, f.code) for f in found.frames] == [
        ("/a/b.py", 3, "<module>", "main()"),
        ("/a/c.py", 40, "main", 'return d["k"]'),
    ]
    assert (found.name, found.message, found.first, found.last) == ("KeyError", "'k'", 1, 9)


def test_a_truncated_top() -> None:
    found = one('    x = f()\n  File "/a/b.py", line 3, in f\n    raise ValueError(y)\nValueError: bad\n')
    assert (found.first, found.last, len(found.frames)) == (2, 4, 1)


def test_the_last_line_alone() -> None:
    found = one("transformers.utils.SomeCustomError: it broke")
    assert (found.name, found.message, found.frames) == ("transformers.utils.SomeCustomError", "it broke", ())


def test_names_that_do_not_say_error() -> None:
    found = one('Traceback (most recent call last):\n  File "a.py", line 3, in f\n    g()\ntriton.compiler.Odd: what\n')
    assert (found.name, found.message) == ("triton.compiler.Odd", "what")


def test_a_bare_exception() -> None:
    assert one("Exception: data did not match any variant").name == "Exception"


def test_lost_indentation() -> None:
    found = one('Traceback (most recent call last):\nFile "/a/b.py", line 3, in f\nreturn g(x)\nValueError: bad\n')
    assert (found.name, found.frames[0].code) == ("ValueError", "return g(x)")


def test_an_indented_list_belongs_to_the_message() -> None:
    found = one(
        "RuntimeError: Error(s) in loading state_dict for X:\n\tsize mismatch for a\n\tsize mismatch for b\nbye"
    )
    assert found.message == "Error(s) in loading state_dict for X:\n\tsize mismatch for a\n\tsize mismatch for b"
    assert found.last == 3


def test_the_hints_of_a_cuda_error_belong_to_the_message() -> None:
    found = one(
        "RuntimeError: CUDA error: device-side assert triggered\n"
        "CUDA kernel errors might be asynchronously reported at some other API call\n"
        "Compile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.\n(base) me@box:~$ ls"
    )
    assert (found.name, found.last) == ("RuntimeError", 3)
    assert found.message.startswith("CUDA error: device-side assert triggered\n")


def test_a_message_ends_at_other_output() -> None:
    assert one("ValueError: a sentence.\nwandb: waiting").message == "a sentence."
    assert one("ValueError: a sentence.\n2024-05-01 12:00:00,123 - x - INFO - next").last == 1


def test_a_pydantic_error() -> None:
    found = one(
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig\n"
        "  Value error, The checkpoint is odd [type=value_error]\n    For further information visit x\n"
    )
    assert (found.name, found.last) == ("pydantic_core._pydantic_core.ValidationError", 3)


def test_a_syntax_error() -> None:
    found = one('  File "/a/run.py", line 3\n    print "x"\n    ^^^^^^^^^\nSyntaxError: Missing parentheses\n')
    assert (found.name, found.frames[0].line, found.frames[0].function) == ("SyntaxError", 3, None)


def test_chains_of_both_kinds() -> None:
    text = (
        'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 1\n\n'
        "During handling of the above exception, another exception occurred:\n\n"
        'Traceback (most recent call last):\n  File "a.py", line 2, in f\nValueError: 2\n\n'
        "The above exception was the direct cause of the following exception:\n\n"
        'Traceback (most recent call last):\n  File "a.py", line 3, in f\nRuntimeError: 3\n\n'
        'Traceback (most recent call last):\n  File "a.py", line 4, in f\nTypeError: 4\n'
    )
    found = read(text)
    assert [(f.name, f.link, bool(f.chain)) for f in found] == [
        ("KeyError", None, True),
        ("ValueError", "context", True),
        ("RuntimeError", "cause", True),
        ("TypeError", None, False),
    ]


def test_an_exception_group() -> None:
    found = read(
        "  + Exception Group Traceback (most recent call last):\n"
        '  |   File "a.py", line 1, in f\n  |     raise g\n  | ExceptionGroup: errors (1 sub-exception)\n'
        "  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n"
        '    |   File "a.py", line 2, in g\n    |     h()\n    | ValueError: inner\n'
        "    +------------------------------------\n"
    )
    assert [f.name for f in found] == ["ExceptionGroup", "ValueError"]
    assert found[1].message == "inner"


def test_ranks_that_print_over_each_other() -> None:
    shown = ("Traceback (most recent call last):", '  File "r{0}.py", line {0}, in f', "ValueError: {0}")
    blocks = [[f"[rank{r}]: {text.format(r)}" for text in shown] for r in range(1, 4)]
    found = read("\n".join(line for together in zip(*blocks, strict=True) for line in together))
    assert sorted((f.message, f.frames[0].file) for f in found) == [("1", "r1.py"), ("2", "r2.py"), ("3", "r3.py")]


def test_old_and_new_jupyter() -> None:
    for frame in ("<ipython-input-3-abc> in <module>", "Cell In[3], line 2", "Input In [3], in <cell line: 2>()"):
        found = one(
            f"{'-' * 75}\nValueError                 Traceback (most recent call last)\n"
            f"{frame}\n      1 x\n----> 2 f(x)\n\n"
            "~/lib/m.py in f(x)\n     10 def f(x):\n---> 11     raise ValueError(x)\n\nValueError: nope"
        )
        assert (found.name, found.message, len(found.frames)) == ("ValueError", "nope", 2)
        assert (found.frames[0].line, found.frames[0].code, found.frames[1].line) == (2, "f(x)", 11)


def test_a_warning_with_a_traceback_weighs_less() -> None:
    caught = "2024-05-01 12:00:00,123 - x - WARNING - Traceback (most recent call last):\n" \
        '2024-05-01 12:00:00,123 - x - WARNING -   File "a.py", line 1, in f\n' \
        "2024-05-01 12:00:00,123 - x - WARNING - ImportError: no apex"  # fmt: skip
    assert one(caught).weight == 1


def test_exceptions_in_prose() -> None:
    text = "I get `KeyError: 'qwen2'` when loading, then 报错 RuntimeError：显存不足 and ValueError(\"x\")"
    assert [(f.name, f.message, f.weight) for f in told(lines(text))] == [
        ("KeyError", "'qwen2'", 0),
        ("RuntimeError", '显存不足 and ValueError("x")', 0),
        ("ValueError", "x", 0),
    ]


def test_frames_without_an_end_are_no_failure() -> None:
    assert read('Traceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\n') == []
