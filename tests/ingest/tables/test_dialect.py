import pytest

from qa.ingest.tables.dialect import find_dialect
from qa.ingest.tables.rows import Dialect


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_commonest_delimiters_are_found(delimiter):
    text = "".join(delimiter.join(row) + "\n" for row in (["Port", "Fee"], ["Lisbon", "9"], ["Porto", "7"]))
    assert find_dialect(text) == (Dialect(delimiter), 0)


def test_stated_delimiter_is_obeyed():
    assert find_dialect("sep=|\na|b,c\n1|2,3\n") == (Dialect("|"), 6)


def test_backslashes_are_found():
    assert find_dialect('a,b\n"x \\", y",z\n"v \\", u",w\n')[0].backslash


def test_name_of_the_file_counts():
    text = "a, b\tc\nd, e\tf\ng, h\ti\n"
    assert find_dialect(text, "x.tsv")[0].delimiter == "\t"


def test_text_has_no_delimiter():
    assert find_dialect("It rained.\nTea, black, was served.\n\n")[0] == Dialect("")
    assert find_dialect("\n")[0] == Dialect("")
