"""Mine paragraphs that look like the answer to a question and are not."""

import json

import pytest

from qa.text.normalise import normalise_answer
from qa.training.hard_negatives import MAX_NEGATIVES, mine_hard_negatives
from tests.support.squad_files import TOWNS, paragraph, people

MADE = [paragraph(place, name=name) for place, name in enumerate(people(40))]
TEXTS = [item["context"] for item in MADE]
ASKED = [qa for item in MADE for qa in item["qas"]]
QUESTIONS = [qa["question"] for qa in ASKED]
ANSWERS = [normalise_answer(qa["answers"][0]["text"]) if qa["answers"] else "" for qa in ASKED]


def test_no_negative_holds_the_answer(tmp_path):
    mined = mine_hard_negatives(TEXTS, QUESTIONS, ANSWERS, tmp_path)
    assert len(mined) == len(QUESTIONS)
    for places, answer in zip(mined, ANSWERS, strict=True):
        assert len(places) == len(set(places)) <= MAX_NEGATIVES
        assert answer or not places
        assert not [place for place in places if answer and answer in normalise_answer(TEXTS[place])]
    assert sum(map(bool, mined)) > 0.9 * sum(map(bool, ANSWERS))


def test_best_ranked_comes_first(tmp_path):
    texts = ["Rain fell.", "Boris mends clocks and red boats.", "Clara mends boats.", "Anna mends red clocks in Oslo."]
    assert mine_hard_negatives(texts, ["Who mends red clocks in Oslo?"], ["anna"], tmp_path) == [[1, 2]]


@pytest.mark.parametrize("question", ["", "?!", 'AND OR NOT "', "NEAR(clocks)", "clocks*", "stems:clocks", "x' OR 1=1"])
def test_any_question_is_accepted(question, tmp_path):
    (found,) = mine_hard_negatives(TEXTS, [question], ["anna"], tmp_path)
    assert all(0 <= place < len(TEXTS) for place in found)


def test_negatives_are_cached(tmp_path):
    given = (TEXTS, QUESTIONS, ANSWERS, tmp_path / "kept")
    first = mine_hard_negatives(*given)
    (file,) = (tmp_path / "kept").iterdir()
    assert mine_hard_negatives(*given) == first
    file.write_text(json.dumps([[7]]))
    assert mine_hard_negatives(*given) == [[7]]  # the file was read
    file.unlink()
    assert mine_hard_negatives(*given) == first


def test_other_answers_are_mined_again(tmp_path):
    question = ["In which town is it that Anna Berg mends clocks?"]
    first, second = TOWNS[0].lower(), TOWNS[1].lower()
    found = [mine_hard_negatives(TEXTS, question, [answer], tmp_path) for answer in (first, second)]
    assert found[0] != found[1]
    assert not [place for place in found[1][0] if second in normalise_answer(TEXTS[place])]
    assert len(list(tmp_path.iterdir())) == 2
