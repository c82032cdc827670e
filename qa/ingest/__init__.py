"""From files to documents to passages in a corpus."""
