"""Web pages under the older suffix."""

from qa.ingest.loaders.html import load as load
