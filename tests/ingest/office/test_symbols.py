"""Characters of symbol fonts."""

import pytest

from qa.ingest.office.symbols import symbol


@pytest.mark.parametrize(
    ("code", "font", "character"),
    [
        (0xF0B0, "Symbol", "°"), (0xB0, "", "°"), (0x61, "", "α"), (0x20, "", " "), (0xB3, "", "≥"), (0xA0, "", "€"),
        (0xAE, "", "→"), (0xE5, "", "∑"), (0xFE, "", "⎭"), (0xF0FC, "Wingdings", "✓"), (0x01, "Wingdings 3", "•"),
    ],
)  # fmt: skip
def test_symbols_of_fonts(code, font, character):
    assert symbol(code, font) == character
