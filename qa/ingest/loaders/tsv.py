"""Load tables whose cells are separated by tabs."""

from qa.ingest.loaders.csv import load as load
