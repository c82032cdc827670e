"""Build the training pairs of an epoch, with and without answers."""

from collections import Counter

import pytest

from qa.text.normalise import normalise_answer
from qa.text.sentences import sentence_spans
from qa.training import examples
from qa.training.examples import epoch_pairs, load_training_data
from tests.support.squad_files import asked, made, paragraph, people, write

N = 120
SEEDS = range(6)


@pytest.fixture(scope="module")
def training_data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("squad")
    return load_training_data(made(folder / "data", N), folder / "kept")


@pytest.fixture(scope="module")
def answers():
    """Map each question as written to its answer, "" for those without one."""
    items = [qa for place, name in enumerate(people(N)) for qa in paragraph(place, name=name)["qas"]]
    return {qa["question"]: qa["answers"][0]["text"] if qa["answers"] else "" for qa in items}


@pytest.fixture(scope="module")
def shown(training_data):
    """Return the pairs of a few epochs over the training questions, each question as written."""
    places = training_data.split(held_out=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examples, "augment", lambda question, sentence, rng: question)
        return [pair for seed in SEEDS for pair in epoch_pairs(training_data, places, seed)]


def test_context_sentence_does_not_answer(training_data, answers):
    before = []
    for pair in epoch_pairs(training_data, training_data.split(held_out=False), 1):
        sentence, stop, question = pair.question.rpartition(". ")
        if stop and question in answers:
            before.append((question, f"{sentence}."))
    assert len(before) > 20
    for question, sentence in before:
        (told,) = {paragraph for paragraph in training_data.paragraphs if sentence in paragraph}
        assert (
            told == training_data.paragraphs[next(q.paragraph for q in training_data.questions if q.text == question)]
        )
        assert not answers[question] or normalise_answer(answers[question]) not in normalise_answer(sentence)


def test_rephrased_questions_keep_their_answer(training_data, answers):
    for pair in epoch_pairs(training_data, training_data.split(held_out=False), 2):
        if pair.answer:
            assert pair.text[slice(*pair.answer)] in answers.values()


def test_answer_span_holds_the_answer(shown, answers, training_data):
    answered = [pair for pair in shown if pair.answer]
    assert len(answered) > len(shown) / 3
    for pair in answered:
        assert pair.text[slice(*pair.answer)] == answers[pair.question]
        assert any(pair.text in paragraph for paragraph in training_data.paragraphs)


def test_negatives_do_not_hold_the_answer(shown, answers):
    deceiving = [pair for pair in shown if pair.answer is None and answers.get(pair.question)]
    edited = [pair for pair in shown if pair.question not in answers]
    written = [pair for pair in shown if answers.get(pair.question) == ""]
    assert min(len(deceiving), len(edited), len(written)) > 50
    for pair in deceiving:
        assert pair.text
        assert normalise_answer(answers[pair.question]) not in normalise_answer(pair.text)
    assert not [pair for pair in edited + written if pair.answer or not pair.text]


def test_epoch_shows_every_question_once(training_data):
    places = training_data.split(held_out=False)
    assert len(epoch_pairs(training_data, places, 1)) == len(places)


def test_seed_decides_the_epoch(training_data):
    places = training_data.split(held_out=False)
    assert epoch_pairs(training_data, places, 3) == epoch_pairs(training_data, places, 3)
    assert epoch_pairs(training_data, places, 3) != epoch_pairs(training_data, places, 4)
    assert sorted(map(str, epoch_pairs(training_data, places, 3))) != sorted(
        map(str, epoch_pairs(training_data, places, 4))
    )


def test_held_out_paragraphs_are_never_shown(training_data, shown):
    held_out, trained = training_data.split(held_out=True), training_data.split(held_out=False)
    assert held_out
    assert sorted(held_out + trained) == list(range(len(training_data.questions)))
    never = {training_data.paragraphs[training_data.questions[place].paragraph] for place in held_out}
    sentences = {text[slice(*span)] for text in never for span in sentence_spans(text)}
    assert len(sentences) == 4 * len(never)
    assert not [pair for pair in shown if any(sentence in pair.text for sentence in sentences)]
    again = epoch_pairs(training_data, held_out, 1)
    assert [pair for pair in again if any(sentence in pair.text for sentence in sentences)]


@pytest.mark.parametrize(("file", "times"), [("made", [1, 1]), ("squad2_articles", [2, 2])])
def test_some_files_are_shown_twice(tmp_path, file, times):
    training_data = load_training_data(made(tmp_path / "data", 10, file), tmp_path)
    every = range(len(training_data.questions))
    assert [len(epoch_pairs(training_data, every, seed)) / len(every) for seed in (0, 1)] == times


@pytest.mark.parametrize("file", ["squadshifts_reddit", "squadshifts_amazon_reviews"])
def test_some_files_alternate_between_epochs(tmp_path, file):
    training_data = load_training_data(made(tmp_path / "data", 10, file), tmp_path)
    places = {question.text: place for place, question in enumerate(training_data.questions)}
    for seed in (0, 1):
        pairs = epoch_pairs(training_data, range(len(places)), seed)
        assert len(pairs) == len(places) / 2
        assert {(places[pair.question] + seed) % 2 for pair in pairs if pair.question in places} == {0}


def test_files_are_read_by_name(tmp_path):
    for file, place in (("b", 1), ("a", 0)):
        write(tmp_path / "data", [paragraph(place, name=file.upper())], file)
    found = load_training_data(tmp_path / "data", tmp_path)
    assert Counter(question.file for question in found.questions) == {"a": 4, "b": 4}
    assert [question.file for question in found.questions] == sorted(question.file for question in found.questions)
    assert found.paragraphs[0].startswith("A ")


def test_shortest_valid_answer_is_used(tmp_path):
    text = "Anna mends clocks in the town of Oslo."
    wrong = asked("Who mends?", text, "Anna")
    wrong["answers"][0]["answer_start"] = 3
    blank = {"question": "Who?", "answers": [{"text": " ", "answer_start": 4}]}
    several = asked("  Where? ", text, "the town of Oslo", "Oslo", "in the town of Oslo")
    folder = write(tmp_path / "data", [{"context": text, "qas": [wrong, blank, several]}])
    (question,) = load_training_data(folder, tmp_path).questions
    assert question.text == "Where?"
    assert text[slice(*question.answer)] == "Oslo"


def test_answer_is_stripped(tmp_path):
    text = "It rained. Anna mends clocks. Nobody came."
    folder = write(tmp_path / "data", [{"context": text, "qas": [asked("Who mends clocks?", text, " Anna")]}])
    training_data = load_training_data(folder, tmp_path)
    pairs = [pair for seed in range(20) for pair in epoch_pairs(training_data, [0], seed)]
    answered = [pair for pair in pairs if pair.answer]
    assert answered
    assert {pair.text[slice(*pair.answer)] for pair in answered} == {"Anna"}


def test_single_sentence_paragraph_is_shown_with_answer(tmp_path):
    text = "anna mends clocks"
    folder = write(tmp_path / "data", [{"context": text, "qas": [asked("who mends clocks?", text, "anna")]}])
    training_data = load_training_data(folder, tmp_path)
    pairs = {(pair.text, pair.answer) for seed in range(20) for pair in epoch_pairs(training_data, [0], seed)}
    assert pairs == {(text, (0, 4))}
