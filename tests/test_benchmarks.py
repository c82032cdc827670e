"""The benchmarks run, at sizes too small to measure anything."""

import subprocess
import sys

import pytest

from tests.support.paths import ROOT

FOLDER = ROOT / "tests/benchmarks"


@pytest.fixture
def parts(monkeypatch):
    """The benchmarks' modules, as `python tests/benchmarks` sees them."""
    monkeypatch.syspath_prepend(str(FOLDER))
    from importlib import import_module

    return import_module


def test_a_ratio_is_the_median_of_the_rounds(parts):
    measure = parts("measure")
    pairs = [(1.0, 4.0), (2.0, 20.0), (1.0, 6.0)]
    faster = measure.times_as_fast("a", pairs, bar=6)
    assert (faster.value, faster.spread, faster.held) == (6, (4, 10), True)
    share = measure.share_of_theirs("b", pairs, bar=0.1)
    assert share.value == pytest.approx(1 / 6)
    assert share.held is False
    assert measure.Figure("c", 1, "s").held is None
    assert "MISSED" in measure.as_table([share])
    assert measure.quantile([3.0, 1.0, 2.0], 0.5) == 2


def test_both_sides_are_run_in_turns_after_a_first_time(parts):
    order = []
    pairs = parts("measure").in_turns(lambda: order.append("ours"), lambda: order.append("theirs"), 3)
    assert order == ["ours", "theirs"] * 4
    assert len(pairs) == 3


def test_passages_are_of_as_many_tokens_as_are_wanted(parts, minilm):
    texts = parts("material").passages(None, minilm, 30, 50)
    assert len(texts) == len(set(texts)) == 30
    assert all(abs(len(minilm.token_spans(text)) - 50) <= 2 for text in texts)


def test_the_scale_is_measured_at_any_size(parts, monkeypatch):
    scale = parts("scale")
    monkeypatch.setattr(scale, "SIZES", (1_000, 2_000))
    monkeypatch.setattr(scale, "DIFFERENT", 60)
    figures = list(scale.measure(None, 1))
    assert [figure.passages for figure in figures] == [1_000] * 8 + [2_000] * 8 + [None]
    assert all(f.value >= 0.99 for f in figures if f.name == "recall@10 of the exact neighbours")
    assert "1,000 passages: open" in parts("measure").as_table(figures)
    picture = parts("growth").draw_growth(figures)
    assert picture.count("<polyline") == picture.count("passages indexed") + 3 == 4
    assert picture.count("<circle") == 8
    with pytest.raises(ValueError, match="nothing grows"):
        parts("growth").draw_growth(figures[:8])


def test_a_million_is_written_out_on_the_axis(parts):
    sizes = (10_000, 1_000_000)
    figures = [parts("measure").Figure(name, 2.0, "", passages=size) for name in names(parts) for size in sizes]
    picture = parts("growth").draw_growth(figures)
    assert "1,000,000" in picture and "e+" not in picture


def names(parts):
    scale = parts("scale")
    return scale.INDEX, scale.DENSE, scale.BOTH, scale.SLOW


def test_the_command_says_what_it_takes():
    done = subprocess.run([sys.executable, FOLDER, "--help"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert all(word in done.stdout for word in ("--only", "--json", "--articles"))
