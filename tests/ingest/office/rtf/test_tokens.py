"""Tokens of Rich Text Format."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.office.rtf.tokens import Token, code_page, tokens


def test_tokens_of_each_kind():
    assert list(tokens(rb"{\b0 a\'e9\~\par" + b"\r\n}")) == [
        Token(brace="{"), Token(word="b", number=0), Token(text="a"), Token(byte=0xE9), Token(word="~"),
        Token(word="par"), Token(brace="}"),
    ]  # fmt: skip


def test_binary_data_is_left_out():
    assert [token.text for token in tokens(rb"\bin3 {\}x") if token.text] == ["x"]


@given(st.binary(max_size=200))
def test_any_bytes_have_tokens(data):
    assert all(isinstance(token, Token) for token in tokens(data))


@pytest.mark.parametrize(("number", "name"), [(1251, "cp1251"), (65001, "utf-8"), (936, "gbk"), (4, "cp1252")])
def test_code_pages(number, name):
    assert code_page(number) == name
