"""Train the large reader: where the answer is, which sentences are evidence, and whether a statement is supported."""
