"""Labels of lists."""

import pytest

from qa.ingest.office.numbers import label


@pytest.mark.parametrize(
    ("count", "style", "text"),
    [
        (4, "decimal", "4"), (4, "decimalZero", "04"), (4, "lowerLetter", "d"), (28, "upperLetter", "BB"),
        (4, "lowerRoman", "iv"), (1994, "upperRoman", "MCMXCIV"), (1, "ordinal", "1st"), (12, "ordinal", "12th"),
        (23, "ordinal", "23rd"), (4, "none", ""), (4, "bullet", ""), (4, "chineseCounting", "4"),
        (0, "lowerRoman", "0"), (9_999, "lowerLetter", "9999"),
    ],
)  # fmt: skip
def test_labels_by_format(count, style, text):
    assert label(count, style) == text
