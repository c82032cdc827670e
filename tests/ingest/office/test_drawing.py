"""DrawingML: paragraphs, charts and diagrams."""

from qa.ingest.markup import parse_xml
from qa.ingest.office.drawing import MAX_POINTS, chart, chosen, diagram, paragraph


def xml(text):
    return parse_xml(f'<x xmlns:a="urn:a" xmlns:c="urn:c" xmlns:m="urn:m">{text}</x>'.encode())


def test_paragraph_of_runs_fields_and_breaks():
    runs = (
        "<a:pPr/><a:r><a:rPr b='1'/><a:t>1998</a:t></a:r><a:r><a:rPr baseline='30000' b='1'/><a:t>12</a:t></a:r><a:br/>"
        "<a:fld><a:rPr baseline='-25000' b='1'/><a:t>2</a:t></a:fld>"
    )
    line = paragraph(xml(runs))
    assert (line.text(), line.all_bold) == ("1998¹²\n₂", True)


def test_first_choice_with_text_is_read():
    assert chosen(xml("<c:Choice/><c:Fallback><a:t>x</a:t></c:Fallback>")).tag == "{urn:c}Fallback"
    assert chosen(xml("<c:Choice/><c:Fallback/>")).tag == "{urn:c}Choice"


def test_chart_without_data_is_its_titles():
    title = "<c:title><a:p><a:r><a:t>{}</a:t></a:r></a:p></c:title>"
    made = f"<c:chart>{title.format('Ships')}<c:catAx>{title.format('Year')}</c:catAx></c:chart>"
    assert [part.text for part in chart(xml(made))] == ["Ships", "Year"]


def test_chart_points_are_limited():
    points = "".join(f'<c:pt idx="{n}"><c:v>{n}</c:v></c:pt>' for n in range(MAX_POINTS + 500))
    made = f"<c:chart><c:ser><c:cat>{points}</c:cat><c:val>{points}</c:val></c:ser></c:chart>"
    assert len(list(chart(xml(made)))) <= MAX_POINTS + 1


def test_diagram_points_are_items():
    points = "<c:pt><c:t><a:p><a:r><a:t>One</a:t></a:r></a:p></c:t></c:pt><c:pt/>"
    assert [part.text for part in diagram(xml(points))] == ["One"]
