"""Loaders, a module for each suffix: `load(data, name)` reads the bytes of the file called `name`.

It yields the documents in the file, with their structure as blocks where the format marks it (see qa.ingest.blocks), and
a `Remark` for whatever it leaves out.
"""
