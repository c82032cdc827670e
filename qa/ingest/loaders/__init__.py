"""Loaders, a module for each suffix: `load(data, name)` yields the documents in the bytes of the file called `name`."""
