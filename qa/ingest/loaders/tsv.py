"""Tables with tabs between their cells."""

from qa.loaders.csv import load as load
