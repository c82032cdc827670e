"""Elements that stand for text."""

import pytest

from qa.ingest.html.leaves import drawing_labels, pictured, shown_value, stated_level
from qa.ingest.html.tree import parse_page


def element(markup):
    return parse_page(f"<body>{markup}</body>").find("body")[0]


@pytest.mark.parametrize(
    ("markup", "text"),
    [("<input value=Sloop>", " Sloop "), ("<input type=hidden value=x>", ""), ("<input type=password value=x>", "")],
)
def test_fields_show_their_values(markup, text):
    assert shown_value(element(markup)) == text


def test_pictures_of_characters_are_read_and_others_not():
    assert pictured(element('<img class="mwe-math-fallback" alt="E=m">')) == "E=m"
    assert pictured(element('<img alt="The crane">')) == ""


def test_labels_of_drawings_are_joined():
    assert drawing_labels(element("<svg><text>a<tspan>b</tspan></text><title>x</title><text>c</text></svg>")) == "ab c"


@pytest.mark.parametrize(("level", "wanted"), [("3", 3), ("9", 6), ("x", 2), ("", 2)])
def test_level_of_headings_by_role(level, wanted):
    assert stated_level(element(f'<div role=heading aria-level="{level}">x</div>')) == wanted
    assert stated_level(element("<div>x</div>")) == 0
