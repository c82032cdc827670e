"""The extractive reader: a question and a passage in, the span that answers and how sure it is out."""
