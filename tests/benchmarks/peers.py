"""Index and search the same documents with other tools, over the same weights, set up as their documentation says."""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from figures import Figure, alternate, speedup
from sample_texts import articles as article_texts
from sample_texts import delete_corpora, temporary_home

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
    """Compare with each tool that is installed; pip install '.[bench]' installs them."""
    texts = article_texts(articles, ARTICLES)
    with temporary_home() as home:
        yield from _compare_each(texts, home, rounds)


def _compare_each(texts: Sequence[str], home: Path, rounds: int) -> Iterator[Figure]:
    encoder = load_encoder()

    def ours() -> None:
        delete_corpora(home)
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
        pairs = alternate(ours, partial(work, texts), rounds)
        yield speedup(
            f"{ARTICLES} articles indexed and 3 questions searched, against {name}", pairs, note=SETTINGS[name]
        )


Peer = Callable[[Sequence[str]], object]


def txtai(model: str) -> Peer:
    """Use its embeddings database with its hybrid search.

    It would download NLTK's sentence splitter; llama_index, which is installed with it, contains the same one.
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
    """Use its splitter and its FAISS store."""
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
    """Use its index in memory."""
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
