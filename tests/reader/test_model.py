"""Read passages with the reader, using random weights."""

import threading
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from embeddings.models import MINILM
from embeddings.openvino_runtime.graph_cache import precision
from qa.errors import ReaderError
from qa.reader.format import FORMAT_VERSION
from qa.reader.model import MAX_ANSWER_TOKENS, MAX_SPANS_PER_PASSAGE, Reader
from qa.reader.network import Network, load
from qa.text.reading import passage_reading, reading
from qa.types import Passage

QUESTION = "Who mends clocks in Oslo?"
PASSAGES = [
    "Anna mends clocks in Oslo. Her shop is red.",
    "Boris sails a boat. He left Riga in May, when the ice had gone, and has not been seen since.",
    "",
    "Анна чинит часы в Осло. Её мастерская красная.",
    "安娜在奥斯陆修理钟表。她的店是红色的。",
    "أنا تصلح الساعات في أوسلو.",
    "| name | town |\n|---|---|\n| Anna | Oslo |\n| Boris | Riga |",
    "def mend(clock: Clock) -> None:\n\treturn [c for c in clock if c != '\\0']  # 1_000",
    "👩‍🔧 mends 🕰️🕰️ in 🇳🇴!",
    "half \ud83d a pair, \udca9 and the other",
    "\u200b\x00",
    "clocks" * 300,
    "Anna mends clocks in Oslo, and so do many others who live there. " * 30,
]
LONG = PASSAGES[0] * 700


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    torch.manual_seed(7)
    network = Network()
    torch.nn.init.normal_(network.head.weight, std=0.2)
    file = tmp_path_factory.mktemp("reader") / "reader.safetensors"
    save_file({name: value.half() for name, value in network.state_dict().items()}, file, {"version": FORMAT_VERSION})
    return file


@pytest.fixture(scope="session")
def reader(weights, qa_home):
    return Reader(weights)


def read(reader, question, passages):
    return reader.read(question, [reading(passage) for passage in passages])


def valid(readings, passage):
    assert len(readings) <= MAX_SPANS_PER_PASSAGE
    for span in readings:
        assert 0 <= span.start < span.end <= len(passage)
        assert np.isfinite(span.score)
    scores = [span.score for span in readings]
    assert scores == sorted(scores, reverse=True)
    places = sorted((span.start, span.end) for span in readings)
    assert all(before[1] <= after[0] for before, after in pairwise(places))


@settings(max_examples=30)
@given(st.text(max_size=80), st.lists(st.text(st.characters(exclude_categories=()), max_size=200), max_size=4))
@example("", ["", "a"])
@example("clocks " * 300, ["Anna mends clocks."])
@example("\ud800?", ["a"])
def test_spans_are_valid_for_any_text(reader, question, passages):
    found = read(reader, question, passages)
    assert len(found) == len(passages)
    for readings, passage in zip(found, passages, strict=True):
        valid(readings, passage)


@pytest.mark.parametrize("passage", [*PASSAGES, LONG], ids=lambda text: ascii(text[:12]))
def test_any_passage_is_read(reader, passage):
    (readings,) = read(reader, QUESTION, [passage])
    valid(readings, passage)
    assert bool(readings) == bool(passage.strip("\u200b\x00"))


def test_span_has_at_most_max_answer_tokens(reader):
    passage = "clocks " * 200
    (readings,) = read(reader, QUESTION, [passage])
    assert all(len(passage[r.start : r.end].split()) <= MAX_ANSWER_TOKENS for r in readings)


@pytest.mark.parametrize("blank", ["\n\n", "\r\n\r\n", "\n \t\n", "\r\r", "\n\n\n\n"])
def test_no_span_crosses_a_blank_line(reader, blank):
    passage = blank.join(["Anna", "Anna mends clocks in Oslo", "Boris", "Boris sails"] * 4)
    for question in ("Who mends clocks?", "Who is Anna?", "Where?", "What does Boris do?"):
        readings = read(reader, question, [passage])[0]
        assert len(readings) == MAX_SPANS_PER_PASSAGE
        assert not any("\n" in passage[r.start : r.end] or "\r" in passage[r.start : r.end] for r in readings)


def test_span_may_cross_a_line_break(reader):
    passage = "\n".join(PASSAGES[1].split())
    assert any("\n" in passage[r.start : r.end] for r in read(reader, QUESTION, [passage])[0])


def test_end_of_long_passage_is_read(reader):
    """The best span is found even after pages of text that scores lower."""
    found = {}
    for word in ("clocks", "Oslo", "the", "7", "boat"):
        ((best, *_),) = read(reader, QUESTION, [f"{word} " * 400])
        found[word] = best.score
    low, high = min(found, key=found.get), max(found, key=found.get)
    passage = f"{low} " * 1500 + f"{high} " * 300
    ((best, *_),) = read(reader, QUESTION, [passage])
    assert best.end > 1500 * (len(low) + 1)


def test_no_passages_give_no_spans(reader):
    assert read(reader, QUESTION, []) == []


def test_reading_is_deterministic(reader, weights):
    found = read(reader, QUESTION, PASSAGES)
    assert read(reader, QUESTION, PASSAGES) == found
    assert read(Reader(weights), QUESTION, PASSAGES) == found


def test_batch_mates_change_scores_little(reader):
    together = read(reader, QUESTION, PASSAGES)
    for passage, readings in zip(PASSAGES, together, strict=True):
        (alone,) = read(reader, QUESTION, [passage])
        assert len(alone) == len(readings)
        assert [r.score for r in alone] == pytest.approx([r.score for r in readings], abs=0.05)


def test_reading_is_thread_safe(reader):
    wanted = [read(reader, QUESTION, [passage]) for passage in PASSAGES]
    found = [None] * len(PASSAGES)

    def read_one(place):
        found[place] = read(reader, QUESTION, [PASSAGES[place]])

    threads = [threading.Thread(target=read_one, args=[place]) for place in range(len(PASSAGES))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == wanted


def test_graph_matches_the_network(reader, weights):
    windows = [w for passage in PASSAGES for w in reader._tokenizer.windows(QUESTION, passage)]
    token_type_ids = [[0] * w.passage_start + [1] * (len(w.ids) - w.passage_start) for w in windows]
    network = load(weights, MINILM.path()).eval()
    tolerance = {"bf16": 0.15, "f32": 1e-3}[precision()]
    seen = []
    for places, outputs in reader._graph.run([w.ids for w in windows], token_type_ids):
        for place, output in zip(places, outputs, strict=True):
            seen.append(place)
            ids, types = torch.tensor([windows[place].ids]), torch.tensor([token_type_ids[place]])
            with torch.inference_mode():
                wanted = network(ids, torch.ones_like(ids), types)[0].numpy()
            assert output[: len(wanted)] == pytest.approx(wanted, abs=tolerance)
            assert wanted.std() > 3 * tolerance
    assert sorted(seen) == list(range(len(windows)))


@pytest.mark.parametrize("passage", PASSAGES[:2] + PASSAGES[3:9], ids=lambda text: ascii(text[:12]))
def test_score_is_span_minus_no_answer(reader, weights, passage):
    (window,) = reader._tokenizer.windows(QUESTION, passage)
    token_type_ids = [0] * window.passage_start + [1] * (len(window.ids) - window.passage_start)
    ids = torch.tensor([window.ids])
    with torch.inference_mode():
        scores = (
            load(weights, MINILM.path()).eval()(ids, torch.ones_like(ids), torch.tensor([token_type_ids]))[0].tolist()
        )
    wanted = {}
    for a, (start, _) in enumerate(window.offsets, window.passage_start):
        for b, (_, end) in enumerate(window.offsets[a - window.passage_start :][:MAX_ANSWER_TOKENS], a):
            wanted[start, end] = scores[a][0] + scores[b][1] - sum(scores[0])
    ((best, *others),) = read(reader, QUESTION, [passage])
    tolerance = {"bf16": 0.15, "f32": 4e-3}[precision()]
    assert best.score == pytest.approx(max(wanted.values()), abs=tolerance)
    assert all(wanted[r.start, r.end] == pytest.approx(r.score, abs=tolerance) for r in (best, *others))


def refused(file):
    with pytest.raises(ReaderError) as caught:
        Reader(file)
    message = str(caught.value)
    assert str(file) in message
    assert "\n" not in message
    return message


def test_missing_weights_are_reported(tmp_path):
    assert "type: pip install --force-reinstall" in refused(tmp_path / "absent.safetensors")


@pytest.mark.parametrize("kept", [0, 5, 1000, -1], ids=str)
def test_damaged_weights_are_reported(weights, tmp_path, kept):
    file = tmp_path / "reader.safetensors"
    file.write_bytes(weights.read_bytes()[:kept])
    assert "type: pip install --force-reinstall" in refused(file)


@pytest.mark.parametrize("metadata", [None, {"version": "0"}, {"other": FORMAT_VERSION}])
def test_weights_of_another_version_are_reported(weights, tmp_path, metadata):
    save_file(load_file(weights), tmp_path / "reader.safetensors", metadata)
    assert f"wanted {FORMAT_VERSION}; type: python -m qa.training.train" in refused(tmp_path / "reader.safetensors")


def test_no_span_crosses_a_page(reader):
    text = "Anna mends clocks\fBoris sails"
    assert not any("\f" in text[span.start : span.end] for span in read(reader, QUESTION, [text])[0])


def test_spans_hold_no_header_and_no_context(reader):
    row = Passage("a", 5, 22, "Anna | Oslo | 840", ((5, 22),), "Clocks", ((5, "Name"), (12, "Town"), (19, "Fee")))
    (found,) = reader.read(QUESTION, [passage_reading(row, row.context)])
    assert found
    for span in found:
        assert row.text[span.start : span.end] in ("Anna", "Oslo", "840")
