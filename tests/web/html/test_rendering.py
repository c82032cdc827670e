"""Templates escape what they are given and need all that they name."""

import re

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from qa.web.html.icons import PATHS
from qa.web.html.rendering import ENVIRONMENT, icon, render
from tests.support.html_safety import PAYLOADS, stripped


@pytest.mark.parametrize("payload", PAYLOADS)
def test_values_are_escaped(payload):
    html = render("problem", text=payload)
    assert payload in stripped(html) or "<" in payload or "&" in payload
    assert "<script" not in html and "<img" not in html and "<svg onload" not in html


def test_rendered_parts_are_not_escaped_again():
    assert "<b>bold</b>" in render("status", text="x", extra=Markup("<b>bold</b>"))


def test_missing_value_is_an_error():
    with pytest.raises(UndefinedError):
        render("problem")


def test_every_template_compiles_with_autoescape():
    names = ENVIRONMENT.list_templates()
    assert len(names) > 10 and ENVIRONMENT.autoescape is True
    for name in names:
        ENVIRONMENT.get_template(name)


def test_no_template_switches_escaping_off():
    for name in ENVIRONMENT.list_templates():
        source, _, _ = ENVIRONMENT.loader.get_source(ENVIRONMENT, name)
        # Only a constant of the template itself may be marked as safe.
        assert not re.search(r"[^\"']\s*\|\s*safe", source) and "autoescape" not in source, name


def test_icons_are_drawn_at_their_size():
    for name in PATHS:
        assert 'width="18"' in icon(name, 18) and icon(name, 18).count("<svg") == 1
