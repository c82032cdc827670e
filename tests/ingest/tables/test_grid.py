from qa.ingest.tables.grid import Grid, column_names, find_head, readable_stem
from qa.types import BlockKind


def test_titles_and_header_are_told_apart():
    head = find_head([["Fees of ports"], ["Port", "Fee"], ["Lisbon", "9"], ["Porto", "7"]])
    assert (head.caption, head.names) == ("Fees of ports", ["Port", "Fee"])


def test_lines_without_columns_have_no_title():
    assert find_head([["Anna"], ["Boris"], ["Clara"]]).titles == ()


def test_group_is_part_of_each_column_name():
    header = [["", "2019", "", "2020"], ["Port", "low", "high", "low"]]
    assert column_names(header) == ["Port", "2019 low", "2019 high", "2020 low"]


def test_blank_rows_are_left_out():
    parts = list(Grid([["", ""], ["Port", "Fee"], [" ", ""], ["Lisbon", "9"]]).parts("Fees"))
    assert [(part.kind, part.text, part.context) for part in parts] == [
        (BlockKind.HEADER, "Port | Fee", "Fees"), (BlockKind.ROW, "Lisbon | 9", "Fees")
    ]  # fmt: skip


def test_file_name_becomes_a_title():
    assert readable_stem("archive/port_fees__2020.csv") == "port fees 2020"
