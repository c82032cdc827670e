"""Ask questions about documents; get answers in the documents' own words, each traceable to its place."""

from qa.assistant import Assistant, ask
from qa.errors import QAError
from qa.types import Answer, Citation, Document, Hit, Passage

__all__ = ["Answer", "Assistant", "Citation", "Document", "Hit", "Passage", "QAError", "ask"]
