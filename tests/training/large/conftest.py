"""A tiny MPNet, so that training the large reader costs little, and small files of every kind of evidence."""

import json

import pytest
import torch
from transformers import MPNetConfig, MPNetModel

from embeddings.models import MINILM
from qa.reader.network import Dimensions
from tests.support.squad_files import made

SIZE = Dimensions(2, 32, 2, 64, outputs=7, epsilon=1e-5, distance_buckets=32)


@pytest.fixture(scope="session")
def tiny_mpnet(tmp_path_factory):
    """Write a random MPNet of SIZE that has the reader's tokens under MPNet's names and numbers."""
    folder = tmp_path_factory.mktemp("tiny-mpnet")
    torch.manual_seed(3)
    config = MPNetConfig(
        vocab_size=30_527, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    MPNetModel(config).save_pretrained(folder)
    given = json.loads((MINILM.path() / "tokenizer.json").read_text("utf-8"))
    moved = {"<s>": 0, "<pad>": 1, "</s>": 2, "<mask>": 3}
    given["model"]["vocab"] = moved | {token: id + 4 for token, id in given["model"]["vocab"].items()}
    given["added_tokens"] = []
    (folder / "tokenizer.json").write_text(json.dumps(given), "utf-8")
    return folder


def write_lines(file, *lines):
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


CONTRACT = (
    "LEASE OF A HOUSE\nThe tenant shall not keep dogs in the house. The rent is 940 euros a month. "
    "The landlord may enter the house after a day's notice. Disputes go to the court of Bern."
)
MEETING = (
    "Anna: The lamp is too dim for the hall.\nBoris: Yeah.\n"
    "Anna: We should buy a brighter lamp next week.\nBoris: Fine."
)


def span_of(text, part):
    start = text.index(part)
    return [start, start + len(part)]


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """Write a folder with questions and all kinds of evidence."""
    folder = made(tmp_path_factory.mktemp("large") / "data", 60)
    evidence = folder / "evidence"
    evidence.mkdir()
    claim = "The bridge of Bern was built before 1850 ."
    write_lines(
        evidence / "claims_vitaminc.jsonl",
        {"claim": claim, "evidence": "The bridge of Bern was built in 1840 .", "label": "SUPPORTS", "page": "Bern"},
        {"claim": claim, "evidence": "The bridge of Bern was built in 1870 .", "label": "REFUTES", "page": "Bern"},
        {"claim": claim, "evidence": "The bridge is old ( and red ) .", "label": "NOT ENOUGH INFO", "page": "Bern"},
    )
    write_lines(evidence / "contracts_documents.jsonl", {"id": "lease", "text": CONTRACT})
    write_lines(
        evidence / "contracts_statements.jsonl",
        {
            "document": "lease",
            "statement": "Tenant may keep dogs.",
            "label": "REFUTES",
            "spans": [span_of(CONTRACT, "The tenant shall not keep dogs in the house.")],
        },
        {"document": "lease", "statement": "Tenant shall paint the walls.", "label": "NOT ENOUGH INFO", "spans": []},
    )
    write_lines(evidence / "meetings_documents.jsonl", {"id": "hall", "text": MEETING})
    write_lines(
        evidence / "meetings_questions.jsonl",
        {
            "document": "hall",
            "question": "What should be bought?",
            "answer": "A lamp.",
            "spans": [span_of(MEETING, "Boris: Yeah.\nAnna: We should buy a brighter lamp next week.")],
        },
    )
    write_lines(
        evidence / "evidence_selqa_trecqa.jsonl",
        {
            "question": "What is yeast used in?",
            "sentences": ["Yeast is a fungus.", "It is used in baking.", "Bread rises."],
            "positive": [1],
            "title": "Yeast",
            "section": "Uses",
        },
    )
    write_lines(
        evidence / "evidence_wice.jsonl",
        {
            "claim": "The couple married in 2012.",
            "sentences": ["Menu", "They wed in 2012.", "They live in York."],
            "positive_sets": [[1], [1, 2]],
            "label": "supported",
        },
    )
    write_lines(
        evidence / "questions_manuals.jsonl",
        {"question": "How do I save?", "passage": "Open the menu. Press the save button.", "start": 15, "end": 37},
    )
    write_lines(
        evidence / "pairs_boolq.jsonl",
        {"question": "is bern a city", "positive": "Bern -- Bern is a city on the Aare.", "yes": True},
        {"question": "is bern a river", "positive": "Bern -- Bern is a city on the Aare.", "yes": False},
        {"question": "is bern old", "positive": "Bern -- Bern is a city."},
    )
    write_lines(
        evidence / "pairs_bioasq.jsonl",
        {"question": "What lowers fever?", "positive": "Aspirin lowers fever."},
        {"question": "What is a rash?", "positive": "A rash is red skin."},
        {"question": "What is a cough?", "positive": "A cough is a reflex."},
    )
    table = {
        "header": ["Year", "Winner", "Score"],
        "rows": [["1990", "Bern", "3"], ["1991", "Basel", "2"], ["1992", "Chur", ""]],
    }
    write_lines(
        evidence / "tables_cells_feta.jsonl",
        {"question": "Who won in 1991?", "title": "Cup", "caption": "Winners", "cells": [[1, 0], [1, 1]], **table},
    )
    write_lines(
        evidence / "tables_lookup_wtq.jsonl",
        {"question": "who won in 1990?", "row": 0, "column": 1, "answer": "Bern", **table},
    )
    return folder
