"""The units of a file in Rich Text Format."""

from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.office.rtf.reader import Reader

WORDS = st.sampled_from(
    [rb"{", rb"}", rb"\par ", rb"\cell ", rb"\row ", rb"\trowd ", rb"{\footnote ", rb"\chftn ", rb"{\*\x ", b"tea ",
     rb"\u1095?", rb"\'e9", rb"\pard\intbl ", rb"{\header ", rb"{\fonttbl ", rb"{\info{\title ", rb"\itap2 ", rb"\uc9 ",
     rb"\nestcell ", rb"\nestrow ", rb"{\upr ", rb"{\*\ud ", rb"{\listtext "]
)  # fmt: skip


@given(st.lists(WORDS, max_size=30))
def test_any_order_of_words_is_read(words):
    assert all(isinstance(part.text, str) for part in Reader().read(rb"{\rtf1 " + b"".join(words)))


@given(
    st.lists(st.sampled_from([rb"\par ", rb"\cell ", rb"\row ", rb"\trowd ", b"tea ", rb"\pard\intbl "]), max_size=30)
)
def test_no_word_is_lost_in_tables(words):
    parts = Reader().read(rb"{\rtf1 " + b"".join(words) + b"}")
    assert sum(part.text.count("tea") for part in parts) == words.count(b"tea ")


def test_deep_groups_are_read():
    assert [part.text for part in Reader().read(rb"{\rtf1 " + b"{" * 5_000 + b"tea" + b"}" * 5_000 + b" time}")] == [
        "tea time"
    ]
