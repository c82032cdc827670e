"""The features that sentences are chosen by."""

import numpy as np
import pytest

from qa.reader.choice import CERTAINTY, FEATURES, MAX_LEAD, ReadHit, certainty_features, quotable, sentence_candidates
from qa.reader.large import PassageReading, SentenceReading
from qa.reader.model import ScoredSpan
from qa.text.sentences import sentence_spans
from qa.types import Hit, Passage

TEXT = "Anna lives in Oslo. She mends clocks. What else does she do?"


def read_hit(
    text=TEXT, *, evidence=(0.0, 2.0, 1.0), spans=(-1.0, 3.0, -2.0), answers=("Oslo", "clocks", "else"), **about
):
    sentences = tuple(sentence_spans(text))
    passage = Passage(about.get("id", "a.txt"), 0, len(text), text, sentences, about.get("context", ""))
    read = []
    for span, score, own, answer in zip(sentences, evidence, spans, answers, strict=True):
        start = text.index(answer)
        read.append(SentenceReading(span, score, score - 3, ScoredSpan(start, start + len(answer), own)))
    hit = Hit(passage, 1.0, 0.5, 1.0, 1, 1)
    return ReadHit(hit, about.get("rank", 0), PassageReading(tuple(read), 2.5, (0.7, 0.1, 0.2)), about.get("small", ()))


def candidates(question, *read):
    cosines = [np.linspace(0.1, 0.9, len(place.reading.sentences), dtype=np.float32) for place in read]
    return sentence_candidates(question, read, [place.hit for place in read], cosines)


def named(candidate):
    return dict(zip(FEATURES, candidate.features, strict=True))


def test_each_sentence_is_a_candidate_with_what_is_known_of_it():
    small = [ScoredSpan(30, 36, 4.0)]
    found = candidates("What does Anna mend?", read_hit(small=small, rank=3, context="Anna's shop"))
    assert [TEXT[slice(*candidate.quoted)] for candidate in found] == [
        TEXT[slice(*span)] for span in sentence_spans(TEXT)
    ]
    second = named(found[1])
    assert second["evidence"] == pytest.approx(0.2)
    assert second["span"] == pytest.approx(0.3)
    assert second["small_span"] == pytest.approx(0.4)
    assert second["sentence_cosine"] == pytest.approx(0.5)
    assert second["rank"] == pytest.approx(np.log(4))
    assert second["words_in_sentence"] < 1 == second["words_in_passage"]
    assert second["words_above"] > 0
    assert named(found[0])["small_span"] < -1


def test_sure_span_is_the_short_answer_else_the_sentence_is():
    first, second, _ = candidates("What does Anna mend?", read_hit())
    assert (second.text, TEXT[slice(*second.span)]) == ("clocks", "clocks")
    assert (first.text, first.span) == ("Anna lives in Oslo.", first.quoted)


def test_stance_counts_for_yes_or_no_questions_only():
    assert named(candidates("Does Anna mend clocks?", read_hit())[1])["decides"] == 0.7
    assert named(candidates("What does Anna mend?", read_hit())[1])["decides"] == 0


def test_neighbouring_passages_give_a_sentence_once():
    found = candidates("What does Anna mend?", read_hit(), read_hit(evidence=(1.0, 3.0, 0.0)))
    assert [named(candidate)["evidence"] for candidate in found] == pytest.approx([0.1, 0.3, 0.1])


def test_questions_and_contents_lines_are_not_quoted():
    found = candidates("What does Anna mend?", read_hit())
    assert [TEXT[slice(*candidate.quoted)] for candidate in quotable(found)] == [
        "Anna lives in Oslo.",
        "She mends clocks.",
    ]
    only = candidates("Who?", read_hit("Who mends clocks?", evidence=(1.0,), spans=(1.0,), answers=("clocks",)))
    assert quotable(only) == only
    line = "Mending of clocks . . . . . . . . 12"
    text = f"{line}\nShe mends clocks."
    answers = ("Mending", "clocks.")
    made = candidates("Who?", read_hit(text, evidence=(1.0, 1.0), spans=(1.0, 1.0), answers=answers))
    assert [text[slice(*candidate.quoted)] for candidate in quotable(made)] == ["She mends clocks."]


def test_lead_is_over_the_best_other_answer():
    found = candidates("What does Anna mend?", read_hit(), read_hit(id="b.txt"))
    clocks = [candidate for candidate in found if candidate.text == "clocks"]
    other = next(candidate for candidate in found if candidate.text != "clocks")
    ranked = [(3.0, clocks[0]), (2.9, clocks[1]), (1.0, other)]
    hits = [read_hit().hit]
    known = dict(zip(CERTAINTY, certainty_features("What does Anna mend?", ranked, hits), strict=True))
    assert known["lead"] == pytest.approx(2.0)
    assert known["words_found"] == 1
    alone = dict(zip(CERTAINTY, certainty_features("What does Anna sell?", ranked[:1], hits), strict=True))
    assert alone["lead"] == MAX_LEAD
    assert alone["words_found"] == 0.5
