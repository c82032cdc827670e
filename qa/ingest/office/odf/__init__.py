"""Read OpenDocument files: styles, lists, runs of text, and the body that they make."""
