import pytest

from qa.ingest.tables.header import looks_like_header

HEADED = {
    "words above figures": [["Port", "Fee"], ["Lisbon", "9"], ["Porto", "7"]],
    "words above amounts": [["Port", "Fee"], ["Lisbon", "9,50 €"], ["Porto", "EUR 7.00"]],
    "words above dates": [["Port", "Opened"], ["Lisbon", "14 January 1922"], ["Porto", "2 May 1931"]],
    "a word above codes": [["part", "kind"], ["EC-6874-Z", "anchor"], ["EA-8628-X", "rope"]],
    "names above names": [["Port", "Country"], ["Lisbon", "Portugal"], ["Oslo", "Norway"]],
    "years above figures": [["Country", "2019", "2020"], ["Portugal", "12", "14"], ["Norway", "7", "3"]],
    "names only": [["Port", "Fee"]],
    "a short word above sentences": [["note"], ["The crane lifts twelve tonnes."], ["The old lamp is broken."]],
    "one word above figures": [["fee"], ["9"], ["7"]],
    "a header printed twice": [["Port", "Fee"], ["Lisbon", "9"], ["Port", "Fee"], ["Porto", "7"]],
    "few figures below": [["Name", "Note"], ["Lisbon", "7"], ["Porto", "closed"]],
}
HEADLESS = {
    "figures above figures": [["Lisbon", "9"], ["Porto", "7"]],
    "figures only": [["1", "2"], ["3", "4"]],
    "codes above codes": [["EC-6874-Z", "anchor"], ["EA-8628-X", "rope"], ["BA-7091-Y", "valve"]],
    "a value that comes again": [["red", "Lisbon"], ["red", "Porto"], ["blue", "Faro"]],
    "addresses": [["anna@example.org", "Anna"], ["boris@example.org", "Boris"], ["clara@example.org", "Clara"]],
    "sentences": [["The crane lifts 12 tonnes, no more.", "Anna"], ["The lamp is old, and broken.", "Boris"]],
    "a list of names": [["Anna"], ["Boris"], ["Clara"]],
    "nothing": [],
    "a blank row": [["", " "], ["Lisbon", "9"]],
    "dates above dates": [["14 January 2022", "Anna"], ["2 May 2022", "Boris"], ["7 June 2022", "Clara"]],
}


@pytest.mark.parametrize("rows", HEADED.values(), ids=HEADED)
def test_first_row_names_the_columns(rows):
    assert looks_like_header(rows)


@pytest.mark.parametrize("rows", HEADLESS.values(), ids=HEADLESS)
def test_first_row_is_like_the_others(rows):
    assert not looks_like_header(rows)
