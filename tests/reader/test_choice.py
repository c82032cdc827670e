"""The features that sentences are chosen by."""

from dataclasses import replace

import numpy as np
import pytest

from qa.reader.choice import FEATURES, ReadHit, sentence_candidates
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
    return ReadHit(hit, about.get("rank", 0), PassageReading(tuple(read), 2.5, (0.7, 0.1, 0.2)))


def candidates(question, *read):
    return sentence_candidates(question, read, [place.hit for place in read])


def named(candidate):
    return dict(zip(FEATURES, candidate.features, strict=True))


def test_each_sentence_is_a_candidate_with_what_is_known_of_it():
    found = candidates("What does Anna mend?", read_hit(rank=3, context="Anna's shop"))
    assert [TEXT[slice(*candidate.quoted)] for candidate in found] == ["Anna lives in Oslo.", "She mends clocks."]
    second = named(found[1])
    assert second["evidence_probability"] == pytest.approx(1 / (1 + np.exp(-2.0)))
    assert second["span"] == pytest.approx(0.3)
    assert second["passage_cosine"] == pytest.approx(0.5)
    assert second["rank"] == pytest.approx(np.log(4))
    assert second["words_in_sentence"] < 1 == second["words_in_passage"]
    assert second["words_above"] > 0


def test_sure_span_is_the_answer_else_the_sentence_is():
    first, second = candidates("What does Anna mend?", read_hit())
    assert (second.text, TEXT[slice(*second.span)]) == ("clocks", "clocks")
    assert (first.text, TEXT[slice(*first.span)]) == ("Anna lives in Oslo.", "Oslo")


def test_stance_counts_for_yes_or_no_questions_only():
    assert named(candidates("Does Anna mend clocks?", read_hit())[1])["undecided"] == 0.2
    assert named(candidates("What does Anna mend?", read_hit())[1])["undecided"] == 0


def test_neighbouring_passages_give_a_sentence_once():
    found = candidates("What does Anna mend?", read_hit(), read_hit(evidence=(1.0, 3.0, 0.0)))
    probabilities = [named(candidate)["evidence_probability"] for candidate in found]
    assert probabilities == pytest.approx([1 / (1 + np.exp(-1.0)), 1 / (1 + np.exp(-3.0))])


def test_questions_and_contents_lines_are_not_quoted():
    only = candidates("Who?", read_hit("Who mends clocks?", evidence=(1.0,), spans=(1.0,), answers=("clocks",)))
    assert len(only) == 1  # there is nothing else
    line = "Mending of clocks . . . . . . . . 12"
    text = f"{line}\nShe mends clocks."
    answers = ("Mending", "clocks.")
    made = candidates("Who?", read_hit(text, evidence=(1.0, 1.0), spans=(1.0, 1.0), answers=answers))
    assert [text[slice(*candidate.quoted)] for candidate in made] == ["She mends clocks."]


def test_line_without_an_end_is_like_a_heading_when_it_is_short_or_first():
    clause = "the clocks that " * 3 + "she mends"
    for text, heading in (("Clocks", 1), ("Clocks.", 0), (clause, 1), (f"{clause}.", 0), (f"It is so.\n{clause}", 0)):
        same = (1.0,) * len(sentence_spans(text))
        made = candidates("What?", read_hit(text, evidence=same, spans=same, answers=["s"] * len(same)))
        assert named(made[-1])["like_a_heading"] == heading


def test_hit_of_a_named_document_counts():
    hit = read_hit()
    assert named(candidates("What?", hit)[0])["named"] == 0
    assert named(candidates("What?", replace(hit, hit=replace(hit.hit, named=True)))[0])["named"] == 1
