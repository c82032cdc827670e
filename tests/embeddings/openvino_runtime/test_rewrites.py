"""Check that rewritten attention and pooling give the same numbers, and that other nodes are left alone."""

from collections import Counter

import numpy as np
import openvino
import pytest
from openvino import opset13 as ops

from embeddings.openvino_runtime.rewrites import (
    columns_of_products,
    skip_softmax_max,
    store_in_bytes,
    use_matrix_products,
    whole_numbers,
)

N, HEADS, T, D = 3, 2, 10, 8
LENGTHS = np.array([10, 4, 1])
ATTENTION_MASK = np.arange(T) < LENGTHS[:, None]
"""(n, t): which tokens are not padding."""


def node_counts(graph):
    return Counter(node.get_type_name() for node in graph.get_ordered_ops())


EXACT = {"INFERENCE_PRECISION_HINT": "f32"}


def numbers(graph, given):
    compiled = openvino.Core().compile_model(graph, "CPU", EXACT)
    return compiled(given)[0]


def given(*shapes):
    random = np.random.default_rng(0)
    return [random.standard_normal(shape).astype(np.float32) for shape in shapes]


def attention(mask=None, scale=None, causal=False, size=D):
    """Return a graph of one attention over any number of texts and tokens, and its inputs."""
    inputs = [ops.parameter([-1, HEADS, -1, size], np.float32) for _ in range(3)]
    values = given(*[(N, HEADS, T, D)] * 3)
    more = []
    if mask is not None:
        more = [ops.parameter([-1, 1, -1, T], mask.dtype)]
        values.append(mask)
    scales = [] if scale is None else [ops.constant(np.float32(scale))]
    result = ops.scaled_dot_product_attention(*inputs, *more, *scales, causal=causal)
    return openvino.Model([result], [*inputs, *more]), values


FULL_MASK = ATTENTION_MASK[:, None, None, :].repeat(T, axis=2)
MASKS = {"boolean": FULL_MASK, "additive": np.where(FULL_MASK, 0, -np.inf).astype(np.float32)}


@pytest.mark.parametrize("scale", [None, 0.5])
@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_rewritten_attention_gives_the_same_numbers(mask, scale):
    graph, values = attention(mask, scale)
    before = numbers(graph, values)
    use_matrix_products(graph)
    assert node_counts(graph)["ScaledDotProductAttention"] == 0 and node_counts(graph)["MatMul"] == 2
    np.testing.assert_allclose(numbers(graph, values), before, atol=1e-6)
    query, key, value = values[:3]
    scores = query @ key.swapaxes(2, 3) * (scale or D**-0.5)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True)) * FULL_MASK
    np.testing.assert_allclose(before, powers / powers.sum(axis=-1, keepdims=True) @ value, atol=1e-5)


OTHERS = {
    "no mask": lambda: attention(),
    "causal mask": lambda: attention(FULL_MASK, causal=True),
    "unknown head size": lambda: attention(FULL_MASK, size=-1),
}


@pytest.mark.parametrize("made", OTHERS.values(), ids=OTHERS)
def test_other_attention_is_left_alone(made):
    graph, values = made()
    before = numbers(graph, values)
    use_matrix_products(graph)
    assert node_counts(graph)["ScaledDotProductAttention"] == 1
    np.testing.assert_array_equal(numbers(graph, values), before)


def pooling(axis=1, keep=False, weights_first=False, width=1):
    """Return a graph that sums tokens, each times its weight."""
    tokens, weights = ops.parameter([-1, -1, D], np.float32), ops.parameter([-1, -1, width], np.float32)
    factors = (weights, tokens) if weights_first else (tokens, weights)
    summed = ops.reduce_sum(ops.multiply(*factors), ops.constant(np.int64([axis])), keep)
    return openvino.Model([summed], [tokens, weights])


@pytest.mark.parametrize("weights_first", [False, True])
def test_rewritten_pooling_gives_the_same_numbers(weights_first):
    graph = pooling(weights_first=weights_first)
    tokens, weights = given((N, T, D), (N, T, 1))
    use_matrix_products(graph)
    assert node_counts(graph)["ReduceSum"] == 0 and node_counts(graph)["MatMul"] == 1
    np.testing.assert_allclose(numbers(graph, [tokens, weights]), (tokens * weights).sum(axis=1), atol=1e-5)


@pytest.mark.parametrize("other", [{"axis": 2}, {"axis": 0}, {"keep": True}, {"width": D}])
def test_other_sums_are_left_alone(other):
    graph = pooling(**other)
    values = given((N, T, D), (N, T, other.get("width", 1)))
    before = numbers(graph, values)
    use_matrix_products(graph)
    assert node_counts(graph)["ReduceSum"] == 1 and node_counts(graph)["MatMul"] == 0
    np.testing.assert_array_equal(numbers(graph, values), before)


def test_unweighted_sum_is_left_alone():
    tokens = ops.parameter([-1, -1, D], np.float32)
    graph = openvino.Model([ops.reduce_sum(tokens, ops.constant(np.int64([1])))], [tokens])
    use_matrix_products(graph)
    assert node_counts(graph)["ReduceSum"] == 1


def weighted(axis=-1, second=False, transposed=False, returned=False, twice=False):
    """Return a graph that weights values by a softmax of scores.

    Args:
        axis: of the softmax.
        second: the weights are the product's second factor.
        transposed: the product transposes the weights.
        returned: the weights are a result too.
        twice: the weights are also the second factor of another product.
    """
    scores = ops.parameter([-1, HEADS, T, T], np.float32)
    values = ops.parameter([-1, HEADS, T, T], np.float32)
    weights = ops.softmax(scores, axis)
    factors = (values, weights) if second else (weights, values)
    product = ops.matmul(*factors, transpose_a=transposed, transpose_b=False)
    if twice:
        product = ops.add(product, ops.matmul(values, weights, transpose_a=False, transpose_b=False))
    return openvino.Model([product, weights] if returned else [product], [scores, values])


@pytest.mark.parametrize("axis", [-1, 3])
def test_softmax_without_maximum_gives_the_same_numbers(axis):
    graph, values = weighted(axis), given((N, HEADS, T, T), (N, HEADS, T, T))
    before = numbers(graph, values)
    skip_softmax_max(graph)
    assert node_counts(graph)["Softmax"] == 0 and node_counts(graph)["Exp"] == 1
    np.testing.assert_allclose(numbers(graph, values), before, atol=1e-5)


def test_extreme_scores_give_nan_or_infinity():
    graph, (scores, values) = weighted(), given((N, HEADS, T, T), (N, HEADS, T, T))
    skip_softmax_max(graph)
    scores[1, 0, 2, 3], scores[2, 1, 4] = 200, -200
    right = np.isfinite(numbers(graph, [scores, values]))
    assert not right[1, 0, 2].any() and not right[2, 1, 4].any()
    right[1, 0, 2] = right[2, 1, 4] = True
    assert right.all()


@pytest.mark.parametrize(
    "other", [{"axis": 2}, {"second": True}, {"transposed": True}, {"returned": True}, {"twice": True}]
)
def test_other_weights_are_left_alone(other):
    graph, values = weighted(**other), given((N, HEADS, T, T), (N, HEADS, T, T))
    before = numbers(graph, values)
    skip_softmax_max(graph)
    assert node_counts(graph)["Softmax"] == 1 and node_counts(graph)["Exp"] == 0
    np.testing.assert_array_equal(numbers(graph, values), before)


def test_layers_share_one_additive_mask():
    inputs = [ops.parameter([-1, HEADS, -1, D], np.float32) for _ in range(3)]
    mask = ops.parameter([-1, 1, -1, T], np.bool_)
    first = ops.scaled_dot_product_attention(*inputs, mask)
    second = ops.scaled_dot_product_attention(first, *inputs[1:], mask)
    graph = openvino.Model([second], [*inputs, mask])
    values = [*given(*[(N, HEADS, T, D)] * 3), FULL_MASK]
    before = numbers(graph, values)
    use_matrix_products(graph)
    assert node_counts(graph)["Select"] == 1
    np.testing.assert_allclose(numbers(graph, values), before, atol=1e-6)


LIMIT = 63


def two_products(first, second, users=1):
    """Return a graph of x @ first.T @ second.T, where a second user of `first` adds its sum."""
    rows = ops.parameter([-1, first.shape[1]], np.float32)
    weights = ops.constant(first)
    result = ops.matmul(ops.matmul(rows, weights, False, True), ops.constant(second), False, True)
    if users == 2:
        result = ops.add(result, ops.reduce_sum(weights, ops.constant(np.array([0, 1]))))
    return openvino.Model([result], [rows])


def matrices():
    """Return matrices that are whole numbers times a scale for each row, one row all zeros."""
    random = np.random.default_rng(1)
    made = []
    for shape in ((24, 16), (5, 24)):
        numbers = random.integers(-LIMIT, LIMIT + 1, shape)
        numbers[:, 0] = LIMIT
        made.append((numbers * random.uniform(0.001, 2, (shape[0], 1))).astype(np.float32))
    made[0][3] = 0
    return made


@pytest.mark.parametrize("users", [1, 2])
def test_weights_in_bytes_give_the_same_numbers_in_a_quarter_of_the_space(users, tmp_path):
    first, second = matrices()
    graph, (values,) = two_products(first, second, users), given((7, 16))
    openvino.save_model(graph, tmp_path / "floats.xml", compress_to_fp16=False)
    before = numbers(graph, [values])
    store_in_bytes(graph, LIMIT)
    assert sorted(columns_of_products(graph)) == [16, 24]
    openvino.save_model(graph, tmp_path / "bytes.xml", compress_to_fp16=False)
    exact = {**EXACT, "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0}
    again = openvino.Core().compile_model(tmp_path / "bytes.xml", "CPU", exact)([values])[0]
    np.testing.assert_allclose(again, before, rtol=1e-5, atol=1e-4)
    rows = 4 * (len(first) + len(second))
    stored = first.size + second.size + rows
    assert (tmp_path / "bytes.bin").stat().st_size < stored + 128 < (tmp_path / "floats.bin").stat().st_size


def test_vectors_and_scalars_stay_floats():
    rows = ops.parameter([-1, 16], np.float32)
    graph = openvino.Model([ops.add(rows, ops.constant(np.ones((1, 16), np.float32)))], [rows])
    store_in_bytes(graph, LIMIT)
    assert node_counts(graph)["Convert"] == 0 and columns_of_products(graph) == []


def test_whole_numbers_are_the_nearest_of_their_range():
    matrix = given((6, 40))[0]
    whole, scale = whole_numbers(matrix, LIMIT)
    assert whole.dtype == np.int8 and np.abs(whole).max(axis=1).tolist() == [LIMIT] * 6
    assert (np.abs(whole * scale - matrix) <= scale / 2 * 1.0001).all()


def test_matrix_that_rows_are_only_taken_from_is_no_factor():
    places = ops.parameter([-1], np.int64)
    rows = ops.gather(ops.constant(matrices()[0]), places, ops.constant(np.int64(0)))
    graph = openvino.Model([rows], [places])
    store_in_bytes(graph, LIMIT)
    assert node_counts(graph)["Convert"] == 1 and columns_of_products(graph) == []
