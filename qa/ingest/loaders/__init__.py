"""Loaders, a module for each format: `load(data, name)` reads the bytes of the file called `name`.

It yields the documents in the file, with their structure as blocks where the format marks it (qa.ingest.blocks), and a
`Remark` for whatever it leaves out.
"""
