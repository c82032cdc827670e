"""The HTML of each part of the page."""
