"""Formulas in one line."""

import pytest

from qa.ingest.markup import parse_xml
from qa.ingest.office.formula import formula


def r(text):
    return f"<r><t>{text}</t></r>"


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (f"<sSup><sSupPr/><e>{r('x')}</e><sup>{r('2')}</sup></sSup>", "x²"),
        (f"<sSup><e>{r('x')}</e><sup>{r('ab')}</sup></sSup>", "x^ab"),
        (f"<sSub><e>{r('x')}</e><sub>{r('1')}</sub></sSub>", "x₁"),
        (f"<sSubSup><e>{r('x')}</e><sub>{r('i')}</sub><sup>{r('2')}</sup></sSubSup>", "x_i²"),
        (f"<f><num>{r('a+b')}</num><den>{r('2')}</den></f>", "(a+b)/2"),
        (f"<rad><deg/><e>{r('y')}</e></rad>", "√y"),
        (f"<d><dPr/><e>{r('a')}</e><e>{r('b')}</e></d>", "(a|b)"),
        (f'<d><dPr><begChr val="["/><endChr val=""/></dPr><e>{r("a")}</e></d>', "[a"),
        (f'<nary><naryPr><chr val="∑"/></naryPr><sub>{r("1")}</sub><sup>{r("n")}</sup><e>{r("i")}</e></nary>', "∑₁ⁿi"),
        ("<msup><mi>x</mi><mn>3</mn></msup>", "x³"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "³√x"),
        ("<semantics><mrow><mi>a</mi><mo>=</mo><mn>1</mn></mrow><annotation>a = 1</annotation></semantics>", "a=1"),
        ("<f><num/></f>", ""),
    ],
)
def test_formula_in_one_line(xml, text):
    assert formula(parse_xml(f"<x>{xml}</x>".encode())) == text
