"""What the large reader says of sentences, compared with its network run directly."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from embeddings.models import MINILM
from qa.errors import ReaderError
from qa.reader import network
from qa.reader.large import NOTHING, LargeReader, sentence_numbers
from qa.reader.network import Dimensions, Network, load_large, save_large
from qa.reader.outputs import Output
from qa.reader.tokenization import WindowTokenizer
from qa.text.reading import passage_reading
from qa.text.sentences import sentence_spans
from qa.types import Passage

SIZE = Dimensions(2, 32, 2, 64, outputs=7, epsilon=1e-5, distance_buckets=32)
TEXT = "Anna lives in Oslo. She mends clocks. Her shop is red."
TOKENIZER = WindowTokenizer(MINILM.path())


def passage(text, *, start=0, context="", cells=()):
    spans = tuple((start + a, start + b) for a, b in sentence_spans(text))
    return Passage("a.txt", start, start + len(text), text, spans, context, cells)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Write the weights of a tiny network of the large one's kind."""
    torch.manual_seed(4)
    folder = tmp_path_factory.mktemp("large")
    tables = {
        "word": torch.randn(30_522, 32),
        "position": torch.randn(256, 32) / 5,
        "token_type": torch.zeros(2, 32),
        "scale": torch.ones(32),
        "shift": torch.zeros(32),
    }
    weights = {f"embeddings.{name}": value for name, value in tables.items()} | Network(SIZE).state_dict()
    made = [folder / "embeddings.safetensors", folder / "layers.safetensors"]
    save_large(weights, made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "LARGE", SIZE)
        yield made


@pytest.fixture(scope="module")
def reader(files):
    return LargeReader(files)


def outputs(files, question, text):
    window = next(TOKENIZER.windows(question, text))
    ids = torch.tensor([window.ids])
    with torch.inference_mode():
        return window, load_large(files).eval()(ids, torch.ones_like(ids), torch.zeros_like(ids))[0].numpy()


def test_evidence_is_the_mean_over_the_sentence(reader, files):
    (reading,) = reader.read("What does she mend?", [passage(TEXT, start=7)])
    window, found = outputs(files, "What does she mend?", TEXT)
    assert [TEXT[a - 7 : b - 7] for a, b in (s.sentence for s in reading.sentences)] == TEXT.replace(". ", ".|").split(
        "|"
    )
    for sentence in reading.sentences:
        start, end = (place - 7 for place in sentence.sentence)
        places = [window.passage_start + n for n, (a, _) in enumerate(window.offsets) if start <= a < end]
        wanted = found[places, Output.EVIDENCE].mean() - found[0, Output.NO_EVIDENCE]
        assert sentence.evidence == pytest.approx(wanted, abs=0.05)
    scores = [s.evidence for s in reading.sentences]
    assert reading.answered == pytest.approx(np.logaddexp.reduce(scores), abs=1e-4)
    total = np.logaddexp.reduce([0, *scores])
    assert [s.share for s in reading.sentences] == pytest.approx([score - total for score in scores], abs=1e-4)
    logits = found[0, Output.SUPPORTED : Output.NEITHER + 1]
    assert reading.stance == pytest.approx(np.exp(logits - np.logaddexp.reduce(logits)), abs=0.05)


def test_best_span_stays_within_its_sentence(reader, files):
    (reading,) = reader.read("What does she mend?", [passage(TEXT)])
    window, found = outputs(files, "What does she mend?", TEXT)
    for sentence in reading.sentences:
        start, end = sentence.sentence
        assert start <= sentence.span.start < sentence.span.end <= end
        inside = [n for n, (a, _) in enumerate(window.offsets) if start <= a < end]
        first = window.passage_start
        best = max(
            found[first + a, Output.START] + found[first + b, Output.END] for a in inside for b in inside if a <= b
        )
        nothing = found[0, Output.START] + found[0, Output.END]
        assert sentence.span.score == pytest.approx(best - nothing, abs=0.1)


def test_headings_belong_to_no_sentence_and_headers_to_their_row():
    text = "1990 | Bern"
    row = Passage("t.csv", 5, 16, text, ((5, 16),), "Cup › Winners", ((5, "Year"), (12, "Winner")))
    read = passage_reading(row, row.context)
    window = next(TOKENIZER.windows("Who?", read.text))
    numbers = sentence_numbers(window, row, read)
    shown = {
        n: [read.text[a:b] for (a, b), own in zip(window.offsets, numbers, strict=True) if own == n] for n in (-1, 0)
    }
    assert shown == {-1: ["Cup", "›", "Winners"], 0: ["Year", ":", "1990", ";", "Winner", ":", "Bern"]}


def test_long_passage_is_read_in_windows_each_sentence_once(reader):
    text = " ".join(f"The clock number {n} was mended by Anna in Oslo." for n in range(60))
    (reading,) = reader.read("Who mended it?", [passage(text, context="Clocks")])
    assert [s.sentence for s in reading.sentences] == list(passage(text).sentences)


def test_passages_are_read_alike_alone_and_together(reader):
    passages = [
        passage(TEXT),
        passage("Boris sails.", start=40),
        passage("Bern is old. It is not red.", context="Towns"),
    ]
    together = reader.read("Who sails?", passages)
    alone = [reader.read("Who sails?", [one])[0] for one in passages]
    for one, other in zip(together, alone, strict=True):
        assert [s.sentence for s in one.sentences] == [s.sentence for s in other.sentences]
        assert [s.evidence for s in one.sentences] == pytest.approx([s.evidence for s in other.sentences], abs=0.05)


def test_passage_without_a_token_is_no_evidence(reader):
    blank = replace(passage(TEXT), text="\u200b", end=1, sentences=((0, 1),))
    assert reader.read("Who?", [blank]) == [NOTHING]
    assert reader.read("Who?", []) == []


@pytest.mark.parametrize("damage", ["missing", "cut", "other version"])
def test_damaged_weights_are_an_error(files, tmp_path, damage):
    bad = tmp_path / "layers.safetensors"
    if damage == "cut":
        bad.write_bytes(files[1].read_bytes()[:100])
    if damage == "other version":
        torch_file = __import__("safetensors.torch", fromlist=["save_file"])
        torch_file.save_file({"a": torch.zeros(1)}, bad, {"version": "0"})
    with pytest.raises(ReaderError, match=r"type: (pip install|python -m qa\.training)"):
        LargeReader([files[0], bad])
