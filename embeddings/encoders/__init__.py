"""One module for each encoder."""
