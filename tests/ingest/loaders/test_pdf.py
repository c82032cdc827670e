"""Check what the PDF loader makes of whole files: order, structure, pages and remarks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.encoders.hashing import HashingEncoder
from qa.errors import DocumentError
from qa.ingest.chunking import chunk
from qa.ingest.loaders.pdf import load
from qa.text.sentences import sentences_of_block
from qa.types import BlockKind, Document, Remark, page_at
from tests.support.pdf_files import Page, write

LEFT = [
    "The harbour of the town was built by",
    "the fishermen themselves, who carried",
    "every stone of it down from the quarry",
    "in boats that were far too small.",
]
RIGHT = [
    "The lighthouse came later, when a ship",
    "had run aground in a storm, and the in-",
    "surers asked the council for a light on",
    "the northern end of the long pier.",
]


def read(pages, **more):
    found = list(load(write(pages, **more), "file.pdf"))
    (document,) = (one for one in found if isinstance(one, Document))
    return document, [one.text for one in found if isinstance(one, Remark)]


def blocks(pages, *kinds, **more):
    document, _ = read(pages, **more)
    return [document.text[b.start : b.end] for b in document.blocks if not kinds or b.kind in kinds]


def prose(lines):
    return " ".join(lines).replace("in- surers", "insurers")


@pytest.mark.parametrize("drawn", ["one after the other", "line by line", "from the bottom"])
def test_columns_are_read_one_after_another(drawn):
    page = Page().text(60, 80, "A short history of the old harbour and of its lighthouse", 11)
    places = [(60, 120 + 14 * i, line) for i, line in enumerate(LEFT)]
    places += [(320, 120 + 14 * i, line) for i, line in enumerate(RIGHT)]
    if drawn != "one after the other":
        places.sort(key=lambda place: place[1], reverse=drawn == "from the bottom")
    for x, y, line in places:
        page.text(x, y, line)
    assert blocks([page])[-2:] == [prose(LEFT), prose(RIGHT)]


def test_columns_with_other_baselines_are_read_too():
    page = Page().lines(60, 120, LEFT, leading=14).lines(320, 127, RIGHT, leading=14)
    assert blocks([page]) == [prose(LEFT), prose(RIGHT)]


def test_paragraph_goes_over_a_column_end():
    page = Page().lines(60, 120, [*LEFT[:3], "in boats that the people of the place"])
    page.lines(320, 120, ["had built for it in the winter of 1868.", *RIGHT])
    (first, *_) = blocks([page])
    assert "people of the place had built for it" in first


def test_lines_drawn_bottom_up_are_in_order():
    page = Page()
    for number in reversed(range(4)):
        page.text(60, 100 + 14 * number, LEFT[number])
    assert blocks([page]) == [prose(LEFT)]


def test_rotated_page_is_read():
    page = Page(rotate=90)
    for number, line in enumerate(LEFT):
        page.text(100 + 14 * number, 800, line, turned=True)
    assert blocks([page]) == [prose(LEFT)]


def test_table_rows_know_their_headers():
    rows = [
        ["Port", "Fee", "Keeper"],
        ["Lisbon", "9 euros", "Rui Tavares"],
        ["Porto", "7 euros", ""],
        ["Faro", "", "Ana Lima"],
    ]
    document, _ = read([Page().text(60, 60, "Fees of the ports", 18, "bold").rows([60, 110, 170], 100, rows)])
    kinds = [block.kind for block in document.blocks]
    assert kinds == [BlockKind.HEADING, BlockKind.HEADER, BlockKind.ROW, BlockKind.ROW, BlockKind.ROW]
    last = document.blocks[-1]
    assert [(document.text[start : last.end].split(" |")[0], header) for start, header in last.cells] == [
        ("Faro", "Port"),
        ("Ana Lima", "Keeper"),
    ]
    assert document.title == "Fees of the ports"


def test_columns_of_numbers_are_a_table_however_drawn():
    names, fees = ["Lisbon", "Porto", "Faro", "Sines"], ["900", "70", "5", "1,200"]
    page = Page().lines(60, 100, ["Port", *names], leading=18).lines(160, 100, ["Fee", *fees], leading=18)
    assert blocks([page], BlockKind.ROW) == [f"{name} | {fee}" for name, fee in zip(names, fees, strict=True)]


def test_invoice_lines_are_rows():
    rows = [
        ["Invoice number:", "2021-0042"],
        ["Due date:", "12 July 2021"],
        ["Customer:", "Bruno Affleck"],
        ["VAT 23%:", "161.00"],
    ]
    assert blocks([Page().rows([60, 220], 60, rows)], BlockKind.ROW) == [" | ".join(row) for row in rows]


def test_labelled_lines_stay_apart():
    lines = [
        "Invoice number: INV-2021-0042",
        "Invoice date: 12 June 2021",
        "Customer: Bruno Affleck",
        "Total: 861.00 EUR",
    ]
    assert blocks([Page().lines(60, 60, lines)]) == lines


def test_table_goes_on_with_its_headers_on_the_next_page():
    header = ["No", "Member", "Fee"]
    rows = [[str(100 + n), f"Member{n}", f"{n} euros"] for n in range(60)]
    pages = [
        Page().rows([60, 120, 260], 60, [header, *rows[:30]]),
        Page().rows([60, 120, 260], 60, [header, *rows[30:]]),
    ]
    document, _ = read(pages)
    found = [block for block in document.blocks if block.kind is BlockKind.ROW]
    assert len(found) == 60
    assert {tuple(name for _, name in block.cells) for block in found} == {tuple(header)}
    assert page_at(document, found[-1].start) == 2


def test_raised_footnote_marker_is_no_digit():
    page = (
        Page()
        .text(60, 100, "The fee was raised in 1998")
        .text(191.5, 96, "12", 7)
        .text(202, 100, "and lowered in 2003.")
    )
    page.text(60, 780, "12 According to the minutes kept by the clerk, Paulo Reis.", 8)
    found = blocks([page])
    assert found[0].startswith("The fee was raised in 1998¹² and lowered")
    assert found[1].startswith("12 According")


def test_lowered_digit_is_written_as_such():
    page = Page().text(60, 100, "It holds H").text(106.4, 103, "2", 7).text(110.4, 100, "O and nothing else.")
    assert blocks([page])[0].startswith("It holds H₂")


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ("The governor said that a state-of-the-", "art crane would do.", "state-of-the-art"),
        ("The governor of the region and its govern-", "ment would do.", "government"),
        ("The governor spoke to his mother-in-", "law about it.", "mother-in-law"),
        ("The governor counted to twenty-", "five and stopped.", "twenty-five"),
        ("The governor of the whole post-", "Soviet region spoke.", "post-Soviet"),
    ],
)
@pytest.mark.parametrize("over_page", [False, True])
def test_hyphens_at_line_and_page_ends(before, after, word, over_page):
    pages = (
        [Page().text(60, 800, before), Page().text(60, 60, after)]
        if over_page
        else [Page().lines(60, 100, [before, after])]
    )
    (text,) = blocks(pages)
    assert word in text
    assert ("\f" in text) is over_page


HEAD, FOOT = "Annual Report of the Bridge Commission", "Page {} of 3"
PARAGRAPHS = [
    [
        "The commission found that the bridge over the river had been",
        "inspected only once in eleven years, and that the engineer who",
    ],
    [
        "signed the certificate, Marta Sequeira, had never been at the site",
        "at all. She resigned on 4 May. The bridge was closed on 5 May.",
    ],
    [
        "Repairs will cost 3.2 million euros and last until the autumn of",
        "next year, the commission said in its closing statement.",
    ],
]


def report():
    return [
        Page().text(60, 40, HEAD, 8).lines(60, 140, lines).text(60, 800, FOOT.format(number), 8)
        for number, lines in enumerate(PARAGRAPHS, 1)
    ]


def test_running_heads_and_page_numbers_are_furniture():
    assert blocks(report(), BlockKind.FURNITURE) == [line for n in (1, 2, 3) for line in (HEAD, FOOT.format(n))]


def test_sentence_over_a_page_end_stays_whole():
    document, _ = read(report())
    text = next(document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.TEXT)
    assert "the engineer who\fsigned the certificate" in text
    assert len(sentences_of_block(text, 0, len(text))) == 3
    assert page_at(document, document.text.index("signed")) == 2
    assert [page_at(document, document.text.index(FOOT.format(n))) for n in (1, 2, 3)] == [1, 2, 3]


def test_footnote_interrupts_no_sentence():
    first = Page().text(60, 640, "The tower was built by the town and, as the register shows, it was paid for by a")
    first.text(60, 780, "1 Register of the town, page 17.", 8)
    found = blocks([first, Page().text(60, 60, "tax on salt that the king had granted in 1868 to the people.")])
    assert found[0] == "1 Register of the town, page 17."
    assert "paid for by a\ftax on salt" in found[1]


def test_pages_without_text_are_named():
    pages = [
        Page().text(60, 60, "Cover sheet of the scanned file."),
        *(Page().image() for _ in range(3)),
        Page().text(60, 60, "The end."),
        Page(),
    ]
    document, remarks = read(pages)
    assert any("pages 2-4, 6 hold no text" in remark for remark in remarks)
    assert page_at(document, document.text.index("The end")) == 5
    assert document.text.count("\f") == 5


def test_file_of_page_numbers_holds_no_text():
    with pytest.raises(DocumentError, match="no text layer"):
        list(load(write([Page().text(290, 810, str(n)) for n in range(1, 6)]), "file.pdf"))


def test_damaged_page_is_named_and_others_read():
    pages = [Page().text(60, 60, "Anna mends clocks."), Page(damaged=True), Page().text(60, 60, "Boris sails.")]
    document, remarks = read(pages)
    assert remarks == ["page 2 is damaged and could not be read"]
    assert page_at(document, document.text.index("Boris")) == 3


def test_similar_sentences_on_each_page_are_text():
    pages = [Page().text(60, 60, f"Page {n} says that keeper Kip{n} earns {n} euros.") for n in (1, 2, 3)]
    assert len(blocks(pages, BlockKind.TEXT)) == 3


def test_form_fields_stand_beside_their_labels():
    page = Page().lines(60, 80, ["Application for a mooring place", "Name of the vessel:", "Home port:"], leading=20)
    page.form_field(220, 100, "vessel", "Gaivota Branca").form_field(220, 120, "port", "Vila do Conde")
    found = blocks([page])
    assert "Name of the vessel: | Gaivota Branca" in found
    assert "Home port: | Vila do Conde" in found


def test_field_without_label_has_its_name_as_context():
    document, _ = read([Page().text(60, 60, "Application").form_field(220, 300, "Kind of boat", "Sloop")])
    assert document.blocks[-1].context == "Kind of boat"
    assert document.text.endswith("Sloop")


def test_password_and_hidden_annotations_are_left_out():
    page = (
        Page()
        .text(60, 60, "Application")
        .form_field(220, 300, "Pin", "1234", flags=1 << 13)
        .note(60, 400, "secret", flags=2)
    )
    assert blocks([page]) == ["Application"]


@pytest.mark.parametrize("kind", ["FreeText", "Text", "Highlight"])
def test_notes_are_read(kind):
    document, _ = read(
        [Page().text(60, 60, "The plan was approved.").note(60, 400, "In truth it was rejected.", kind, author="Olga")]
    )
    assert document.text.endswith("In truth it was rejected.")
    assert document.blocks[-1].context == "Olga"


def test_contents_are_in_no_passage():
    entries = [
        f"{name} {'. ' * 30}{page}" for name, page in [("The harbour", 1), ("The lighthouse", 2), ("The pier", 3)]
    ]
    page = Page().text(60, 60, "Contents", 18, "bold").lines(60, 100, entries)
    found = blocks([page, Page().text(60, 60, "The harbour is old.")], BlockKind.FURNITURE)
    assert len(found) == 1
    assert found[0].count("\n") == 2


def test_prices_with_dots_are_rows():
    entries = [f"{name} {'. ' * 30}{price}" for name, price in [("Coffee", "3.50"), ("Tea", "2.80"), ("Cake", "4.20")]]
    assert blocks([Page().lines(60, 100, entries)], BlockKind.ROW) == ["Coffee | 3.50", "Tea | 2.80", "Cake | 4.20"]


def slides():
    return [
        Page().text(60, 80, title, 28).lines(80, 160, [f"• {point}" for point in points], 20, 40)
        for title, points in [
            ("Harbour plan 2022", ["New breakwater by May", "Fee: nine euros", "Crane lifts 12 tonnes"]),
            ("Risks", ["Storms in winter", "No spare lens", "Contractor bankrupt"]),
        ]
    ]


def test_each_bullet_of_a_slide_is_an_item():
    document, _ = read(slides())
    assert [b.kind for b in document.blocks] == [BlockKind.HEADING, *[BlockKind.ITEM] * 3] * 2
    assert document.text.count("\f") == 1
    assert "12 tonnes\fRisks" in document.text


def test_headings_have_levels_by_size():
    page = Page().text(60, 60, "Harbours", 24, "bold").text(60, 100, "Old harbours", 16, "bold").lines(60, 130, LEFT)
    page.text(60, 220, "New harbours", 16, "bold").text(60, 250, "Concrete", 11, "bold").lines(60, 270, RIGHT)
    document, _ = read([page])
    assert [(document.text[b.start : b.end], b.level) for b in document.blocks if b.level] == [
        ("Harbours", 1),
        ("Old harbours", 2),
        ("New harbours", 2),
        ("Concrete", 3),
    ]


@pytest.mark.parametrize(
    "title", ["(anonymous)", "untitled", "Table of Contents", "UNITED STATES", "Microsoft Word - a.docx", ""]
)
def test_titles_that_name_nothing_are_replaced(title):
    page = (
        Page()
        .text(60, 60, "UNITED STATES", 14, "bold")
        .text(60, 90, "Annual report of the pilots", 14, "bold")
        .lines(60, 130, LEFT)
    )
    assert read([page], title=title)[0].title == "Annual report of the pilots"
    assert read([Page().lines(60, 130, LEFT)], title=title)[0].title == "file"


def test_xfa_form_is_remarked():
    catalog = b"/AcroForm << /Fields [] /XFA 3 0 R >>"
    _, remarks = read([Page().text(60, 60, "Please wait until the form is shown.")], catalog=catalog)
    assert any("XFA form" in remark for remark in remarks)


WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=10)
PLACES = st.tuples(
    st.integers(20, 400),
    st.integers(30, 800),
    st.sampled_from([7, 10, 11, 16, 24]),
    st.lists(WORDS, min_size=1, max_size=5),
)


@given(pages=st.lists(st.lists(PLACES, max_size=8), min_size=1, max_size=4))
def test_any_page_gives_exact_offsets_and_pages(pages):
    made = []
    for places in pages:
        page = Page()
        for x, y, size, words in places:
            page.text(x, y, " ".join(words), size)
        made.append(page)
    try:
        document, _ = read(made)
    except DocumentError:
        assert not any(pages)
        return
    assert document.text.count("\f") == len(pages) - 1
    ends = [0, *(place for block in document.blocks for place in (block.start, block.end)), len(document.text)]
    assert ends == sorted(ends)
    outside = "".join(document.text[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True))
    assert not outside.strip()
    for passage in chunk(document, HashingEncoder()):
        assert document.text[passage.start : passage.end] == passage.text
        assert all(passage.start <= start < end <= passage.end for start, end in passage.sentences)


def test_printed_page_numbers_are_kept():
    labels = b"/PageLabels << /Nums [0 << /S /r /St 3 >>] >>"
    pages = [Page().text(60, 60, "Anna mends clocks."), Page().text(60, 60, "Boris sails boats.")]
    (document,) = load(write(pages, catalog=labels), "a.pdf")
    assert document.page_labels == ("iii", "iv")
