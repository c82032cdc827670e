"""Ask questions about documents; get answers in the documents' own words, each traceable to its place."""

from qa.assistant import Assistant, ask
from qa.errors import QAError
from qa.types import Answer, Citation, Document, Hit, Passage

__all__ = ["Answer", "Assistant", "Citation", "Document", "Hit", "Passage", "QAError", "ask"]


def __getattr__(name: str) -> str:
    """Look up `__version__` only when asked for it; reading the metadata would slow down every import."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import metadata

    try:
        return metadata.version("cited-qa")
    except metadata.PackageNotFoundError:
        return "unknown (not installed)"
