"""The int8 graph of the model in the box, built node by node from the original weights.

It is written out here, not exported by torch: the same weights give the same bytes whatever torch is installed, and the
graph keeps to standard operators that onnxruntime has had since 1.17. Newer ones (1.26) turn each pair of
DequantizeLinear and MatMul into one int8 multiplication when they load it.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weights = Mapping[str, NDArray[np.float32]]

WIDTH = 384
MAX_TOKENS = 256
_HEADS = 12
_LAYERS = 6
_OPSET = 17
_IR_VERSION = 8


def build_model(weights: Weights, *, notes: Mapping[str, str]) -> bytes:
    """The ONNX file: input_ids and attention_mask (n, tokens; int64) give embedding (n, 384) of unit length.

    `notes` are written into it.
    """
    onnx: Any = importlib.import_module("onnx")
    graph = _Graph(onnx)
    _sentence(graph, weights)
    tensor = onnx.helper.make_tensor_value_info
    made = onnx.helper.make_graph(
        graph.nodes,
        "all-MiniLM-L6-v2",
        [tensor(name, onnx.TensorProto.INT64, ["texts", "tokens"]) for name in ("input_ids", "attention_mask")],
        [tensor("embedding", onnx.TensorProto.FLOAT, ["texts", WIDTH])],
        graph.constants,
    )
    model = onnx.helper.make_model(
        made, opset_imports=[onnx.helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION, producer_name="firstaid"
    )
    onnx.helper.set_model_props(model, dict(notes))
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


class _Graph:
    """Nodes and constants in the order they are added; a value is known by its name."""

    def __init__(self, onnx: Any) -> None:
        self._onnx = onnx
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._names: set[str] = set()

    def constant(self, name: str, value: Any) -> str:
        """A tensor of the file; the same name stands for the same tensor."""
        import numpy as np

        if name not in self._names:
            self._names.add(name)
            self.constants.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def integers(self, *values: int) -> str:
        """A vector of int64, for the operators that take axes or shapes as inputs."""
        import numpy as np

        return self.constant("int64:" + ",".join(map(str, values)), np.array(values, np.int64))

    def number(self, value: float) -> str:
        """A float32 scalar."""
        import numpy as np

        return self.constant(f"float:{value}", np.array(value, np.float32))

    def add(self, operator: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        """A node with one output, whose name is returned."""
        output = output or f"{operator}:{len(self.nodes)}"
        self.nodes.append(self._onnx.helper.make_node(operator, inputs, [output], output, **attributes))
        return output

    def split(self, value: str, parts: int) -> Sequence[str]:
        """The value cut into `parts` of 384 along its last axis."""
        outputs = [f"Split:{len(self.nodes)}:{part}" for part in range(parts)]
        sizes = self.integers(*[WIDTH] * parts)
        self.nodes.append(self._onnx.helper.make_node("Split", [value, sizes], outputs, outputs[0], axis=-1))
        return outputs

    def cast(self, value: str, kind: str) -> str:
        """The value as another type of number."""
        return self.add("Cast", value, to=getattr(self._onnx.TensorProto, kind))


def quantised(weight: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Symmetric int8 and its scales, one for every vector along `axis`: weight is about int8 * scale."""
    import numpy as np

    scale = np.abs(weight).max(axis=axis, keepdims=True) / np.float32(127)
    scale[scale == 0] = 1
    return np.rint(weight / scale).astype(np.int8), scale.astype(np.float32)


def _sentence(graph: _Graph, weights: Weights) -> None:
    """The whole model. The mean over the tokens is a sum here: its length is lost in the normalisation anyway."""
    mask = graph.cast("attention_mask", "FLOAT")
    hidden = graph.add("Unsqueeze", mask, graph.integers(1, 2))
    hidden = graph.add("Mul", graph.add("Sub", hidden, graph.number(1)), graph.number(1e9))  # 0, or -1e9 for padding
    value = _embedded(graph, weights)
    for layer in range(_LAYERS):
        value = _layer(graph, weights, value, hidden, f"encoder.layer.{layer}")
    counted = graph.add("Mul", value, graph.add("Unsqueeze", mask, graph.integers(2)))
    total = graph.add("ReduceSum", counted, graph.integers(1), keepdims=0)
    square = graph.add("ReduceSum", graph.add("Mul", total, total), graph.integers(1), keepdims=1)
    graph.add("Div", total, graph.add("Sqrt", square), output="embedding")


def _embedded(graph: _Graph, weights: Weights) -> str:
    """The vectors of the words, int8 with a scale for each word, and of their places. All texts are of type 0."""
    words, scales = quantised(weights["embeddings.word_embeddings.weight"], axis=1)
    found = graph.cast(graph.add("Gather", graph.constant("words", words), "input_ids", axis=0), "FLOAT")
    found = graph.add("Mul", found, graph.add("Gather", graph.constant("words.scale", scales), "input_ids", axis=0))
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    places = graph.constant("places", weights["embeddings.position_embeddings.weight"][:MAX_TOKENS] + kind)
    first, last = graph.integers(0), graph.integers(1)
    length = graph.add("Slice", graph.add("Shape", "input_ids"), last, graph.integers(2), first)
    place = graph.add("Slice", places, first, length, first)
    return _normalised(graph, weights, graph.add("Add", found, place), "embeddings.LayerNorm")


def _layer(graph: _Graph, weights: Weights, value: str, hidden: str, name: str) -> str:
    """One transformer layer: attention, then two linear maps with a GELU between, each added to what came in."""
    seen = _attention(graph, weights, value, hidden, f"{name}.attention.self")
    seen = _linear(graph, weights, seen, f"{name}.attention.output.dense")
    value = _normalised(graph, weights, graph.add("Add", seen, value), f"{name}.attention.output.LayerNorm")
    wide = _gelu(graph, _linear(graph, weights, value, f"{name}.intermediate.dense"))
    narrow = _linear(graph, weights, wide, f"{name}.output.dense")
    return _normalised(graph, weights, graph.add("Add", narrow, value), f"{name}.output.LayerNorm")


def _attention(graph: _Graph, weights: Weights, value: str, hidden: str, name: str) -> str:
    """Queries, keys and values in one multiplication; queries are already divided by the root of a head's width."""
    import numpy as np

    root = np.sqrt(np.float32(WIDTH / _HEADS))
    parts = [(weights[f"{name}.{part}.weight"].T, weights[f"{name}.{part}.bias"]) for part in ("query", "key", "value")]
    parts[0] = (parts[0][0] / root, parts[0][1] / root)
    joined = _times(graph, value, np.concatenate([part[0] for part in parts], axis=1), f"{name}.joined")
    bias = graph.constant(f"{name}.joined.bias", np.concatenate([part[1] for part in parts]))
    heads = graph.integers(0, 0, _HEADS, WIDTH // _HEADS)
    query, key, content = (
        graph.add("Transpose", graph.add("Reshape", part, heads), perm=order)
        for part, order in zip(
            graph.split(graph.add("Add", joined, bias), 3),
            ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]),
            strict=True,
        )
    )
    share = graph.add("Softmax", graph.add("Add", graph.add("MatMul", query, key), hidden), axis=-1)
    seen = graph.add("Transpose", graph.add("MatMul", share, content), perm=[0, 2, 1, 3])
    return graph.add("Reshape", seen, graph.integers(0, 0, WIDTH))


def _linear(graph: _Graph, weights: Weights, value: str, name: str) -> str:
    product = _times(graph, value, weights[f"{name}.weight"].T, name)
    return graph.add("Add", product, graph.constant(f"{name}.bias", weights[f"{name}.bias"]))


def _times(graph: _Graph, value: str, weight: NDArray[np.float32], name: str) -> str:
    """The value times a weight (in, out) kept in int8, with a scale for each of its columns."""
    numbers, scales = quantised(weight, axis=0)
    whole = graph.add(
        "DequantizeLinear", graph.constant(name, numbers), graph.constant(f"{name}.scale", scales[0]), axis=1
    )
    return graph.add("MatMul", value, whole)


def _gelu(graph: _Graph, value: str) -> str:
    """x * (erf(x / root of 2) + 1) / 2, in the order that onnxruntime knows as GELU."""
    bell = graph.add("Erf", graph.add("Div", value, graph.number(2**0.5)))
    return graph.add("Mul", graph.add("Mul", value, graph.add("Add", bell, graph.number(1))), graph.number(0.5))


def _normalised(graph: _Graph, weights: Weights, value: str, name: str) -> str:
    scale, shift = (graph.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return graph.add("LayerNormalization", value, scale, shift, axis=-1, epsilon=1e-12)
