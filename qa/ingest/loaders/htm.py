"""Load web pages with the older suffix .htm."""

from qa.ingest.loaders.html import load as load
