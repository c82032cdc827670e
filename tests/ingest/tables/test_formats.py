import pytest

from qa.ingest.tables.formats import plain_number, shown_number


@pytest.mark.parametrize(
    ("value", "text"),
    [(1680.0, "1680"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (9.5, "9.5"), (1e20, "1e+20"), (float("nan"), "nan")],
)
def test_number_is_written_plainly(value, text):
    assert plain_number(value) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [(9.456, "0.00", "9.46"), (9.5, "0.00", "9.50"), (0.12, "0%", "12%"), (44575, "yyyy-mm-dd", "2022-01-14")],
)
def test_format_decides_what_is_shown(value, code, text):
    assert shown_number(value, code) == text


@pytest.mark.parametrize("code", ["", "General", "@", "[", '"', "0.0.0", "[$", "_", "\\"])
def test_any_format_shows_the_number(code):
    assert "9" in shown_number(9, code)
