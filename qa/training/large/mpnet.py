"""Take the large reader's first weights from the packaged all-mpnet-base-v2, in the order of the reader's token ids."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from embeddings.models import MINILM
from qa.errors import ReaderError
from qa.reader.network import Dimensions, Weights
from qa.reader.tokenization import MAX_WINDOW_TOKENS

FIRST_POSITION = 2
"""Row of the position table that belongs to the first token; the rows before it are those of padding."""

SPECIAL_TOKENS = {"[PAD]": "<pad>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}
"""BERT's special tokens and their names in MPNet."""

_LAYER_NAMES = {
    "out": "attention.attn.o",
    "attended": "attention.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "normed": "output.LayerNorm",
}


def load_mpnet(folder: Path, size: Dimensions) -> tuple[Weights, Weights]:
    """Return the embedding tables and the weights of the first layers, by this project's names, in float32.

    Raises:
        ReaderError: the folder holds no such model, or its tokens are not the reader's.
    """
    try:
        model = load_file(folder / "model.safetensors")
        tables = {
            "word": model["embeddings.word_embeddings.weight"][token_ids(folder)],
            "position": model["embeddings.position_embeddings.weight"][FIRST_POSITION:][:MAX_WINDOW_TOKENS],
            "token_type": torch.zeros(2, size.hidden_size),
            "scale": model["embeddings.LayerNorm.weight"],
            "shift": model["embeddings.LayerNorm.bias"],
        }
        layers = {"distances.weight": model["encoder.relative_attention_bias.weight"]}
        for place in range(size.layers):
            there, here = f"encoder.layer.{place}.", f"layers.{place}."
            for kind in ("weight", "bias"):
                parts = [model[f"{there}attention.attn.{part}.{kind}"] for part in "qkv"]
                layers[f"{here}attention.{kind}"] = torch.cat(parts)
                for ours, theirs in _LAYER_NAMES.items():
                    layers[f"{here}{ours}.{kind}"] = model[f"{there}{theirs}.{kind}"]
    except (OSError, KeyError) as error:
        raise ReaderError(f"{folder} holds no MPNet model ({error}); give the folder of all-mpnet-base-v2") from error
    return tables, layers


def token_ids(folder: Path) -> Tensor:
    """Return (v,): the model's id of each of the reader's tokens, by the reader's id.

    Raises:
        ReaderError: the model lacks some of them.
    """
    ours = Tokenizer.from_file(str(MINILM.path() / "tokenizer.json")).get_vocab()
    theirs = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
    named = {token: SPECIAL_TOKENS[token] if SPECIAL_TOKENS.get(token) in theirs else token for token in ours}
    if lacking := [token for token, name in named.items() if name not in theirs]:
        raise ReaderError(
            f"{folder} lacks {len(lacking)} of the reader's tokens, like {lacking[0]!r}; give another model"
        )
    table = torch.zeros(max(ours.values()) + 1, dtype=torch.long)
    for token, id in ours.items():
        table[id] = theirs[named[token]]
    return table
