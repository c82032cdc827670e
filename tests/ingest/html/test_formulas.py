"""Formulas in MathML as a line of text."""

import pytest

from qa.ingest.html.formulas import formula_text
from qa.ingest.html.tree import parse_page


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<mi>E</mi><mo>=</mo><mi>m</mi>", "E=m"),
        ("<mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>", "mc²"),
        ("<msub><mi>H</mi><mn>2</mn></msub><mi>O</mi>", "H₂O"),
        ("<msup><mi>e</mi><mi>x</mi></msup>", "e^x"),
        ("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>", "a/(b+1)"),
        ("<msqrt><mi>x</mi></msqrt>", "√x"),
        ("<semantics><mi>x</mi><annotation>\\xi</annotation></semantics>", "x"),
        ("<semantics><annotation>\\frac{a}{b}</annotation></semantics>", "\\frac{a}{b}"),
        ("", ""),
    ],
)
def test_formula_text(formula, text):
    assert formula_text(next(parse_page(f"<p><math>{formula}</math>").iter("math"))) == text


def test_alternative_text_stands_for_an_empty_formula():
    assert formula_text(next(parse_page('<p><math alttext="E = m"></math>').iter("math"))) == "E = m"


def test_deeply_nested_formula_is_read():
    page = "<p><math>" + "<mrow>" * 1_500 + "<mi>x</mi>"
    assert formula_text(next(parse_page(page).iter("math"))) == "x"
