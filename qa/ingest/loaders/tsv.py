"""Tables with tabs between their cells."""

from qa.ingest.loaders.csv import load as load
