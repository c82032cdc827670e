"""Reliability and risk-coverage by hand, and their pictures."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate.plots import (
    BINS,
    LEFT_PX,
    PLOT_PX,
    TOP_PX,
    calibration_error,
    draw_reliability,
    draw_risk_coverage,
    reliability,
    risk_coverage,
)

SVG = "{http://www.w3.org/2000/svg}"
SURE = [0.95, 0.91, 0.55, 0.05, 1.0]
RIGHT = [True, False, True, False, True]
JUDGED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40)


def test_reliability_by_hand():
    assert reliability(SURE, RIGHT) == [
        (pytest.approx(0.05), 0.0, 1),
        (pytest.approx(0.55), 1.0, 1),
        (pytest.approx((0.95 + 0.91 + 1) / 3), pytest.approx(2 / 3), 3),
    ]


def test_calibration_error_by_hand():
    assert calibration_error(SURE, RIGHT) == pytest.approx((0.05 + 0.45 + 3 * abs(2.86 / 3 - 2 / 3)) / 5)


def test_calibrated_confidence_has_no_error():
    sure = [0.25] * 4 + [0.75] * 4 + [1.0] * 2 + [0.0] * 3
    right = [True] + [False] * 3 + [True] * 3 + [False] + [True] * 2 + [False] * 3
    assert calibration_error(sure, right) == 0


@pytest.mark.parametrize(("sure", "right"), [([1.0] * 3, [False] * 3), ([0.0] * 3, [True] * 3)])
def test_opposite_confidence_has_the_greatest_error(sure, right):
    assert calibration_error(sure, right) == 1


@pytest.mark.parametrize("edge", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_bin_edge_belongs_to_the_bin_above(edge):
    above = min(edge + 0.01, 1.0)
    assert len(reliability([edge, above], [True, True])) == 1


def test_risk_and_coverage_by_hand():
    assert risk_coverage([0.9, 0.3, 0.6, 0.6], [True, False, False, True]) == [
        (1 / 4, 0.0, 0.9),
        (3 / 4, pytest.approx(1 / 3), 0.6),
        (1.0, 1 / 2, 0.3),
    ]


def test_no_questions_give_no_points():
    assert (reliability([], []), risk_coverage([], []), calibration_error([], [])) == ([], [], 0)


@pytest.mark.parametrize("measure", [reliability, calibration_error, risk_coverage])
def test_lengths_must_agree(measure):
    with pytest.raises(ValueError, match="2 confidences and 1 outcomes"):
        measure([0.5, 0.6], [True])


@given(JUDGED)
def test_every_question_is_in_one_tenth_and_covered_at_the_end(judged):
    sure, right = [s for s, _ in judged], [r for _, r in judged]
    bins, curve = reliability(sure, right), risk_coverage(sure, right)
    assert sum(n for *_, n in bins) == len(judged)
    assert len(bins) <= BINS
    assert 0 <= calibration_error(sure, right) <= 1
    assert [threshold for *_, threshold in curve] == sorted(set(sure), reverse=True)
    if judged:
        covered, risk, _ = curve[-1]
        assert (covered, risk) == (1, pytest.approx(right.count(False) / len(right)))
        assert sum(was * n for _, was, n in bins) == pytest.approx(right.count(True))


@given(JUDGED, st.randoms())
def test_order_of_questions_does_not_matter(judged, random):
    mixed = random.sample(judged, len(judged))
    curves = [risk_coverage([s for s, _ in some], [r for _, r in some]) for some in (judged, mixed)]
    assert curves[0] == curves[1]


# The pictures.


def texts(svg):
    return [element.text for element in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("draw", [draw_reliability, draw_risk_coverage])
def test_names_are_escaped(draw):
    name = "<script>alert(1)</script> & \"seeds\" 'x' ]]>"
    svg = draw([(name, [(0.5, 0.5, 1)]), ("other", [])])
    assert name in texts(svg) and "other" in texts(svg)
    assert {element.tag for element in ET.fromstring(svg).iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "rect", "text", "g", "polyline", "circle")
    }


def test_calibrated_point_lies_on_the_diagonal():
    root = ET.fromstring(draw_reliability([("seeds", [(0.25, 0.25, 4), (1.0, 0.0, 1)])]))
    diagonal = root.find(f"{SVG}polyline").get("points")
    assert diagonal == f"{LEFT_PX:.1f},{TOP_PX + PLOT_PX:.1f} {LEFT_PX + PLOT_PX:.1f},{TOP_PX:.1f}"
    on, off = [(float(c.get("cx")), float(c.get("cy"))) for c in root.iter(f"{SVG}circle")]
    assert on[0] - LEFT_PX == TOP_PX + PLOT_PX - on[1] == PLOT_PX / 4
    assert off == (LEFT_PX + PLOT_PX, TOP_PX + PLOT_PX)


def test_set_has_one_colour_in_both_pictures():
    drawn = (
        draw_reliability([("a", [(0.5, 0.5, 1)]), ("b", [])]),
        draw_risk_coverage([("a", [(0.5, 0.5, 0.5)]), ("b", [])]),
    )
    one, other = ([line.get("stroke") for line in ET.fromstring(svg).iter(f"{SVG}polyline")] for svg in drawn)
    assert one[1:] == other and len({*one}) == 3


def test_every_set_has_a_line_and_axes_are_labelled():
    curve = risk_coverage(SURE, RIGHT)
    svg = draw_risk_coverage([(f"set {n}", curve) for n in range(8)])
    assert len(list(ET.fromstring(svg).iter(f"{SVG}polyline"))) == 8
    assert {"Share of questions answered", "Share of answers wrong"} <= set(texts(svg))
    assert {"Confidence", "Share that was right", "calibrated"} <= set(texts(draw_reliability([])))
