"""Check that the fast encoder equals the library for other architectures and languages, and that answers are found.

Small models with random weights are made here, in the hub's layout. Their vectors mean nothing, but they show how
tokens, masks, positions and poolings are handled.
"""

import pytest

from embeddings import encoders
from embeddings.plugins import find
from qa import Assistant
from tests.embeddings.encoders.test_conformance import assert_as_the_library, library_at

REPORTS = {
    "moskau.txt": "Встреча в Женеве\n\nЛавров и Блинкен встретились в пятницу. Переговоры длились полтора часа.",
    "bern.txt": "Ein Treffen\n\nMinister trafen sich in Genf. Der Fluss trat über das Ufer. Niemand wurde verletzt.",
    "beijing.txt": "会谈\n\n外长在日内瓦会晤。会谈持续了九十分钟。没有签署任何文件。",
    "doha.txt": "اللقاء\n\nالتقى الوزيران في جنيف يوم الجمعة. استمرت المحادثات تسعين دقيقة.",
}
TEXTS = [*REPORTS.values(), "", "?", "Mr. Blinken shrugged. " * 60, "👩‍🔧 x"]


def tokenizer_of(kind):
    """Train a fast tokenizer like that of XLM-RoBERTa and MPNet (<s>, no types), or of BERT and DistilBERT."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    begin, end, pad, unknown = (
        ("<s>", "</s>", "<pad>", "<unk>") if kind == "piece" else ("[CLS]", "[SEP]", "[PAD]", "[UNK]")
    )
    if kind == "piece":
        made = Tokenizer(models.Unigram())
        made.normalizer, made.pre_tokenizer = normalizers.NFKC(), pre_tokenizers.Metaspace()
        trainer = trainers.UnigramTrainer(vocab_size=300, special_tokens=[begin, pad, end, unknown], unk_token=unknown)
    else:
        made = Tokenizer(models.WordPiece(unk_token=unknown))
        made.normalizer, made.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=300, special_tokens=[pad, unknown, begin, end])
    made.train_from_iterator([*REPORTS.values(), "Mr. Blinken shrugged."], trainer)
    ids = {token: made.token_to_id(token) for token in (begin, end)}
    made.post_processor = processors.TemplateProcessing(
        f"{begin} $A {end}", f"{begin} $A {end} $B {end}", list(ids.items())
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=made, bos_token=begin, cls_token=begin, eos_token=end, sep_token=end, pad_token=pad,
        unk_token=unknown, model_max_length=128,
        model_input_names=["input_ids", "attention_mask", *(["token_type_ids"] if kind == "bert" else [])],
    )  # fmt: skip


def model_at(folder, name):
    """Make a model of that architecture, saved as sentence-transformers saves it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import (
        BertConfig,
        BertModel,
        DistilBertConfig,
        DistilBertModel,
        MPNetConfig,
        MPNetModel,
        XLMRobertaConfig,
        XLMRobertaModel,
    )

    torch.manual_seed(1)
    common = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
    size = common | {"vocab_size": 300, "max_position_embeddings": 132}
    other = {"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 64, "vocab_size": 300}
    kind, model, pooling = {
        "xlm-roberta": ("piece", lambda: XLMRobertaModel(XLMRobertaConfig(**size)), "mean"),
        "mpnet": ("piece", lambda: MPNetModel(MPNetConfig(**size)), "mean"),
        "bert": ("bert", lambda: BertModel(BertConfig(**size)), "cls"),
        "distilbert": ("word", lambda: DistilBertModel(DistilBertConfig(**other)), "max"),
    }[name]
    bare = folder / "bare"
    model().save_pretrained(bare)
    tokenizer_of(kind).save_pretrained(bare)
    words = Transformer(str(bare), max_seq_length=128)
    whole = SentenceTransformer(modules=[words, Pooling(32, pooling_mode=pooling)], device="cpu")
    whole.save(str(folder / "model"))
    return folder / "model"


@pytest.mark.parametrize("name", ["xlm-roberta", "mpnet", "bert", "distilbert"])
def test_fast_encoder_equals_the_library(tmp_path, name):
    folder = model_at(tmp_path, name)
    made = find(encoders, "openvino").create(str(folder))
    assert_as_the_library(made, library_at(folder), TEXTS)
    assert made.token_spans(TEXTS[0]) == find(encoders, "sentence_transformer").create(str(folder)).token_spans(
        TEXTS[0]
    )


def test_fast_encoder_is_built_on_the_cpu(tmp_path, monkeypatch):
    folder = model_at(tmp_path, "bert")
    monkeypatch.setattr("sentence_transformers.base.model.get_device_name", lambda: "meta")  # as with a GPU
    assert find(encoders, "sentence_transformer").create(str(folder)).model.device.type == "meta"
    made = find(encoders, "openvino").create(str(folder))
    assert_as_the_library(made, library_at(folder), TEXTS)


def test_documents_in_many_languages_are_found(tmp_path):
    encoder = find(encoders, "openvino").create(str(model_at(tmp_path, "xlm-roberta")))
    reports = tmp_path / "reports"
    reports.mkdir()
    for name, text in REPORTS.items():
        (reports / name).write_text(text, "utf-8")
    with Assistant.open(reports, encoder=encoder, answerer="extractive", min_confidence=0) as opened:
        languages = {name: opened.document(name).language for name in REPORTS}
        assert languages == {"moskau.txt": "ru", "bern.txt": "de", "beijing.txt": "zh", "doha.txt": "ar"}
        for question, name, quote in (
            ("Сколько длились переговоры?", "moskau.txt", "Переговоры длились полтора часа."),
            ("Wer wurde verletzt?", "bern.txt", "Niemand wurde verletzt."),
        ):
            found = opened.ask(question).citations
            assert any(quote in citation.text and citation.document_id == name for citation in found)
        for text in REPORTS.values():
            for hit in opened.search(text[:20], 20):
                passage = hit.passage
                assert opened.document(passage.document_id).text[passage.start : passage.end] == passage.text
