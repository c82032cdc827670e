"""A network's graph in 8-bit integers: smaller, and faster where the processor has instructions for them."""

import sys
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import MissingDependency
from embeddings.graphs import Model

Rows = Sequence[Sequence[int]]


def quantised(graph: Model, ids: Rows, kinds: Rows | None = None) -> Model:
    """The graph, as graphs.shaped gives it, in 8-bit integers that are scaled by what rows of tokens give rise to.

    Static quantisation after training, in the way that NNCF has for transformers: the outliers of activations are
    moved into the weights first (SmoothQuant, Xiao et al. 2023).

    Raises:
        MissingDependency: nncf is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own dependencies' deprecations
            import nncf
    except ModuleNotFoundError as error:
        raise MissingDependency(f"8-bit integers need the package {error.name!r}; type: pip install nncf") from error
    nncf.set_log_level(40)  # errors only
    names = [port.any_name for port in graph.inputs]
    rows = [_given(names, row, kinds[place] if kinds else None) for place, row in enumerate(ids)]
    with warnings.catch_warnings(), redirect_stdout(sys.stderr):  # where its bars do not mix with an answer
        warnings.simplefilter("ignore")
        return nncf.quantize(graph, nncf.Dataset(rows), model_type=nncf.ModelType.TRANSFORMER, subset_size=len(rows))


def _given(names: Sequence[str], ids: Sequence[int], kinds: Sequence[int] | None) -> dict[str, NDArray[np.int64]]:
    rows = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": kinds or [0] * len(ids)}
    return {name: np.array([rows[name]], dtype=np.int64) for name in names}
