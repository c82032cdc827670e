"""8-bit integers: near the network they were made from, without a word to another machine."""

import subprocess
import sys

import numpy as np
import pytest
from conftest import SEEDS, encoder_named

import embeddings.quantising
from embeddings.errors import MissingDependency
from embeddings.models import fingerprint, locate
from embeddings.plugins import find
from qa import answerers


def passages():
    texts = [file.read_text("utf-8") for file in sorted(SEEDS.glob("*.txt"))]
    return [text[start : start + 600] for text in texts for start in range(0, len(text) - 600, 600)]


def test_vectors_point_where_the_full_network_s_do():
    small, full = encoder_named("openvino_int8"), encoder_named("openvino")
    ours, theirs = small.embed_passages(passages()), full.embed_passages(passages())
    cosines = (ours * theirs).sum(axis=1)
    assert 0.97 < cosines.min() < 0.999, "computed in 8-bit integers or not at all like the full network"
    assert cosines.mean() > 0.985
    nearest = [(theirs @ vector).argsort()[-2] for vector in theirs]  # the last is the passage itself
    assert np.mean([n in (ours @ vector).argsort()[-6:] for n, vector in zip(nearest, ours, strict=True)]) > 0.95


def test_the_reader_finds_the_same_spans():
    encoder = encoder_named("openvino")
    small, full = (find(answerers, name).create(encoder)._reader for name in ("reader_int8", "reader"))
    for question in ("Who shrugged his shoulders?", "When did the talks take place?", "Where was it held?"):
        best = [max(reader.read(question, passages()), key=best_score) for reader in (small, full)]
        assert best[0][0].start == best[1][0].start
        assert abs(best[0][0].score - best[1][0].score) < 2


def best_score(readings):
    return readings[0].score


def test_its_file_is_smaller(qa_home):
    for name in ("openvino_int8", "openvino"):
        encoder_named(name)
    built = (qa_home / "cache" / "graphs").glob(f"encoder-*-{fingerprint(locate(None))}*/model.bin")
    weights = {"-int8-" in place.parent.name: place.stat().st_size for place in built}
    assert 3 * weights[True] < weights[False]


def test_what_it_needs_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "nncf", None)
    with pytest.raises(MissingDependency, match="pip install nncf"):
        embeddings.quantising.quantised(None, [[1]])


def test_nothing_is_reported():
    code = (
        "import embeddings.quantising, nncf; from nncf.telemetry.wrapper import telemetry; import sys;"
        "assert sys.modules['openvino_telemetry'] is None; print(type(telemetry).__name__)"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == "MagicMock", "what nncf puts in the place of what would report"
