"""What the loaders of word processing and slides share: runs of text, lists, tables, titles, and each format's walk."""
