"""Conformance: check what every encoder, including future ones, must do."""

import json
import shutil

import numpy as np
import pytest

from embeddings import encoders
from embeddings.models import locate
from embeddings.plugins import find, names
from tests.support.encoders import encoder_named

STRANGE = {
    "empty": "",
    "blanks": " \n\t ",
    "control characters": "a\x00b\x07c\x1b[31md",
    "emoji": "👩‍👩‍👧‍👦 🇺🇳 ok",
    "combining": "e\u0301 Z\u0351\u036b\u0343",
    "right to left": "\u202eשלום עולם مرحبا",
    "lone surrogate": "half \ud83d a pair",
    "very long": "The talks went on. " * 5_000,
    "one long word": "x" * 20_000,
}


@pytest.fixture(scope="module", params=names(encoders))
def encoder(request):
    return encoder_named(request.param)


def test_passages_are_contiguous_float32_unit_rows(encoder):
    vectors = encoder.embed_passages(["Anna mends clocks.", "Boris sails.", "Clara bakes."])
    assert vectors.shape == (3, encoder.dimension)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_question_is_one_unit_vector(encoder):
    vector = encoder.embed_query("Who mends clocks?")
    assert (vector.shape, vector.dtype, vector.flags.c_contiguous) == ((encoder.dimension,), np.float32, True)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_same_text_gives_the_same_vector(encoder):
    assert np.array_equal(encoder.embed_passages(["Anna."]), encoder.embed_passages(["Anna."]))
    assert np.array_equal(encoder.embed_query("Anna?"), encoder.embed_query("Anna?"))


def test_batch_equals_its_texts_one_by_one(encoder):
    texts = ["Anna mends clocks.", "B.", "Clara bakes rye bread every day but Sunday. " * 5]
    one_by_one = np.concatenate([encoder.embed_passages([text]) for text in texts])
    assert np.allclose(encoder.embed_passages(texts), one_by_one, atol=1e-5)


def test_nearest_passage_has_the_question_s_meaning(encoder):
    vectors = encoder.embed_passages(["Boris sails a boat.", "Anna mends clocks.", "Clara bakes bread."])
    assert (vectors @ encoder.embed_query("Who mends clocks?")).argmax() == 1


def test_no_passages_give_no_rows(encoder):
    assert encoder.embed_passages([]).shape == (0, encoder.dimension)


def test_str_instead_of_a_list_is_refused(encoder):
    with pytest.raises(TypeError):
        encoder.embed_passages("Anna mends clocks.")


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_any_text_is_embedded(encoder, text):
    for vector in (encoder.embed_passages([text])[0], encoder.embed_query(text)):
        assert np.isfinite(vector).all()
        assert np.linalg.norm(vector) <= 1 + 1e-5


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_token_spans_are_offsets_into_the_text_in_order(encoder, text):
    spans = encoder.token_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


def test_tokens_cover_plain_text(encoder):
    text = "Anna mends clocks, in Oslo."
    covered = {place for start, end in encoder.token_spans(text) for place in range(start, end)}
    assert covered == {place for place, c in enumerate(text) if not c.isspace()}


def test_text_beyond_max_tokens_is_not_read(encoder):
    text = "clock " * encoder.max_tokens
    assert len(encoder.token_spans(text)) == encoder.max_tokens
    within = encoder.embed_passages([text, text + "boat " * 50])
    assert np.allclose(within[0], within[1], atol=1e-5)
    assert not np.allclose(within[0], encoder.embed_passages([text[6:] + "boat"])[0], atol=1e-4)


@pytest.mark.parametrize("name", names(encoders))
def test_two_instances_have_one_fingerprint(name):
    assert find(encoders, name).create(None).fingerprint == encoder_named(name).fingerprint


def test_fingerprints_differ_between_encoders():
    every = [encoder_named(name).fingerprint for name in names(encoders)]
    assert len(set(every)) == len(every)


def test_reference_encoder_equals_the_library():
    from sentence_transformers import SentenceTransformer

    texts = ["Anna mends clocks.", "Mr. Blinken shrugged. " * 200, "", "Привет, мир"]
    library = SentenceTransformer(str(locate(None)), device="cpu", local_files_only=True)
    plain = library.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    reference = encoder_named("sentence_transformer")
    assert np.allclose(reference.embed_passages(texts), plain, atol=1e-5)
    assert np.allclose(reference.embed_query(texts[0]), plain[0], atol=1e-5)


def test_hashing_does_not_depend_on_the_process():
    vector = find(encoders, "hashing").create().embed_query("clock")
    # The last number is always 1; BLAKE2b gives the index of the word.
    assert np.flatnonzero(vector).tolist() == [170, 255]


def test_default_model_has_the_published_dimensions(minilm):
    assert (minilm.name, minilm.dimension, minilm.max_tokens) == ("all-MiniLM-L6-v2", 384, 254)


# The OpenVINO encoder, against the library.

TEXTS = [
    "Anna mends clocks.",
    "B.",
    "",
    "Привет, мир",
    "Mr. Blinken shrugged. " * 200,
    "half \ud83d a pair",
    "x" * 5_000,
]


def assert_as_the_library(encoder, library, texts=TEXTS, least=0.999):
    """Check that both give the same directions, for passages and for questions."""
    spoken = [text.encode("utf-8", "replace").decode() for text in texts]
    passages = library.encode_document(spoken, normalize_embeddings=True, show_progress_bar=False)
    assert (encoder.embed_passages(texts) * passages).sum(axis=1).min() >= least
    questions = library.encode_query(spoken, normalize_embeddings=True, show_progress_bar=False)
    for text, wanted in zip(texts, questions, strict=True):
        assert encoder.embed_query(text) @ wanted >= least


def library_at(folder):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def test_openvino_equals_the_library():
    assert_as_the_library(encoder_named("openvino"), library_at(locate(None)))


def test_openvino_has_the_reference_s_tokens_and_lengths():
    fast, reference = encoder_named("openvino"), encoder_named("sentence_transformer")
    assert (fast.name, fast.dimension, fast.max_tokens) == (reference.name, reference.dimension, reference.max_tokens)
    for text in STRANGE.values():
        assert fast.token_spans(text) == reference.token_spans(text)


@pytest.fixture
def copied(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(locate(None), folder)
    return folder


def changed(file, **values):
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | values), "utf-8")


def test_other_pooling_is_used(copied):
    pooling = next(copied.glob("*_Pooling/config.json"))
    changed(pooling, pooling_mode="cls", pooling_mode_mean_tokens=False, pooling_mode_cls_token=True)
    made = find(encoders, "openvino").create(str(copied))
    assert_as_the_library(made, library_at(copied))
    default = encoder_named("openvino")
    assert made.embed_query(TEXTS[0]) @ default.embed_query(TEXTS[0]) < 0.99
    assert made.fingerprint != default.fingerprint


def test_prompts_and_shorter_length_are_used(copied):
    prompts = {"query": "question of a reader: ", "document": "passage of a report: "}
    changed(copied / "config_sentence_transformers.json", prompts=prompts)
    changed(copied / "sentence_bert_config.json", max_seq_length=64)
    made = find(encoders, "openvino").create(str(copied))
    library = library_at(copied)
    assert library.max_seq_length == 64
    assert_as_the_library(made, library)
    assert made.max_tokens == find(encoders, "sentence_transformer").create(str(copied)).max_tokens < 64
    assert made.embed_query(TEXTS[0]) @ made.embed_passages(TEXTS[:1])[0] < 0.99


def test_default_prompt_is_used_like_the_library_does(copied):
    config = {"prompts": {"any": "in other words: "}, "default_prompt_name": "any"}
    changed(copied / "config_sentence_transformers.json", **config)
    made = find(encoders, "openvino").create(str(copied))
    assert_as_the_library(made, library_at(copied))
