"""Icons are drawn for the eye only; the button around them speaks."""

import re

import pytest

from qa.web.html.icons import PATHS
from qa.web.html.rendering import icon
from tests.support.html_safety import Tags, assert_inert


@pytest.mark.parametrize("name", PATHS)
def test_icons_are_hidden_from_screen_readers(name):
    html = icon(name, 20)
    assert_inert(html, {"path", "svg"})
    assert {("aria-hidden", "true"), ("width", "20"), ("height", "20"), ("d", PATHS[name])} <= Tags(html).attributes


@pytest.mark.parametrize("name", PATHS)
def test_paths_stay_within_the_grid(name):
    assert PATHS[name][0] in "Mm"
    assert all(-20 <= float(number) <= 20 for number in re.findall(r"-?\d*\.?\d+", PATHS[name]))


def test_icons_are_drawn_once():
    assert icon("close", 18) is icon("close", 18)


def test_unknown_icon_is_an_error():
    with pytest.raises(KeyError):
        icon("no such icon")
