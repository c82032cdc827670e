"""One module for each suffix: `load(data, name)` yields the documents in a file's bytes."""
