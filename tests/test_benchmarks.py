"""Check that the benchmarks run, at sizes too small to measure anything."""

import subprocess
import sys

import pytest

from tests.support.encoders import CountingEncoder
from tests.support.paths import ROOT

FOLDER = ROOT / "tests/benchmarks"


@pytest.fixture
def parts(monkeypatch):
    """Return the function that imports a module as `python tests/benchmarks` does."""
    monkeypatch.syspath_prepend(str(FOLDER))
    from importlib import import_module

    return import_module


def test_ratio_is_the_median_of_the_rounds(parts):
    figures = parts("figures")
    pairs = [(1.0, 4.0), (2.0, 20.0), (1.0, 6.0)]
    faster = figures.speedup("a", pairs, target=6)
    assert (faster.value, faster.spread, faster.met) == (6, (4, 10), True)
    share = figures.time_ratio("b", pairs, target=0.1)
    assert share.value == pytest.approx(1 / 6)
    assert share.met is False
    assert figures.Figure("c", 1, "s").met is None
    assert "MISSED" in figures.format_table([share])
    assert figures.quantile([3.0, 1.0, 2.0], 0.5) == 2


def test_sides_alternate_after_a_warm_up(parts):
    order = []
    pairs = parts("figures").alternate(lambda: order.append("ours"), lambda: order.append("theirs"), 3)
    assert order == ["ours", "theirs"] * 4
    assert len(pairs) == 3


def test_passages_have_the_wanted_number_of_tokens(parts):
    texts = parts("sample_texts").passages(None, CountingEncoder(), 30, 50)
    assert len(texts) == len(set(texts)) == 30
    assert all(abs(len(CountingEncoder().token_spans(text)) - 50) <= 2 for text in texts)


def test_cost_of_a_change_is_measured(parts, monkeypatch):
    edits = parts("edits")
    monkeypatch.setattr(edits, "TEXT_CHARS", 20_000)
    monkeypatch.setattr(edits, "RECORDS", 60)
    monkeypatch.setattr(edits, "load_encoder", CountingEncoder)
    figures = list(edits.measure(None, 1))
    assert [figure.name.partition(",")[0] for figure in figures] == [
        "one word edited in 20 kB",
        "one line appended to 60",
    ]
    assert all(0 < figure.value < 2 for figure in figures)


def test_scale_is_measured_at_any_size(parts, monkeypatch):
    scale = parts("scale")
    monkeypatch.setattr(scale, "SIZES", (500, 1_000))
    monkeypatch.setattr(scale, "DISTINCT_PASSAGES", 60)
    monkeypatch.setattr(scale, "QUESTIONS", 20)
    figures = list(scale.measure(None, 1))
    assert [figure.passages for figure in figures] == [500] * 8 + [1_000] * 8 + [None]
    assert all(f.value >= 0.99 for f in figures if f.name == "recall@10 of the exact neighbours")
    assert "1,000 passages: open" in parts("figures").format_table(figures)
    picture = parts("growth").draw_growth(figures)
    assert picture.count("<polyline") == picture.count("passages indexed") + 3 == 4
    assert picture.count("<circle") == 8
    with pytest.raises(ValueError, match="cannot draw growth"):
        parts("growth").draw_growth(figures[:8])


def test_million_is_written_out_on_the_axis(parts):
    sizes = (10_000, 1_000_000)
    figures = [parts("figures").Figure(name, 2.0, "", passages=size) for name in series(parts) for size in sizes]
    picture = parts("growth").draw_growth(figures)
    assert "1,000,000" in picture and "e+" not in picture


def series(parts):
    scale = parts("scale")
    return scale.INDEX, scale.DENSE, scale.BOTH, scale.SLOW


def test_pages_are_compared_with_an_independent_walk(parts, tmp_path):
    pages = parts("html_pages")
    counts = pages.Counts()
    path = tmp_path / "a.html"
    prose = "<p>The harbour board met on Tuesday and talked for three hours.</p>" * 6
    path.write_text(f"<nav><a href=a>Home</a> <a href=b>News</a></nav><h1>Tea</h1>{prose}<ul><li>black</ul>", "utf-8")
    pages.count_page(path, ["//nav"], counts)
    assert (counts.kept, counts.whole) == (counts.words, counts.blocks) == (68, 8)
    assert (counts.marked, counts.unended, counts.prose) == (0, 0, 6)
    assert [figure.met for figure in pages.figures("a", counts)] == [True] * 4
    assert list(pages.measure(None, 1)) == []


def test_help_names_the_options():
    done = subprocess.run([sys.executable, FOLDER, "--help"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert all(word in done.stdout for word in ("--only", "--json", "--articles"))
