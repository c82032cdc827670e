"""Web pages under the older suffix."""

from qa.loaders.html import load as load
