"""The extractive reader: it takes a question and a passage, and returns the answering spans with their scores."""
