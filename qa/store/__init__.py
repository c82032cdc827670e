"""A corpus on disk: documents, passages, vectors and the checks on them."""
