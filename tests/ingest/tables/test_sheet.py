import pytest

from qa.ingest.tables.sheet import Sheet, name_of_cell, spreadsheet
from qa.types import Remark


@pytest.mark.parametrize(("row", "column", "name"), [(6, 1, "B7"), (0, 25, "Z1"), (0, 26, "AA1"), (9, 701, "ZZ10")])
def test_cell_has_the_name_people_give_it(row, column, name):
    assert name_of_cell(row, column) == name


def test_remarks_follow_the_document():
    sheet = Sheet("Fees", {0: {0: "Port", 1: "Fee"}, 1: {0: "Lisbon", 1: "9"}}, hidden_columns={1})
    document, *remarks = spreadsheet([Remark("x"), sheet], "a.xlsx", 1, "a/b")
    assert document.text == "Fees\n\nPort\nLisbon"
    assert [remark.text for remark in remarks] == ["x", 'sheet "Fees": 1 hidden column left out']


def test_blank_cells_are_not_kept():
    sheet = Sheet("Fees")
    sheet.put(0, 0, " ")
    assert sheet.cells == {}
