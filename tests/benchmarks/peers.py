"""Index and ask the same documents with other tools, over the same weights, set up as their documentation says."""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from material import articles as texts_of
from material import forget_corpora, home_of_its_own
from measure import Figure, in_turns, times_as_fast

from embeddings import load_encoder
from embeddings.models import MINILM
from qa import Assistant

ARTICLES = 60
QUESTIONS = ("Who shrugged his shoulders?", "When was the meeting held?", "What did NATO say about guarantees?")

SETTINGS = {
    "txtai": "Embeddings(path=MODEL, content=True, hybrid=True), its Segmentation(sentences=True)",
    "langchain": "RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings, FAISS.from_texts, k=4",
    "llama_index": "SentenceSplitter() and VectorStoreIndex with their defaults, HuggingFaceEmbedding",
}


def measure(articles: Path | None, rounds: int) -> Iterator[Figure]:
    """Each of the tools that is installed; pip install '.[bench]' installs them."""
    texts = texts_of(articles, ARTICLES)
    with home_of_its_own() as home:
        yield from _beside_each(texts, home, rounds)


def _beside_each(texts: Sequence[str], home: Path, rounds: int) -> Iterator[Figure]:
    encoder = load_encoder()

    def ours() -> None:
        forget_corpora(home)
        with tempfile.TemporaryDirectory() as folder:
            for number, text in enumerate(texts):
                Path(folder, f"{number}.txt").write_text(text, "utf-8")
            with Assistant.open(folder, encoder=encoder) as assistant:
                for question in QUESTIONS:
                    assistant.search(question)

    for name, theirs in PEERS.items():
        try:
            work = theirs(str(MINILM.path()))
        except ImportError as error:
            print(f"{name}: not installed ({error.name}); type: pip install '.[bench]'")
            continue
        pairs = in_turns(ours, partial(work, texts), rounds)
        yield times_as_fast(
            f"{ARTICLES} articles indexed and 3 questions searched, beside {name}", pairs, note=SETTINGS[name]
        )


Peer = Callable[[Sequence[str]], object]


def txtai(model: str) -> Peer:
    """Its embeddings database, with what it calls hybrid search.

    It would download what splits sentences, NLTK's; llama_index, which is installed beside it, carries the same.
    """
    import llama_index.core

    os.environ.setdefault("NLTK_DATA", str(Path(llama_index.core.__file__).parent / "_static/nltk_cache"))
    from txtai import Embeddings
    from txtai.pipeline import Segmentation

    def work(texts: Sequence[str]) -> None:
        paragraphs = Segmentation(sentences=True)
        index = Embeddings(path=model, content=True, hybrid=True)
        index.index(part for text in texts for part in paragraphs(text))
        for question in QUESTIONS:
            index.search(question, 10)

    return work


def langchain(model: str) -> Peer:
    """Its splitter and its FAISS store."""
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    embedding = HuggingFaceEmbeddings(model_name=model)

    def work(texts: Sequence[str]) -> None:
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        store = FAISS.from_texts([part for text in texts for part in splitter.split_text(text)], embedding)
        for question in QUESTIONS:
            store.similarity_search(question, k=4)

    return work


def llama_index(model: str) -> Peer:
    """Its index in memory."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    embedding = HuggingFaceEmbedding(model_name=model)

    def work(texts: Sequence[str]) -> None:
        documents = [Document(text=text) for text in texts]
        index = VectorStoreIndex.from_documents(documents, embed_model=embedding, transformations=[SentenceSplitter()])
        retriever = index.as_retriever(similarity_top_k=2)
        for question in QUESTIONS:
            retriever.retrieve(question)

    return work


PEERS: dict[str, Callable[[str], Peer]] = {"txtai": txtai, "langchain": langchain, "llama_index": llama_index}
