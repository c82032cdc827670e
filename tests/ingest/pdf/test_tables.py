"""Check which lines are a table, and what its rows and headers are."""

from qa.ingest.pdf.tables import find_tables, read_table
from tests.support.pdf_lines import line, lines

ROWS = ["Port|Fee|Keeper", "Lisbon|9 euros|Rui", "Porto|7 euros", "Faro||Ana"]


def test_aligned_cells_are_a_table():
    found = [line("Fees of the ports", y=60), *lines(*ROWS), line("The fees are due in May.", y=300)]
    assert find_tables(found) == {1: 5}


def test_gaps_that_are_not_aligned_are_no_table():
    assert find_tables([line("one|two", left=60), line("three|four", left=97, y=114)]) == {}


def test_blank_cells_keep_their_columns():
    table = read_table(lines(*ROWS))
    assert table.headers == ["Port", "Fee", "Keeper"]
    assert table.rows == [["Lisbon", "9 euros", "Rui"], ["Porto", "7 euros", ""], ["Faro", "", "Ana"]]


def test_labels_with_values_have_no_header():
    assert read_table(lines("Customer:|Bruno", "Due date:|12 July", "Total:|861.00")).headers == []


def test_cell_of_two_lines_is_one_cell():
    found = [*lines("Port|Keeper", "Lisbon|Rui Tavares", leading=24), line("|of Belém", y=135), line("Faro|Ana", y=160)]
    assert read_table(found).rows[1] == ["Lisbon", "Rui Tavares of Belém"]


def test_table_goes_on_with_its_headers():
    first = read_table(lines(*ROWS))
    assert read_table(lines(ROWS[0], "Sines|5 euros|Eva", page=1), first).rows == [["Sines", "5 euros", "Eva"]]
    assert read_table(lines("Sines|5 euros|Eva", "Braga|4 euros|Ida", page=1), first).headers == first.headers
    assert read_table(lines("Sines|5 euros|Eva", "Braga|4 euros|Ida", page=2), first).headers == []
